import { recordEvents } from '../../src/usage/ingest.job.ts'
import { type EventBody, usageEvent } from '../../src/usage/usage-event.ts'
import { env } from './worker.ts'

/** An event as it would be sent, and as it is read. */
export function event(
  customer_ref: string,
  event_id: string,
  timestamp: string,
  quantity: string,
  more = {},
) {
  const raw = { customer_ref, event_id, timestamp, quantity, usage_product_ref: 'units', ...more }
  return usageEvent(raw as EventBody, raw, Date.parse('2030-01-01'))
}

/** Records events as the routes do, and answers the outcome of each. */
export async function record(
  now: number,
  ...events: ReturnType<typeof usageEvent>[]
): Promise<{ outcome: string; total: string | null | undefined }[]> {
  const recorded = await recordEvents(env, events, now)
  return recorded.map(({ verdict, shown }) => ({ outcome: verdict.outcome, total: shown?.cycleTotal }))
}
