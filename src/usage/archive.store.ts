import { toIso } from '../kernel/calendar.ts'
import { sha256Hex } from '../kernel/hash.ts'
import { eventRef } from './usage-event.ts'

/** Bounds of one archive object, which is put together in a meter's memory. */
const SEGMENT_EVENTS_MAX = 10_000
const SEGMENT_CHARS_MAX = 4 * 1024 * 1024

/** A run of raw events that becomes one archive object. */
export type Segment = { sequence: number; firstSeq: number; lastSeq: number }

type SegmentRow = { sequence: number; first_seq: number; last_seq: number }

/**
 * The segment to archive next. Its bounds are stored before anything leaves, so that every attempt writes the same
 * object under the same name: even one that arrives late overwrites nothing with less.
 */
export function nextSegment(sql: SqlStorage): Segment | undefined {
  const [last] = sql.exec<SegmentRow & { archived: number }>(
    'SELECT sequence, first_seq, last_seq, archived FROM segments ORDER BY sequence DESC LIMIT 1',
  )
  const row = last?.archived === 0 ? last : openSegment(sql, last)
  return row && { sequence: row.sequence, firstSeq: row.first_seq, lastSeq: row.last_seq }
}

function openSegment(sql: SqlStorage, last: SegmentRow | undefined): SegmentRow | undefined {
  const [bounds] = sql.exec<{ first: number | null; last: number | null }>(
    `SELECT min(seq) AS first, max(seq) AS last FROM (
       SELECT seq, sum(length(body)) OVER (ORDER BY seq) AS chars
       FROM (SELECT seq, body FROM raw_events WHERE seq > ? ORDER BY seq LIMIT ?)
     ) WHERE chars <= ?`,
    last?.last_seq ?? 0,
    SEGMENT_EVENTS_MAX,
    SEGMENT_CHARS_MAX,
  )
  if (!bounds || bounds.first === null || bounds.last === null) return undefined
  const row = { sequence: (last?.sequence ?? 0) + 1, first_seq: bounds.first, last_seq: bounds.last }
  sql.exec(
    'INSERT INTO segments (sequence, first_seq, last_seq) VALUES (?, ?, ?)',
    row.sequence,
    row.first_seq,
    row.last_seq,
  )
  return row
}

export function markArchived(sql: SqlStorage, { sequence }: Segment): void {
  sql.exec('UPDATE segments SET archived = 1 WHERE sequence = ?', sequence)
}

/** Hashed, since a customer's reference may hold what the name of an object may not. */
export const segmentName = (customerRef: string, { sequence }: Segment): string =>
  `usage/${sha256Hex(customerRef).slice(0, 32)}/${String(sequence).padStart(10, '0')}.ndjson`

/** One line of JSON for each event: what we call it, when it came, and the event as it was sent. */
export const segmentText = (sql: SqlStorage, customerRef: string, segment: Segment): string =>
  Array.from(
    sql.exec<{ event_id: string; received_at: number; body: string }>(
      'SELECT event_id, received_at, body FROM raw_events WHERE seq BETWEEN ? AND ? ORDER BY seq',
      segment.firstSeq,
      segment.lastSeq,
    ),
    (row) =>
      `${JSON.stringify({
        event_ref: eventRef(customerRef, row.event_id),
        event_id: row.event_id,
        received_at: toIso(row.received_at),
      }).slice(0, -1)},"event":${row.body}}\n`,
  ).join('')
