import { sql } from 'drizzle-orm'
import { countDueContracts, nextCloseAt } from '../contracts/due.store.ts'
import { nextCreditDueAt } from '../credits/credits.store.ts'
import { countPending, nextOutboxDueAt } from '../delivery/outbox.store.ts'
import type { Env } from '../env.ts'
import { Problem } from '../kernel/problem.ts'
import { recogniseRevenue } from '../revenue/recognition.job.ts'
import { type Db, openDb } from '../storage/db.store.ts'
import { tick } from '../tick.ts'
import { countUnannounced } from '../webhooks/unannounced.store.ts'
import { currentTime, setSandboxTime } from './clock.store.ts'

/** Moments that one call steps through at the most: ten years of daily cycles. */
const STEPS_MAX = 4_000
const POLL_MS = 15
/** Looks without any change after which the call gives up: some 15 seconds. */
const STILL_ROUNDS_MAX = 1_000
/** Looks between two ticks: a tick finds what a lost queue message has left. */
const TICK_ROUNDS = 50

export type Happened = {
  invoices: number
  mails: number
  payments: number
  journal_entries: number
  steps: number
}

/**
 * Moves the sandbox clock to `target`, stopping at every moment on the way at which something is due: the cron tick
 * runs there, and time goes on only when no contract, outbox row or queue message is left to do. Revenue needs no stops
 * of its own: each portion carries its date, whenever it is posted.
 */
export async function advanceTo(env: Env, target: number): Promise<Happened> {
  const db = openDb(env.DB)
  const before = await counts(db)
  let steps = 0
  for (; steps < STEPS_MAX; steps++) {
    const now = await currentTime(env)
    await settle(env, db)
    const next = await nextMoment(db, now)
    if (next === null || next > target) break
    await setSandboxTime(env, next)
  }
  await setSandboxTime(env, target)
  await settle(env, db)
  const after = await counts(db)
  return {
    invoices: after.invoices - before.invoices,
    mails: after.mails - before.mails,
    payments: after.payments - before.payments,
    journal_entries: after.journal_entries - before.journal_entries,
    steps,
  }
}

/** Ticks, then waits for the queues, until nothing is due any more, or nothing has moved for a while. */
async function settle(env: Env, db: Db): Promise<void> {
  let before = Number.NaN
  for (let still = 0; still < STILL_ROUNDS_MAX; still++) {
    const now = await currentTime(env)
    if (still % TICK_ROUNDS === 0) await tick(env, now)
    const left =
      (await countDueContracts(db, now)) + (await countPending(db, now)) + (await countUnannounced(db))
    // What the queues have just invoiced is to be recognised at this moment, not with the next one's tick.
    if (left === 0 && (await recogniseRevenue(env, now)) === 'done') return
    if (left !== before) still = 0
    before = left
    await scheduler.wait(POLL_MS)
  }
  throw new Problem(
    503,
    'sandbox_not_quiet',
    'Something due does not get done; the log of the Worker says why.',
  )
}

async function nextMoment(db: Db, now: number): Promise<number | null> {
  const moments = [await nextCloseAt(db), await nextOutboxDueAt(db), await nextCreditDueAt(db, now)]
  const ahead = moments.filter((moment): moment is number => moment !== null && moment > now)
  return ahead.length === 0 ? null : Math.min(...ahead)
}

const counts = async (db: Db): Promise<Omit<Happened, 'steps'>> =>
  db.get(sql`SELECT
    (SELECT count(*) FROM invoices) AS invoices,
    (SELECT count(*) FROM outbox WHERE state = 'done' AND topic LIKE '%_mail') AS mails,
    (SELECT count(*) FROM payments) AS payments,
    (SELECT count(*) FROM journal_entries) AS journal_entries`)
