import type { LocalDate } from '../../kernel/calendar.ts'
import { formatMoney, type Minor } from '../../kernel/money.ts'
import { type Fault, invalid } from '../../kernel/problem.ts'
import { sellsCredit } from '../charges/credit-sale.ts'
import type { Invoice, InvoiceLine } from '../invoice.ts'
import { isWithinService, type LineReversal, type Taken } from './line-reversal.ts'
import { type CreditSold, takeableOfLine } from './sold-credit.ts'

/** A line to be credited. Without an amount it is all that is left of the line; without dates all of its service. */
export type LineCredit = {
  lineId: string
  /** Net of tax, minor units. */
  amount?: Minor | undefined
  serviceStart?: LocalDate | undefined
  serviceEnd?: LocalDate | undefined
}

/**
 * What a credit note takes of each line: of those that it names, or all that is left of every line. A line of a negative
 * amount is credited by a negative amount.
 *
 * @throws Problem 422 `credit_note_not_possible` with every fault at once.
 */
export function creditedLines(
  invoice: Invoice,
  before: readonly LineReversal[],
  wanted: readonly LineCredit[] | undefined,
  sold: CreditSold = [],
): Taken[] {
  const leftOf: LeftOf = (line) => takeableOfLine(line, before, sold)
  if (!wanted) return invoice.lines.map((line) => wholeOf(line, leftOf)).filter(({ amount }) => amount !== 0n)
  const faults = wanted.flatMap((credit, place) => faultsOf(credit, place, wanted, invoice, leftOf))
  if (faults.length > 0) {
    const detail = `Invoice ${invoice.number} cannot be credited like this: ${faults[0]!.message}.`
    throw invalid('credit_note_not_possible', detail, faults)
  }
  return wanted.flatMap((credit) => {
    const line = invoice.lines.find(({ id }) => id === credit.lineId)
    return line ? [takenOf(credit, line, leftOf)] : []
  })
}

type LeftOf = (line: InvoiceLine) => Minor

const wholeOf = (line: InvoiceLine, leftOf: LeftOf): Taken => ({
  line,
  amount: leftOf(line),
  serviceStart: line.serviceStart,
  serviceEnd: line.serviceEnd,
})

const takenOf = (credit: LineCredit, line: InvoiceLine, leftOf: LeftOf): Taken => ({
  line,
  amount: credit.amount ?? leftOf(line),
  serviceStart: credit.serviceStart ?? line.serviceStart,
  serviceEnd: credit.serviceEnd ?? line.serviceEnd,
})

function faultsOf(
  credit: LineCredit,
  place: number,
  wanted: readonly LineCredit[],
  invoice: Invoice,
  leftOf: LeftOf,
): Fault[] {
  const path = `lines.${place}`
  const line = invoice.lines.find(({ id }) => id === credit.lineId)
  if (!line) return [{ path: `${path}.line_ref`, message: `the invoice has no line "${credit.lineId}"` }]
  if (wanted.findIndex(({ lineId }) => lineId === credit.lineId) < place) {
    return [{ path: `${path}.line_ref`, message: `the line "${credit.lineId}" is named twice` }]
  }
  const taken = takenOf(credit, line, leftOf)
  const left = leftOf(line)
  const left_ = `${formatMoney(left, invoice.currency)} ${invoice.currency}`
  const why = sellsCredit(line) ? ': the credit that it sold is used or over but for that' : ''
  return [
    ...(isPartOf(taken.amount, left)
      ? []
      : [{ path: `${path}.amount`, message: `${left_} are left of the line "${credit.lineId}"${why}` }]),
    ...(isWithinService(line, taken)
      ? []
      : [
          {
            path: `${path}.service_start`,
            message: `the line "${credit.lineId}" bills ${line.serviceStart} to ${line.serviceEnd}`,
          },
        ]),
  ]
}

/** Between nothing and what is left, on its side of zero. */
const isPartOf = (amount: Minor, left: Minor): boolean =>
  amount !== 0n && (left > 0n ? amount > 0n && amount <= left : amount < 0n && amount >= left)
