import type { LocalDate } from '../../kernel/calendar.ts'
import { formatMoney, type Minor } from '../../kernel/money.ts'
import { type Fault, invalid } from '../../kernel/problem.ts'
import type { Invoice, InvoiceLine } from '../invoice.ts'
import { isWithinService, type LineReversal, leftOfLine, type Taken } from './line-reversal.ts'

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
): Taken[] {
  if (!wanted) return invoice.lines.map((line) => wholeOf(line, before)).filter(({ amount }) => amount !== 0n)
  const faults = wanted.flatMap((credit, place) => faultsOf(credit, place, wanted, invoice, before))
  if (faults.length > 0) {
    const detail = `Invoice ${invoice.number} cannot be credited like this: ${faults[0]!.message}.`
    throw invalid('credit_note_not_possible', detail, faults)
  }
  return wanted.flatMap((credit) => {
    const line = invoice.lines.find(({ id }) => id === credit.lineId)
    return line ? [takenOf(credit, line, before)] : []
  })
}

const wholeOf = (line: InvoiceLine, before: readonly LineReversal[]): Taken => ({
  line,
  amount: leftOfLine(line, before),
  serviceStart: line.serviceStart,
  serviceEnd: line.serviceEnd,
})

const takenOf = (credit: LineCredit, line: InvoiceLine, before: readonly LineReversal[]): Taken => ({
  line,
  amount: credit.amount ?? leftOfLine(line, before),
  serviceStart: credit.serviceStart ?? line.serviceStart,
  serviceEnd: credit.serviceEnd ?? line.serviceEnd,
})

function faultsOf(
  credit: LineCredit,
  place: number,
  wanted: readonly LineCredit[],
  invoice: Invoice,
  before: readonly LineReversal[],
): Fault[] {
  const path = `lines.${place}`
  const line = invoice.lines.find(({ id }) => id === credit.lineId)
  if (!line) return [{ path: `${path}.line_ref`, message: `the invoice has no line "${credit.lineId}"` }]
  if (wanted.findIndex(({ lineId }) => lineId === credit.lineId) < place) {
    return [{ path: `${path}.line_ref`, message: `the line "${credit.lineId}" is named twice` }]
  }
  const taken = takenOf(credit, line, before)
  const left = leftOfLine(line, before)
  const left_ = `${formatMoney(left, invoice.currency)} ${invoice.currency}`
  return [
    ...(isPartOf(taken.amount, left)
      ? []
      : [{ path: `${path}.amount`, message: `${left_} are left of the line "${credit.lineId}"` }]),
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
