import { invalidRequest } from '../http/router.http.ts'
import type { Instant } from '../kernel/calendar.ts'
import { eventBody } from './ingest.http.ts'
import { readPlainEvent } from './plain-event.ts'
import { type UsageEvent, usageEvent } from './usage-event.ts'

/**
 * Reads an event from the JSON that was sent. Throws a Problem that names every fault.
 *
 * @param fallbackId identifies an event that brings no `event_id`
 */
export const readEvent = (raw: unknown, now: Instant, fallbackId?: string | undefined): UsageEvent =>
  readPlainEvent(raw, now, fallbackId) ?? readCarefully(raw, now, fallbackId)

function readCarefully(raw: unknown, now: Instant, fallbackId: string | undefined): UsageEvent {
  const sent = eventBody.safeParse(raw)
  if (!sent.success) throw invalidRequest(sent.error)
  return usageEvent(sent.data, raw as Record<string, unknown>, now, fallbackId)
}
