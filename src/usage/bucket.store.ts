import { add } from '../kernel/rational.ts'
import { bucketFrom, bucketOf, type Cell } from './bucket.ts'
import type { Period } from './period.ts'
import { formatQuantity, readQuantity } from './quantity.ts'

type TotalRow = { product_ref: string; at: number; quantity: string; events: number }

/** Adds to the running totals; a cell lies at the start of its bucket. */
export function addToBuckets(sql: SqlStorage, cells: readonly Cell[]): void {
  for (const { productRef, at, quantity, events } of cells) {
    const [held] = sql.exec<{ quantity: string }>(
      'SELECT quantity FROM bucket_totals WHERE product_ref = ? AND bucket = ?',
      productRef,
      at,
    )
    // Decimals are added here: SQLite would add them as floats.
    const total = held ? add(readQuantity(held.quantity), quantity) : quantity
    sql.exec(
      `INSERT INTO bucket_totals (product_ref, bucket, quantity, events) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET quantity = excluded.quantity, events = events + excluded.events`,
      productRef,
      at,
      formatQuantity(total),
      events,
    )
  }
}

/**
 * What lies in a period: its whole buckets, and the single events beside them where an edge of the period cuts a
 * bucket. The period may be any; the sum is exact.
 */
export function cellsBetween(sql: SqlStorage, period: Period, productRef?: string | undefined): Cell[] {
  const whole = { start: bucketFrom(period.start), end: bucketOf(period.end) }
  if (whole.start >= whole.end) return eventCells(sql, period, productRef)
  return [
    ...eventCells(sql, { start: period.start, end: whole.start }, productRef),
    ...bucketCells(sql, whole, productRef),
    ...eventCells(sql, { start: whole.end, end: period.end }, productRef),
  ]
}

const bucketCells = (sql: SqlStorage, { start, end }: Period, productRef: string | undefined): Cell[] =>
  readCells(
    sql,
    `SELECT product_ref, bucket AS at, quantity, events FROM bucket_totals WHERE bucket >= ? AND bucket < ?`,
    [start, end],
    productRef,
  )

function eventCells(sql: SqlStorage, { start, end }: Period, productRef: string | undefined): Cell[] {
  if (start >= end) return []
  return readCells(
    sql,
    `SELECT product_ref, occurred_at AS at, quantity, 1 AS events FROM raw_events
     WHERE occurred_at >= ? AND occurred_at < ?`,
    [start, end],
    productRef,
  )
}

function readCells(
  sql: SqlStorage,
  select: string,
  bounds: number[],
  productRef: string | undefined,
): Cell[] {
  const rows =
    productRef === undefined
      ? sql.exec<TotalRow>(select, ...bounds)
      : sql.exec<TotalRow>(`${select} AND product_ref = ?`, ...bounds, productRef)
  return Array.from(rows, (row) => ({
    productRef: row.product_ref,
    at: row.at,
    quantity: readQuantity(row.quantity),
    events: row.events,
  }))
}
