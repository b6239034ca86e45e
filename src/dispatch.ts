import { dispatchOutbox } from './delivery/outbox.job.ts'
import type { Env } from './env.ts'
import { logError } from './log.ts'
import { announceEvents } from './webhooks/announce.job.ts'

/** Sends out what has been asked for so far: what happened is announced, and every effect that is due begins. */
export async function dispatch(env: Env, now: number): Promise<void> {
  // Mails and charges do not wait for what keeps an announcement from being made.
  await announceEvents(env, now).catch((error) => logError(error, { job: 'announceEvents' }))
  await dispatchOutbox(env, now)
}
