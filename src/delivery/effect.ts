import type { OutboxMessage } from './outbox.ts'

/** Carries out the message of one topic. It may be called again for the same message: it must then change nothing. */
export type Effect<Context, Topic extends OutboxMessage['topic']> = (
  context: Context,
  payload: Extract<OutboxMessage, { topic: Topic }>['payload'],
) => Promise<void>

/** One effect for each topic; put together in src/effects.ts, where every room can be seen. */
export type Effects<Context> = { [Topic in OutboxMessage['topic']]: Effect<Context, Topic> }
