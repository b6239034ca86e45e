import type { Instant } from '../kernel/calendar.ts'
import type { OutboxMessage } from './outbox.ts'

/** Carries out the message of one topic. It may be called again for the same message: it must then change nothing. */
export type Effect<Context, Topic extends OutboxMessage['topic']> = (
  context: Context,
  payload: Extract<OutboxMessage, { topic: Topic }>['payload'],
) => Promise<void>

/** One effect for each topic; put together in src/effects.ts, where every room can be seen. */
export type Effects<Context> = { [Topic in OutboxMessage['topic']]: Effect<Context, Topic> }

/** What an effect fails with that has a schedule of its own, in place of the back-off and the bound of the outbox. */
export class TryLater extends Error {
  override name = 'TryLater'
  constructor(
    readonly dueAt: Instant,
    reason: string,
  ) {
    super(reason)
  }
}
