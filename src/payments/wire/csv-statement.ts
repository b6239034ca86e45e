import Papa from 'papaparse'
import type { Payer } from '../payment.ts'
import type { Booking, StatementFile } from './statement.ts'
import { bareAccount, dateAt, ENTRIES_MAX, moneyAt, oneLine, unreadable } from './statement-value.ts'

const REQUIRED = ['date', 'amount', 'currency'] as const
const COLUMNS = [...REQUIRED, 'reference', 'payer', 'payer_account', 'id'] as const
type Column = (typeof COLUMNS)[number]
/** The value of a column in one row; empty where the file has no such column. */
type Row = (column: Column) => string

/** The first line, the rows that are taken, and one more that tells of a file that is too long. */
const ROWS_READ = ENTRIES_MAX + 2

/** True when the first line names the columns that a statement needs. */
export const isCsvStatement = (text: string): boolean =>
  REQUIRED.every((column) => headerOf(rowsOf(text, 1)[0] ?? []).includes(column))

/**
 * Reads rows under the column names `date, amount, currency, reference, payer, payer_account, id`, in any order and
 * case; the first three are required. The separator is found by itself. Amounts are plain decimals with a point,
 * negative for money that went out; dates are `YYYY-MM-DD`.
 *
 * @throws Problem 422 naming the row and what is wrong with it
 */
export function readCsv(text: string): StatementFile {
  const [header = [], ...rows] = rowsOf(text, ROWS_READ)
  const names = headerOf(header)
  const missing = REQUIRED.filter((column) => !names.includes(column))
  if (missing.length > 0) throw unreadable('the first line', `names no column ${missing.join(', ')}`)
  const twice = COLUMNS.find((column) => names.indexOf(column) !== names.lastIndexOf(column))
  if (twice) throw unreadable('the first line', `names the column ${twice} twice`)
  const bookings = rows.map((cells, place) => {
    const where = `row ${place + 2}`
    if (cells.length !== names.length) {
      throw unreadable(where, `has ${cells.length} fields, but the first line names ${names.length}`)
    }
    return readRow((column) => cells[names.indexOf(column)]?.trim() ?? '', where)
  })
  return { format: 'csv', statements: [{ account: null, bookings }] }
}

function readRow(row: Row, where: string): Booking {
  const currency = row('currency').toUpperCase()
  const amount = moneyAt(row('amount'), currency, where)
  return {
    amount,
    currency,
    bookedOn: dateAt(row('date'), where),
    bankReference: row('id') || null,
    isBooked: true,
    isReversal: false,
    parts: [{ amount, payer: payerOf(row), reference: oneLine([row('reference')]) }],
  }
}

function payerOf(row: Row): Payer {
  const name = oneLine([row('payer')])
  const account = bareAccount(row('payer_account'))
  return { ...(name && { name }), ...(account && { account }) }
}

const headerOf = (cells: readonly string[]): string[] => cells.map((cell) => cell.trim().toLowerCase())

/** A quotation mark that is opened and never closed would swallow the rows after it: that is a fault of the file. */
function rowsOf(text: string, preview: number): string[][] {
  const { data, errors } = Papa.parse<string[]>(text, { preview, skipEmptyLines: 'greedy' })
  const fault = errors.find(({ type }) => type === 'Quotes')
  if (fault)
    throw unreadable(`row ${(fault.row ?? 0) + 1}`, `has a fault in its quotation marks: ${fault.message}`)
  return data
}
