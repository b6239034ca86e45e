import type { Instant } from '../../kernel/calendar.ts'
import type { LoggedEvent } from './logged-event.ts'
import type { RawEvents } from './raw-events.store.ts'

/** Where a list goes on: after this event, towards older ones. */
export type EventPlace = { at: Instant; shard: number; number: number }

export type EventQuery = {
  productRef?: string | undefined
  from?: Instant | undefined
  to?: Instant | undefined
  limit: number
  after?: EventPlace | undefined
}

/** An accepted event as it counts by now. */
export type StoredEvent = EventPlace & {
  eventId: string
  receivedAt: Instant
  amended: boolean
  event: Record<string, unknown>
}

/** Up to `limit` events and one more, the latest timestamp first. */
export async function latestEvents(raw: RawEvents, shard: number, query: EventQuery): Promise<StoredEvent[]> {
  const { productRef, from = 0, to = Number.MAX_SAFE_INTEGER, after, limit } = query
  const end = after ? Math.min(to, after.at + 1) : to
  const isAsked = (event: StoredEvent & { productRef: string }): boolean =>
    event.at >= from &&
    event.at < to &&
    (productRef === undefined || event.productRef === productRef) &&
    (!after || comparePlaces(after, event) < 0)
  const stored = (event: LoggedEvent) => ({ ...event, shard, amended: event.amends !== undefined })
  const { events, numbers } = raw.revised()
  let found = events.map(stored).filter(isAsked).sort(comparePlaces)
  for (const source of raw.sources({ start: from, end })) {
    // What follows reaches no further than this source, so the page is complete.
    const last = found[limit]
    if (last && last.at > source.last_at) break
    found.push(...(await raw.counted(source, numbers)).map(stored).filter(isAsked))
    found = found.sort(comparePlaces).slice(0, limit + 1)
  }
  return found.slice(0, limit + 1).map(({ at, number, eventId, receivedAt, amended, event }) => ({
    at,
    shard,
    number,
    eventId,
    receivedAt,
    amended,
    event,
  }))
}

/** Below zero where `a` is listed before `b`. */
export const comparePlaces = (a: EventPlace, b: EventPlace): number =>
  b.at - a.at || a.shard - b.shard || b.number - a.number
