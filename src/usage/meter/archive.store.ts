import type { Instant } from '../../kernel/calendar.ts'
import { sha256Hex } from '../../kernel/hash.ts'

/** So much of the log is worth an archive object at once; less may wait for a day. */
const FULL_BYTES = 4 * 1024 * 1024
const WAIT_MS = 24 * 60 * 60_000
/** Bounds of one archive object, which is put together in a meter's memory. */
const SEGMENT_BYTES_MAX = 4 * 1024 * 1024
const ROWS_AT_ONCE = 200

/** A run of rows of the log that becomes, or has become, one archive object. */
export type Segment = { firstNumber: number; lastNumber: number; archived: boolean }

type SegmentRow = { first_number: number; last_number: number; archived: number }

/** How much of the log waits for the archive, and since when. */
export const waitingForArchive = (sql: SqlStorage): { bytes: number; since: Instant | null } =>
  sql
    .exec<{ bytes: number; since: number | null }>(
      'SELECT ifnull(sum(octet_length(lines)), 0) AS bytes, min(received_at) AS since FROM log',
    )
    .one()

/** When the log is due for the archive, in real time; null when nothing is in it. */
export function archiveDueAt(sql: SqlStorage, realNow: Instant): Instant | null {
  const { bytes, since } = waitingForArchive(sql)
  if (since === null) return null
  return bytes >= FULL_BYTES ? realNow : since + WAIT_MS
}

/**
 * The segment to archive next. Its bounds are stored before anything leaves, so that every attempt writes the same
 * object under the same name: even one that arrives late overwrites nothing with less.
 */
export function nextSegment(sql: SqlStorage, savedTo: number): Segment | undefined {
  const [open] = sql.exec<SegmentRow>(
    'SELECT first_number, last_number, archived FROM segments WHERE archived = 0',
  )
  const row = open ?? openSegment(sql, savedTo)
  return row && { firstNumber: row.first_number, lastNumber: row.last_number, archived: row.archived === 1 }
}

function openSegment(sql: SqlStorage, savedTo: number): SegmentRow | undefined {
  const last = lastOfSegment(sql, savedTo)
  if (last === undefined) return undefined
  const [bounds] = sql.exec<SegmentRow>(
    `INSERT INTO segments (first_number, last_number, received_at, first_at, last_at)
     SELECT min(first_number), max(last_number), max(received_at), min(first_at), max(last_at)
     FROM log WHERE last_number <= ?
     RETURNING first_number, last_number, archived`,
    last,
  )
  return bounds
}

/** The last number of the rows that fill a segment, the oldest first. The log is read little further than that. */
function lastOfSegment(sql: SqlStorage, savedTo: number): number | undefined {
  let bytes = 0
  let last = 0
  while (bytes < SEGMENT_BYTES_MAX) {
    const rows = sizesAfter(sql, last, savedTo)
    if (rows.length === 0) break
    for (const row of rows) {
      if (bytes >= SEGMENT_BYTES_MAX) break
      bytes += row.bytes
      last = row.last_number
    }
  }
  return last === 0 ? undefined : last
}

const sizesAfter = (sql: SqlStorage, number: number, savedTo: number) =>
  sql
    .exec<{ last_number: number; bytes: number }>(
      `SELECT last_number, octet_length(lines) AS bytes FROM log
       WHERE first_number > ? AND last_number <= ? ORDER BY first_number LIMIT ?`,
      number,
      savedTo,
      ROWS_AT_ONCE,
    )
    .toArray()

/** The lines of a segment that is not archived yet. */
export const segmentText = (sql: SqlStorage, { firstNumber, lastNumber }: Segment): string =>
  Array.from(
    sql.exec<{ lines: string }>(
      'SELECT lines FROM log WHERE first_number BETWEEN ? AND ? ORDER BY first_number',
      firstNumber,
      lastNumber,
    ),
    ({ lines }) => lines,
  ).join('')

/** Notes that a segment is in the archive, and frees its rows. Belongs inside one transaction. */
export function markArchived(sql: SqlStorage, { firstNumber, lastNumber }: Segment): void {
  sql.exec('UPDATE segments SET archived = 1 WHERE first_number = ?', firstNumber)
  sql.exec('DELETE FROM log WHERE first_number BETWEEN ? AND ?', firstNumber, lastNumber)
}

/** Hashed, since a customer's reference may hold what the name of an archive object may not. */
export const segmentName = (meterName: string, firstNumber: number): string =>
  `usage/${sha256Hex(meterName).slice(0, 32)}/${String(firstNumber).padStart(12, '0')}.ndjson.gz`

export const compressed = (text: string): Promise<ArrayBuffer> =>
  new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer()

export const decompressed = (body: ReadableStream): Promise<string> =>
  new Response(body.pipeThrough(new DecompressionStream('gzip'))).text()
