import type { Instant } from '../kernel/calendar.ts'
import { add, type Rational } from '../kernel/rational.ts'

/** Totals are kept by the quarter of an hour: every time zone's midnights and full hours lie on one. */
export const BUCKET_MS = 15 * 60_000

/** What one product was used at one time: a whole bucket (at its start), or a single event beside whole buckets. */
export type Cell = { productRef: string; at: Instant; quantity: Rational; events: number }

/** The start of the bucket that an instant lies in. */
export const bucketOf = (at: Instant): Instant => at - (at % BUCKET_MS)

/** The first bucket start at or after an instant. */
export const bucketFrom = (at: Instant): Instant => bucketOf(at + BUCKET_MS - 1)

/** Adds cells of the same product and time together. */
export function mergeCells(cells: Iterable<Cell>): Cell[] {
  const merged = new Map<string, Cell>()
  for (const cell of cells) {
    const key = `${cell.at} ${cell.productRef}`
    const held = merged.get(key)
    merged.set(key, held ? joined(held, cell) : cell)
  }
  return [...merged.values()]
}

const joined = (a: Cell, b: Cell): Cell => ({
  ...a,
  quantity: add(a.quantity, b.quantity),
  events: a.events + b.events,
})
