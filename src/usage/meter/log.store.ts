import type { Instant } from '../../kernel/calendar.ts'
import type { CellText } from '../bucket.ts'
import { fromBlob, toBlob } from '../known-ids/id-entry.ts'

/** Events as they came in, each under a number: the truth that ids and totals can be made from again. */
export type LogRow = {
  firstNumber: number
  lastNumber: number
  receivedAt: Instant
  firstAt: Instant
  lastAt: Instant
  ids: Uint32Array
  cells: readonly CellText[]
  lines: string
}

type SavedRow = {
  first_number: number
  last_number: number
  received_at: number
  ids: ArrayBuffer
  cells: string
}

export function appendRow(sql: SqlStorage, row: LogRow): void {
  sql.exec(
    `INSERT INTO log (first_number, last_number, received_at, first_at, last_at, ids, cells, lines)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    row.firstNumber,
    row.lastNumber,
    row.receivedAt,
    row.firstAt,
    row.lastAt,
    toBlob(row.ids),
    JSON.stringify(row.cells),
    row.lines,
  )
}

/** What a meter that wakes has to make up for: the ids and cells of the rows after the last save. */
export const rowsAfter = (sql: SqlStorage, number: number) =>
  Array.from(
    sql.exec<SavedRow>(
      `SELECT first_number, last_number, received_at, ids, cells FROM log
       WHERE first_number > ? ORDER BY first_number`,
      number,
    ),
    (row) => ({
      firstNumber: row.first_number,
      lastNumber: row.last_number,
      receivedAt: row.received_at,
      ids: fromBlob(row.ids),
      cells: JSON.parse(row.cells) as CellText[],
    }),
  )

export const linesOfRow = (sql: SqlStorage, firstNumber: number): string =>
  sql.exec<{ lines: string }>('SELECT lines FROM log WHERE first_number = ?', firstNumber).one().lines

/** The highest number given so far. */
export const lastNumber = (sql: SqlStorage): number =>
  sql
    .exec<{ last: number }>(
      `SELECT max(ifnull((SELECT max(last_number) FROM log), 0), ifnull((SELECT max(last_number) FROM segments), 0)) AS last`,
    )
    .one().last

/** When the latest event of all came. */
export const lastReceivedAt = (sql: SqlStorage): Instant =>
  sql
    .exec<{ last: number }>(
      `SELECT max(ifnull((SELECT max(received_at) FROM log), 0), ifnull((SELECT max(received_at) FROM segments), 0)) AS last`,
    )
    .one().last
