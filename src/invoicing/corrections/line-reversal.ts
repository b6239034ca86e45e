import type { DatePeriod } from '../../contracts/periods/schedule.ts'
import { daysBetween, type LocalDate } from '../../kernel/calendar.ts'
import { canonicalJson } from '../../kernel/hash.ts'
import { derivedId } from '../../kernel/id.ts'
import { allocate, formatMoney, type Minor, parseMoney, sum } from '../../kernel/money.ts'
import {
  multiply,
  type Rational,
  rational,
  roundToInteger,
  sum as sumOf,
  ZERO,
} from '../../kernel/rational.ts'
import { netByMonth } from '../assembly/net-by-month.ts'
import type { InvoiceLine, LineTax, TaxLine } from '../invoice.ts'

/** Why a part of an invoice line is taken back; a recovery brings back what a write-off took. */
type ReversalCause = 'credit_note' | 'void' | 'write_off' | 'recovery'

/** What was taken back of an invoice line; amounts are minor units and have the sign of the line, recoveries the other. */
export type LineReversal = {
  id: string
  lineId: string
  invoiceId: string
  cause: ReversalCause
  sourceId: string
  position: number
  productRef: string
  description: string
  amount: Minor
  tax: Minor
  taxes: LineTax[]
  serviceStart: LocalDate
  serviceEnd: LocalDate
  usageByMonth: Record<string, string>
  bookedFrom: LocalDate
}

/** What was taken back of a line, and for which of its days. */
export type TakenDays = Pick<LineReversal, 'lineId' | 'amount' | 'serviceStart' | 'serviceEnd'>

/** What is to be taken back of a line: its net amount, and the service that is not charged after all. */
export type Taken = {
  line: InvoiceLine
  amount: Minor
  /** Of a line that credit before tax has paid whole, what goes back to that. */
  ofCredit?: Minor
  serviceStart: LocalDate
  serviceEnd: LocalDate
}

export type ReversalSource = {
  cause: ReversalCause
  sourceId: string
  invoiceId: string
  currency: string
  bookedFrom: LocalDate
}

/** What is left of a line, net of tax, after what was taken back before. */
export const leftOfLine = (line: InvoiceLine, before: readonly TakenDays[]): Minor =>
  line.netAmount - sum(takenOf(line, before).map(({ amount }) => amount))

/** What was taken back of a line for some days: of each part its share of the days that it was taken back for. */
export const takenForDays = (
  line: InvoiceLine,
  before: readonly TakenDays[],
  { start, end }: DatePeriod,
): Rational =>
  sumOf(
    takenOf(line, before).map(({ amount, serviceStart, serviceEnd }) => {
      const first = start > serviceStart ? start : serviceStart
      const last = end < serviceEnd ? end : serviceEnd
      if (first >= last) return ZERO
      const share = rational(BigInt(daysBetween(first, last)), BigInt(daysBetween(serviceStart, serviceEnd)))
      return multiply(rational(amount), share)
    }),
  )

/**
 * The reversal of a part of a line. Its tax is the tax of the line in proportion, counted from the line's beginning, so
 * that parts which make up the whole line carry the whole of its tax: of 1.90 tax on 10.00, the first half of the line
 * carries 0.95, and of 0.05 tax on 0.30 the three thirds carry 0.02, 0.01 and 0.02.
 */
export function reverseLine(
  { line, amount, serviceStart, serviceEnd }: Taken,
  before: readonly LineReversal[],
  source: ReversalSource,
  position: number,
): LineReversal {
  const earlier = takenOf(line, before)
  const takenBefore = sum(earlier.map((one) => one.amount))
  const taxes = line.taxes.map((tax) => shareOfTax(tax, line, takenBefore, amount, source.currency))
  const { cause, sourceId, invoiceId, bookedFrom } = source
  const isNamedBefore = before.some((one) => one.lineId === line.id && one.sourceId === sourceId)
  return {
    id: derivedId('rev', cause, sourceId, line.id, ...(isNamedBefore ? [position] : [])),
    lineId: line.id,
    invoiceId,
    cause,
    sourceId,
    position,
    productRef: line.productRef,
    description: line.description,
    amount,
    tax: sum(taxes.map(({ tax }) => minorOf(tax, source.currency))),
    taxes,
    serviceStart,
    serviceEnd,
    usageByMonth: usageShare(line, takenBefore, amount),
    bookedFrom,
  }
}

/** The reversals of one document: a line that it names again, for other days, counts from what it named before. */
export function reverseLines(
  taken: readonly Taken[],
  before: readonly LineReversal[],
  source: ReversalSource,
): LineReversal[] {
  const reversals: LineReversal[] = []
  for (const one of taken) {
    reversals.push(reverseLine(one, [...before, ...reversals], source, reversals.length + 1))
  }
  return reversals
}

const takenOf = (line: InvoiceLine, before: readonly TakenDays[]): TakenDays[] =>
  before.filter(({ lineId }) => lineId === line.id)

/** `round(tax × taken up to now ÷ net)` less the same before it. */
function shareOfTax(
  tax: LineTax,
  line: InvoiceLine,
  before: Minor,
  amount: Minor,
  currency: string,
): LineTax {
  const whole = minorOf(tax.tax, currency)
  const upTo = (taken: Minor): Minor =>
    line.netAmount === 0n ? 0n : roundToInteger(rational(whole * taken, line.netAmount))
  return { ...tax, tax: formatMoney(upTo(before + amount) - upTo(before), currency) }
}

/** The months of use in proportion to what they were billed with; what is left of the line takes what is left of each. */
function usageShare(line: InvoiceLine, before: Minor, amount: Minor): Record<string, string> {
  const byMonth = netByMonth(line)
  const months = Object.entries(byMonth)
  const billed = months.map(([, part]) => BigInt(part))
  if (before === 0n && amount === sum(billed)) return byMonth
  // Months of both signs have no proportion: all is taken back in the last one.
  const isMixed = billed.some((part) => part < 0n) && billed.some((part) => part > 0n)
  const weights = isMixed
    ? billed.map((_, place) => (place === billed.length - 1 ? 1n : 0n))
    : billed.map((part) => (part < 0n ? -part : part))
  const upTo = (taken: Minor) => allocate(taken, weights)
  const [now, earlier] = [upTo(before + amount), upTo(before)]
  return Object.fromEntries(
    months.map(([month], place) => [month, String((now[place] ?? 0n) - (earlier[place] ?? 0n))]),
  )
}

/** The taxes of reversed lines, each tax once: the sum of the shares that the lines carry. */
export function taxesOfReversals(reversals: readonly LineReversal[], currency: string): TaxLine[] {
  const shares = reversals.flatMap(({ amount, taxes }) => taxes.map((tax) => ({ amount, tax })))
  const byTax = Map.groupBy(shares, ({ tax: { tax: _, ...agreed } }) => canonicalJson(agreed))
  return [...byTax.values()].map((rows) => {
    const { tax: _, ...agreed } = rows[0]!.tax
    return {
      ...agreed,
      taxable: formatMoney(sum(rows.map(({ amount }) => amount)), currency),
      tax: formatMoney(sum(rows.map(({ tax }) => minorOf(tax.tax, currency))), currency),
    }
  })
}

const minorOf = (text: string, currency: string): Minor => parseMoney(text, currency) ?? 0n

/** True for days within the service of the line; a line that is served at once has no days to choose from. */
export const isWithinService = (
  { serviceStart, serviceEnd }: InvoiceLine,
  window: { serviceStart: LocalDate; serviceEnd: LocalDate },
): boolean =>
  serviceStart === serviceEnd
    ? window.serviceStart === serviceStart && window.serviceEnd === serviceEnd
    : window.serviceStart >= serviceStart &&
      window.serviceEnd <= serviceEnd &&
      daysBetween(window.serviceStart, window.serviceEnd) > 0
