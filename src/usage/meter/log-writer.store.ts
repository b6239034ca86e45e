import { CellSums, type CellText } from '../bucket.ts'
import { joinEntries } from '../known-ids/id-entry.ts'
import { PARCEL_CHARS_MAX, type Parcel } from '../parcel.ts'
import { cellWithout, entriesWithout, type LeftOut, linesWithout } from './left-out.ts'
import { appendRow, type LogRow } from './log.store.ts'
import type { MeterBooks } from './meter-books.store.ts'

/** Puts the accepted events of parcels together into rows of the log, and counts each row. */
export class LogWriter {
  readonly #sql: SqlStorage
  readonly #books: MeterBooks
  #lines = ''
  #ids: Uint32Array[] = []
  #parcels: (readonly CellText[])[] = []
  #leftOut: CellText[] = []
  #times = NO_TIMES
  readonly #logged: (row: LogRow) => void
  nextNumber: number

  constructor(sql: SqlStorage, books: MeterBooks, logged: (row: LogRow) => void) {
    this.#sql = sql
    this.#books = books
    this.#logged = logged
    this.nextNumber = books.lastNumber + 1
  }

  makeRoomFor(parcel: Parcel): void {
    if (this.#lines.length + parcel.lines.length > PARCEL_CHARS_MAX) this.close()
  }

  appendAll(parcel: Parcel): void {
    this.#append(parcel, parcel.lines, parcel.ids, parcel.count)
  }

  /** Appends a parcel without the events of it that were not accepted. */
  appendSome(parcel: Parcel, leftOut: readonly LeftOut[]): void {
    const lines = linesWithout(parcel.lines, leftOut)
    this.#append(parcel, lines, entriesWithout(parcel.ids, leftOut), parcel.count - leftOut.length)
    for (const one of leftOut) this.#leftOut.push(cellWithout(parcel.lines, one))
  }

  /** Writes the row that has been put together. */
  close(): void {
    if (this.#lines === '') return
    const row: LogRow = {
      firstNumber: this.#books.lastNumber + 1,
      lastNumber: this.nextNumber - 1,
      ...this.#times,
      ids: joinEntries(this.#ids),
      cells: this.#cells(),
      lines: this.#lines,
    }
    appendRow(this.#sql, row)
    this.#books.count(row)
    this.#logged(row)
    this.#lines = ''
    this.#ids = []
    this.#parcels = []
    this.#leftOut = []
    this.#times = NO_TIMES
  }

  #cells(): readonly CellText[] {
    const [only, ...more] = this.#parcels
    if (only && more.length === 0 && this.#leftOut.length === 0) return only
    const sums = new CellSums()
    for (const cells of this.#parcels) sums.addTexts(cells)
    sums.addTexts(this.#leftOut)
    return sums.texts()
  }

  #append(parcel: Parcel, lines: string, ids: Uint32Array, count: number): void {
    this.#lines += lines
    this.#ids.push(ids)
    this.#parcels.push(parcel.cells)
    this.nextNumber += count
    const { receivedAt, firstAt, lastAt } = this.#times
    this.#times = {
      receivedAt: Math.max(receivedAt, parcel.receivedAt),
      firstAt: Math.min(firstAt, parcel.firstAt),
      lastAt: Math.max(lastAt, parcel.lastAt),
    }
  }
}

const NO_TIMES = {
  receivedAt: 0,
  firstAt: Number.POSITIVE_INFINITY,
  lastAt: Number.NEGATIVE_INFINITY,
}
