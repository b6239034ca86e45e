import type { Instant } from '../../kernel/calendar.ts'
import { add } from '../../kernel/rational.ts'
import { bucketFrom, type Cell, CellSums, type CellText } from '../bucket.ts'
import type { Period } from '../period.ts'
import { formatQuantity, readQuantity } from '../quantity.ts'

const PUT_CELL = `
  INSERT OR REPLACE INTO cells (product_ref, bucket, shard, quantity, events, changed_at_number)
  VALUES (?, ?, 0, ?, ?, ?)`

export type TotalRow = { product_ref: string; bucket: number; quantity: string; events: number }
export type CellPlace = Pick<TotalRow, 'product_ref' | 'bucket'>

/** Before every cell: no reference is empty. */
export const CELLS_START: CellPlace = { product_ref: '', bucket: 0 }

/**
 * The number of events and the sum of their quantities, by product and bucket. What came after the last save is held
 * in memory beside what is stored, and both are read together.
 */
export class Totals {
  readonly #sql: SqlStorage
  readonly #unsaved = new CellSums()

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  add(cells: readonly CellText[]): void {
    this.#unsaved.addTexts(cells)
  }

  /** The buckets that begin in a period. */
  between(period: Period, productRef?: string | undefined): Cell[] {
    const cells = new CellSums()
    for (const row of this.#stored(period, productRef)) {
      const { product_ref, bucket: at, events } = row
      cells.add({ productRef: product_ref, at, quantity: readQuantity(row.quantity), events })
    }
    for (const cell of this.#unsaved.all()) {
      const isAsked = productRef === undefined || cell.productRef === productRef
      if (isAsked && cell.at >= period.start && cell.at < period.end) cells.add(cell)
    }
    return cells.all()
  }

  /** The cells of this shard, saved or not: all of them, or those of one bucket. */
  own(bucket: Instant | null = null): Cell[] {
    const cells = new CellSums()
    const saved = this.#sql.exec<TotalRow>(
      'SELECT product_ref, bucket, quantity, events FROM cells WHERE shard = 0 AND bucket = ifnull(?, bucket)',
      bucket,
    )
    for (const row of saved) cells.addText([row.product_ref, row.bucket, row.quantity, row.events])
    for (const cell of this.#unsaved.all()) if (cell.at === (bucket ?? cell.at)) cells.add(cell)
    return cells.all()
  }

  /** Puts a cell in the place of the one that is saved. */
  put({ productRef, at, quantity, events }: Cell, number: number): void {
    this.#sql.exec(PUT_CELL, productRef, at, formatQuantity(quantity), events, number)
  }

  /** Stores what is in memory alone, and answers which cells have changed. */
  save(number: number): Cell[] {
    const changed = this.#unsaved.all()
    for (const cell of changed) this.#store(cell, number)
    this.#unsaved.clear()
    return changed
  }

  /** Takes another shard's cell as it is there by now; false when it was known already. */
  takeOver(shard: number, row: TotalRow): boolean {
    return (
      this.#sql.exec(
        `INSERT INTO cells (product_ref, bucket, shard, quantity, events, changed_at_number)
         VALUES (?, ?, ?, ?, ?, 0)
         ON CONFLICT DO UPDATE SET quantity = excluded.quantity, events = excluded.events
         WHERE quantity <> excluded.quantity OR events <> excluded.events`,
        row.product_ref,
        row.bucket,
        shard,
        row.quantity,
        row.events,
      ).rowsWritten > 0
    )
  }

  /** The shard's own cells that were saved after a number of the log, from a place on. */
  changedAfter(number: number, after: CellPlace, limit: number): TotalRow[] {
    return this.#sql
      .exec<TotalRow>(
        `SELECT product_ref, bucket, quantity, events FROM cells
         WHERE shard = 0 AND changed_at_number > ? AND (product_ref, bucket) > (?, ?)
         ORDER BY product_ref, bucket LIMIT ?`,
        number,
        after.product_ref,
        after.bucket,
        limit,
      )
      .toArray()
  }

  #stored({ start, end }: Period, productRef: string | undefined): Iterable<TotalRow> {
    const select = 'SELECT product_ref, bucket, quantity, events FROM cells WHERE bucket >= ? AND bucket < ?'
    return productRef === undefined
      ? this.#sql.exec<TotalRow>(select, bucketFrom(start), end)
      : this.#sql.exec<TotalRow>(`${select} AND product_ref = ?`, bucketFrom(start), end, productRef)
  }

  #store({ productRef, at, quantity, events }: Cell, number: number): void {
    const [held] = this.#sql.exec<{ quantity: string; events: number }>(
      'SELECT quantity, events FROM cells WHERE product_ref = ? AND bucket = ? AND shard = 0',
      productRef,
      at,
    )
    // Decimals are added here: SQLite would add them as floats.
    const sum = held ? add(readQuantity(held.quantity), quantity) : quantity
    this.put({ productRef, at, quantity: sum, events: events + (held?.events ?? 0) }, number)
  }
}
