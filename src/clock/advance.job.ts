import { sql } from 'drizzle-orm'
import { countDueContracts, nextCloseAt } from '../contracts/due.store.ts'
import { type Db, openDb } from '../db.ts'
import { countPending, nextOutboxDueAt } from '../delivery/outbox.store.ts'
import type { Env } from '../env.ts'
import { nextRevenueDueAt } from '../revenue/revenue.store.ts'
import { tick } from '../tick.ts'
import { currentTime, setSandboxTime } from './clock.store.ts'

/** Moments that one call steps through at the most: ten years of daily cycles. */
const STEPS_MAX = 4_000
const POLL_MS = 15
/** Real time that one moment may take before the call gives up waiting for it. */
const SETTLE_MS_MAX = 120_000

export type Happened = {
  invoices: number
  mails: number
  payments: number
  journal_entries: number
  steps: number
}

/**
 * Moves the sandbox clock to `target`, stopping at every moment on the way at which something is due: the cron tick
 * runs there, and time goes on only when no contract, outbox row or queue message is left to do.
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

/** Ticks, then waits for the queues, until nothing is due any more. */
async function settle(env: Env, db: Db): Promise<void> {
  const patience = Math.ceil(SETTLE_MS_MAX / POLL_MS)
  for (let round = 0; round < patience; round++) {
    const now = await currentTime(env)
    if (round % 20 === 0) await tick(env, now)
    const [contracts, messages] = [await countDueContracts(db, now), await countPending(db, now)]
    if (contracts + messages === 0) return
    await scheduler.wait(POLL_MS)
  }
}

async function nextMoment(db: Db, now: number): Promise<number | null> {
  const moments = [await nextCloseAt(db), await nextRevenueDueAt(db), await nextOutboxDueAt(db)]
  const ahead = moments.filter((moment): moment is number => moment !== null && moment > now)
  return ahead.length === 0 ? null : Math.min(...ahead)
}

const counts = async (db: Db): Promise<Omit<Happened, 'steps'>> =>
  db.get(sql`SELECT
    (SELECT count(*) FROM invoices) AS invoices,
    (SELECT count(*) FROM outbox WHERE state = 'done' AND topic LIKE '%_mail') AS mails,
    (SELECT count(*) FROM payments) AS payments,
    (SELECT count(*) FROM journal_entries) AS journal_entries`)
