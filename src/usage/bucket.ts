import type { Instant } from '../kernel/calendar.ts'
import { isZero, negate, type Rational } from '../kernel/rational.ts'
import { QuantitySum } from './quantity-sum.ts'

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
  readonly #cells = new Map<string, Map<Instant, Sum>>()

  addText([productRef, bucket, quantity, events]: CellText): void {
    const sum = this.#sum(productRef, bucket)
    sum.quantity.add(quantity)
    sum.events += events
  }

  addTexts(cells: readonly CellText[]): void {
    for (const cell of cells) this.addText(cell)
  }

  add({ productRef, at, quantity, events }: Cell): void {
    const sum = this.#sum(productRef, at)
    sum.quantity.addExact(quantity)
    sum.events += events
  }

  subtract({ productRef, at, quantity, events }: Cell): void {
    this.add({ productRef, at, quantity: negate(quantity), events: -events })
  }

  /** The cells by now, but those of nothing. */
  all(): Cell[] {
    return [...this.#cells].flatMap(([productRef, buckets]) =>
      Array.from(buckets, ([at, { quantity, events }]) => ({
        productRef,
        at,
        quantity: quantity.total(),
        events,
      })).filter((cell) => cell.events !== 0 || !isZero(cell.quantity)),
    )
  }

  texts(): CellText[] {
    const texts: CellText[] = []
    for (const [productRef, buckets] of this.#cells) {
      for (const [bucket, { quantity, events }] of buckets) {
        const text = quantity.text()
        if (events !== 0 || text !== '0') texts.push([productRef, bucket, text, events])
      }
    }
    return texts
  }

  clear(): void {
    this.#cells.clear()
  }

  #sum(productRef: string, bucket: Instant): Sum {
    let buckets = this.#cells.get(productRef)
    if (!buckets) {
      buckets = new Map()
      this.#cells.set(productRef, buckets)
    }
    let sum = buckets.get(bucket)
    if (!sum) {
      sum = { quantity: new QuantitySum(), events: 0 }
      buckets.set(bucket, sum)
    }
    return sum
  }
}

type Sum = { quantity: QuantitySum; events: number }
