import { currentTime } from './clock/clock.store.ts'
import { keepDeadLetter } from './delivery/dead-letter.store.ts'
import { deliver } from './delivery/outbox.job.ts'
import { dispatch } from './dispatch.ts'
import { effects } from './effects.ts'
import type { AccrualMessage, CycleMessage, Env, OutboxNotice } from './env.ts'
import { closeClaimed } from './invoicing/cycle/cycle.job.ts'
import { accrueRevenue } from './revenue/accrual/accrue.job.ts'
import { openDb } from './storage/db.store.ts'

/** Carries out queue messages. Each may come twice, late, or out of order. */
export async function consume(batch: MessageBatch<unknown>, env: Env): Promise<void> {
  const now = await currentTime(env)
  const db = openDb(env.DB)
  const carryOut = async (message: Message<unknown>) => {
    if (batch.queue === 'accrue-cycles') await takeOn(env, message.body as CycleMessage | AccrualMessage, now)
    else if (batch.queue === 'accrue-dead') await keepDeadLetter(db, message.id, message.body, now)
    else await deliver({ env, db, now }, effects, message.body as OutboxNotice)
    message.ack()
  }
  // Whoever receives webhooks may be slow: those of a batch do not wait for each other.
  if (batch.queue === 'accrue-webhooks') await Promise.all(batch.messages.map(carryOut))
  else for (const message of batch.messages) await carryOut(message)
  // What these messages asked for goes out at once rather than with the next tick.
  await dispatch(env, now)
}

const takeOn = (env: Env, message: CycleMessage | AccrualMessage, now: number): Promise<void> =>
  'claimToken' in message ? closeClaimed(env, message, now) : accrueRevenue(env, now)
