import type { LocalDate } from '../../kernel/calendar.ts'
import { formatMoney, type Minor, sum } from '../../kernel/money.ts'
import { type Fault, invalid } from '../../kernel/problem.ts'
import { sellsCredit } from '../charges/credit-sale.ts'
import type { Invoice, InvoiceLine } from '../invoice.ts'
import { isWithinService, type LineReversal, type Taken } from './line-reversal.ts'
import { type CreditSold, takeableOfLine } from './sold-credit.ts'
import { creditOnLine, type UntaxedCredit } from './untaxed-credit.ts'

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
 * amount is credited by a negative amount, and one that credit before tax has paid whole by what that has paid.
 *
 * @throws Problem 422 `credit_note_not_possible` with every fault at once.
 */
export function creditedLines(
  invoice: Invoice,
  before: readonly LineReversal[],
  wanted: readonly LineCredit[] | undefined,
  sold: CreditSold = [],
  credit: UntaxedCredit = new Map(),
): Taken[] {
  const isOfCredit = (line: InvoiceLine) => takeableOfLine(line, before, sold) === 0n
  const leftOf: LeftOf = (line, taken) => {
    const own = taken.filter((one) => one.line.id === line.id)
    const left = isOfCredit(line) ? creditOnLine(credit, line.id) : takeableOfLine(line, before, sold)
    return left - sum(own.map(({ amount }) => amount))
  }
  const settled = (taken: readonly Taken[]): Taken[] =>
    taken.map((one) => (isOfCredit(one.line) ? { ...one, amount: 0n, ofCredit: one.amount } : one))
  if (!wanted) {
    const all = invoice.lines.map((line) => takenOf({}, line, leftOf(line, [])))
    return settled(all.filter(({ amount }) => amount !== 0n))
  }
  const taken: Taken[] = []
  const faults = wanted.flatMap((credit, place) => {
    const line = invoice.lines.find(({ id }) => id === credit.lineId)
    const path = `lines.${place}`
    if (!line) return [{ path: `${path}.line_ref`, message: `the invoice has no line "${credit.lineId}"` }]
    const left = leftOf(line, taken)
    const one = takenOf(credit, line, left)
    const own = faultsOf(one, taken, left, invoice.currency)
    taken.push(one)
    return own.map(({ path: field, message }) => ({ path: `${path}.${field}`, message }))
  })
  if (faults.length > 0) {
    const detail = `Invoice ${invoice.number} cannot be credited like this: ${faults[0]!.message}.`
    throw invalid('credit_note_not_possible', detail, faults)
  }
  return settled(taken)
}

/** What is left of a line beside what is taken of it already. */
type LeftOf = (line: InvoiceLine, taken: readonly Taken[]) => Minor

const takenOf = (credit: Partial<LineCredit>, line: InvoiceLine, left: Minor): Taken => ({
  line,
  amount: credit.amount ?? left,
  serviceStart: credit.serviceStart ?? line.serviceStart,
  serviceEnd: credit.serviceEnd ?? line.serviceEnd,
})

function faultsOf(one: Taken, before: readonly Taken[], left: Minor, currency: string): Fault[] {
  const { line, amount } = one
  if (before.some((other) => isNamedTwice(one, other))) {
    return [{ path: 'line_ref', message: `the line "${line.id}" is named twice` }]
  }
  const left_ = `${formatMoney(left, currency)} ${currency}`
  const why = sellsCredit(line) ? ': the credit that it sold is used or over but for that' : ''
  const bills = `the line "${line.id}" bills ${line.serviceStart} to ${line.serviceEnd}`
  return [
    ...(isPartOf(amount, left)
      ? []
      : [{ path: 'amount', message: `${left_} are left of the line "${line.id}"${why}` }]),
    ...(isWithinService(line, one) ? [] : [{ path: 'service_start', message: bills }]),
  ]
}

/** A line may be credited for several of its days, each by an amount of their own; credit that it sold has no days. */
const isNamedTwice = (one: Taken, other: Taken): boolean =>
  one.line.id === other.line.id &&
  (sellsCredit(one.line) || (one.serviceStart === other.serviceStart && one.serviceEnd === other.serviceEnd))

/** Between nothing and what is left, on its side of zero. */
const isPartOf = (amount: Minor, left: Minor): boolean =>
  amount !== 0n && (left > 0n ? amount > 0n && amount <= left : amount < 0n && amount >= left)
