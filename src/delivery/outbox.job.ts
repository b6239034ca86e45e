import type { Env, OutboxNotice } from '../env.ts'
import { errorText } from '../kernel/error-text.ts'
import { logError } from '../log.ts'
import { openDb } from '../storage/db.store.ts'
import { type Effects, TryLater } from './effect.ts'
import { claimAttempt, leaseDue, markDone, markFailed } from './outbox.store.ts'
import { ATTEMPTS_MAX, backoffMs } from './outbox.ts'

/** What an effect is given. */
export type EffectContext = { env: Env; db: ReturnType<typeof openDb>; now: number }

/** A queue message that is not answered for within this time is taken for lost, and its row is sent again. */
const LEASE_MS = 5 * 60_000
const PAGE = 100
const PAGES_MAX = 20
const ERROR_TEXT_MAX = 500

/** Sends a queue message for every outbox row that is due. A message lost on the way only delays. */
export async function dispatchOutbox(env: Env, now: number): Promise<void> {
  const db = openDb(env.DB)
  for (let page = 0; page < PAGES_MAX; page++) {
    const notices = await leaseDue(db, now, now + LEASE_MS, PAGE)
    if (notices.length === 0) return
    await Promise.all([
      notify(
        env.OUTBOX,
        notices.filter(({ topic }) => topic !== 'webhook'),
      ),
      notify(
        env.WEBHOOKS,
        notices.filter(({ topic }) => topic === 'webhook'),
      ),
    ])
    if (notices.length < PAGE) return
  }
}

/** What goes to others' software has a queue of its own: a receiver that is slow holds up no mail and no charge. */
async function notify(queue: Queue<OutboxNotice>, notices: readonly OutboxNotice[]): Promise<void> {
  if (notices.length === 0) return
  await queue.sendBatch(notices.map(({ outboxId, attempt }) => ({ body: { outboxId, attempt } })))
}

/** Carries out one attempt at one row. Failure is noted and tried again later; after the last attempt it is parked. */
export async function deliver(
  context: EffectContext,
  effects: Effects<EffectContext>,
  { outboxId, attempt }: OutboxNotice,
): Promise<void> {
  const { db, now } = context
  const row = await claimAttempt(db, outboxId, attempt)
  if (!row) return
  try {
    // The topic of a row and the type of its payload belong together; a table cannot say so.
    const effect = effects[row.topic] as (context: EffectContext, payload: unknown) => Promise<void>
    await effect(context, row.payload)
    await markDone(db, outboxId, now)
  } catch (error) {
    const text = errorText(error).message.slice(0, ERROR_TEXT_MAX)
    if (error instanceof TryLater) return void (await markFailed(db, outboxId, text, error))
    logError(error, { outboxId, topic: row.topic, attempt: row.attempts })
    const next = row.attempts >= ATTEMPTS_MAX ? 'parked' : { dueAt: now + backoffMs(row.attempts) }
    await markFailed(db, outboxId, text, next)
  }
}
