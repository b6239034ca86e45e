import type { Instant } from '../kernel/calendar.ts'
import { type Paged, paged } from '../kernel/page.ts'
import { addToBuckets } from './bucket.store.ts'
import { bucketOf, mergeCells } from './bucket.ts'
import type { BillingLookup } from './meter-calendar.ts'
import { readQuantity } from './quantity.ts'
import { markLate } from './seal.store.ts'
import { noteSightings } from './sighting.store.ts'
import type { UsageEvent } from './usage-event.ts'
import { judge, type Verdict } from './verdict.ts'

export type Recorded = {
  verdicts: Verdict[]
  /** How many were counted. */
  accepted: number
  /** How many customers and products were heard of for the first time. */
  sightings: number
}

/**
 * Judges events in their order, and keeps the accepted ones: dedupe key, raw event, running totals, and what follows
 * from them. Belongs inside one transaction, so that none of these ever exists without the others.
 */
export function recordEvents(
  sql: SqlStorage,
  events: readonly UsageEvent[],
  billing: BillingLookup,
  now: Instant,
): Recorded {
  const accepted: UsageEvent[] = []
  const verdicts = events.map((event) => {
    const verdict = judge(event, knownHash(sql, event.eventId), billing)
    if (verdict.outcome === 'accepted') {
      keepEvent(sql, event, now)
      accepted.push(event)
    }
    return verdict
  })
  const cells = mergeCells(
    accepted.map((event) => ({
      productRef: event.productRef,
      at: bucketOf(event.occurredAt),
      quantity: readQuantity(event.quantity),
      events: 1,
    })),
  )
  addToBuckets(sql, cells)
  markLate(sql, cells)
  return { verdicts, accepted: accepted.length, sightings: noteSightings(sql, accepted, now) }
}

function knownHash(sql: SqlStorage, eventId: string): string | undefined {
  const [key] = sql.exec<{ content_hash: string }>(
    'SELECT content_hash FROM event_keys WHERE event_id = ?',
    eventId,
  )
  return key?.content_hash
}

function keepEvent(sql: SqlStorage, event: UsageEvent, now: Instant): void {
  sql.exec('INSERT INTO event_keys (event_id, content_hash) VALUES (?, ?)', event.eventId, event.contentHash)
  sql.exec(
    `INSERT INTO raw_events (event_id, product_ref, occurred_at, quantity, body, received_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    event.eventId,
    event.productRef,
    event.occurredAt,
    event.quantity,
    event.body,
    now,
  )
}

/** Where a list goes on: after this event, towards older ones. */
export type EventPlace = { occurredAt: Instant; seq: number }

export type EventQuery = {
  productRef?: string | undefined
  from?: Instant | undefined
  to?: Instant | undefined
  limit: number
  after?: EventPlace | undefined
}

/** An accepted event; `body` is its JSON as it was sent. */
export type StoredEvent = { eventId: string; receivedAt: Instant; body: string }

type EventRow = { seq: number; event_id: string; occurred_at: number; body: string; received_at: number }

/** Accepted events, the latest timestamp first. */
export function listEvents(sql: SqlStorage, query: EventQuery): Paged<StoredEvent> {
  const { clause, bindings } = filterOf(query)
  const rows = sql
    .exec<EventRow>(
      `SELECT seq, event_id, occurred_at, body, received_at FROM raw_events WHERE ${clause}
       ORDER BY occurred_at DESC, seq DESC LIMIT ?`,
      ...bindings,
      query.limit + 1,
    )
    .toArray()
  const page = paged(rows, query.limit, (row) => `${row.occurred_at}.${row.seq}`)
  return {
    rows: page.rows.map((row) => ({ eventId: row.event_id, receivedAt: row.received_at, body: row.body })),
    nextCursor: page.nextCursor,
  }
}

function filterOf({ productRef, from, to, after }: EventQuery) {
  const parts: { clause: string; bindings: (string | number)[] }[] = []
  if (productRef !== undefined) parts.push({ clause: 'product_ref = ?', bindings: [productRef] })
  if (from !== undefined) parts.push({ clause: 'occurred_at >= ?', bindings: [from] })
  if (to !== undefined) parts.push({ clause: 'occurred_at < ?', bindings: [to] })
  if (after) parts.push({ clause: '(occurred_at, seq) < (?, ?)', bindings: [after.occurredAt, after.seq] })
  return {
    clause: ['TRUE', ...parts.map((part) => part.clause)].join(' AND '),
    bindings: parts.flatMap((part) => part.bindings),
  }
}
