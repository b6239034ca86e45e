import type { Instant } from '../kernel/calendar.ts'
import { add, type Rational } from '../kernel/rational.ts'
import { formatQuantity, readQuantity } from './quantity.ts'

/** Totals are kept by the quarter of an hour: every time zone's midnights and full hours lie on one. */
export const BUCKET_MS = 15 * 60_000

/** What one product was used at one time: a whole bucket (at its start), or a single event beside whole buckets. */
export type Cell = { productRef: string; at: Instant; quantity: Rational; events: number }

/** A cell as it is sent and stored; the quantity is decimal text. */
export type CellText = readonly [productRef: string, bucket: Instant, quantity: string, events: number]

/** The start of the bucket that an instant lies in. */
export const bucketOf = (at: Instant): Instant => at - (at % BUCKET_MS)

/** The first bucket start at or after an instant. */
export const bucketFrom = (at: Instant): Instant => bucketOf(at + BUCKET_MS - 1)

/** Cells that are added to, each of its product and bucket. */
export class CellSums {
  readonly #cells = new Map<string, Map<Instant, Cell>>()

  add(cell: Cell): void {
    const buckets = this.#cells.get(cell.productRef) ?? new Map<Instant, Cell>()
    this.#cells.set(cell.productRef, buckets)
    const held = buckets.get(cell.at)
    buckets.set(cell.at, held ? joined(held, cell) : cell)
  }

  addTexts(cells: readonly CellText[]): void {
    for (const cell of cells) this.add(readCell(cell))
  }

  /** Takes away what was added by mistake; a cell of nothing disappears. */
  subtract(cell: Cell): void {
    const { num, den } = cell.quantity
    this.add({ ...cell, quantity: { num: -num, den }, events: -cell.events })
    const buckets = this.#cells.get(cell.productRef)!
    const left = buckets.get(cell.at)!
    if (left.events === 0 && left.quantity.num === 0n) buckets.delete(cell.at)
  }

  get(productRef: string, bucket: Instant): Cell | undefined {
    return this.#cells.get(productRef)?.get(bucket)
  }

  all(): Cell[] {
    return [...this.#cells.values()].flatMap((buckets) => [...buckets.values()])
  }

  texts(): CellText[] {
    return this.all().map(cellText)
  }

  clear(): void {
    this.#cells.clear()
  }
}

export const cellText = ({ productRef, at, quantity, events }: Cell): CellText => [
  productRef,
  at,
  formatQuantity(quantity),
  events,
]

export const readCell = ([productRef, at, quantity, events]: CellText): Cell => ({
  productRef,
  at,
  quantity: readQuantity(quantity),
  events,
})

const joined = (a: Cell, b: Cell): Cell => ({
  ...a,
  quantity: add(a.quantity, b.quantity),
  events: a.events + b.events,
})
