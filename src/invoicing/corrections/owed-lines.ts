import type { DatePeriod } from '../../contracts/periods/schedule.ts'
import { daysBetween } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import { multiply, rational, roundToInteger } from '../../kernel/rational.ts'
import { servicePeriodOf } from '../charges/paid-part.ts'
import type { InvoiceLine } from '../invoice.ts'
import { type LineReversal, leftOfLine, type TakenDays, takenForDays } from './line-reversal.ts'
import { type OwedCredit, owedOf } from './owed-credit.ts'

/** An issued line that credit may be given back of, and what was taken back of it before. */
export type CreditableLine = { invoiceId: string; line: InvoiceLine; before: readonly LineReversal[] }

/** What a credit note is to take of a line, for some of its days. */
export type GivenBack = { invoiceId: string; credit: TakenDays }

/**
 * Spreads what is owed over issued lines, the newest first: of each at most what it billed for the days in question, less
 * what was taken back for them, and what is left of it. Amounts are owed as lines are priced; of a line its net comes back,
 * and its taxes with it.
 *
 * An invoice gives back no more than it has charged. Where a line of it had credited an earlier invoice, so much of that
 * credit is taken back as is missing, and given by the earlier one in its place.
 *
 * @param lines the newest first, those of an invoice together, and all of them where one is below zero
 * @example 10.00 for March, on the 15th −5.48 and 10.97; of 7.74 owed the second invoice gives 5.49, the first 2.25
 */
export function givenBack(owed: readonly OwedCredit[], lines: readonly CreditableLine[]): GivenBack[] {
  const parts: GivenBack[] = []
  for (const one of owed) parts.push(...spread(one, lines, parts))
  const invoices = [...new Set(lines.map(({ invoiceId }) => invoiceId))]
  for (const invoiceId of invoices) {
    if (!parts.some((part) => part.invoiceId === invoiceId)) continue
    const own = lines.filter((one) => one.invoiceId === invoiceId)
    const older = lines.slice(lines.lastIndexOf(own.at(-1)!) + 1)
    for (const { line, amount } of creditsToUndo(own, parts)) {
      parts.push({ invoiceId, credit: takenOfLine(line, -amount, servicePeriodOf(line)) })
      parts.push(...spread(owedOf(line, pricedOf(line, amount)), older, parts))
    }
  }
  return [...Map.groupBy(parts, placeOf).values()].map(inOne)
}

/** A credit note names a line once for the same days. */
const placeOf = ({ credit: { lineId, serviceStart, serviceEnd } }: GivenBack): string =>
  [lineId, serviceStart, serviceEnd].join(' ')

function spread(
  owed: OwedCredit,
  lines: readonly CreditableLine[],
  parts: readonly GivenBack[],
): GivenBack[] {
  let open = BigInt(owed.amount)
  return lines
    .filter(({ line }) => concerns(owed, line))
    .flatMap(({ line, invoiceId, before }) => {
      const taken = [...before, ...parts.map(({ credit }) => credit)]
      const days = daysOf(owed, line)
      const wanted = least(open, shareOf(line, days) - takenFor(line, taken, days))
      const amount = least(leftOfLine(line, taken), netOf(line, wanted))
      if (amount <= 0n) return []
      open -= wanted
      return [{ invoiceId, credit: takenOfLine(line, amount, days) }]
    })
}

/** The lines below zero that leave too little of their invoice for what it is to give back, and how much of each. */
function creditsToUndo(lines: readonly CreditableLine[], parts: readonly GivenBack[]) {
  const given = parts.map(({ credit }) => credit)
  const left = ({ line, before }: CreditableLine): Minor => leftOfLine(line, [...before, ...given])
  // The taxes of parts are rounded one by one, and together may be more than those of the invoice.
  const cents = sum(lines.map(({ line }) => BigInt(line.taxes.length)))
  let missing = -sum(lines.map(left))
  return lines.flatMap((one) => {
    const most = -left(one)
    if (most <= 0n || missing <= 0n) return []
    const amount = least(most, missing + cents)
    missing -= amount
    return { line: one.line, amount }
  })
}

const OF = {
  fees: ['recurring', 'change'],
  usage: ['usage', 'usage_adjustment'],
  commitment: ['true_up'],
} as const

const concerns = (owed: OwedCredit, line: InvoiceLine): boolean =>
  line.amount > 0n &&
  line.netAmount > 0n &&
  line.productRef === owed.productRef &&
  (owed.of === 'fees' || line.serviceCycleNo === owed.cycleNo) &&
  OF[owed.of].some((kind) => kind === line.kind) &&
  line.serviceStart < owed.serviceEnd &&
  owed.serviceStart < line.serviceEnd

/** The days of the line that credit is owed for. */
const daysOf = (owed: OwedCredit, line: InvoiceLine): DatePeriod => ({
  start: [owed.serviceStart, line.serviceStart].sort().at(-1)!,
  end: [owed.serviceEnd, line.serviceEnd].sort()[0]!,
})

/** Rounded up, so that what was owed in seconds is never cut short by days. */
function shareOf(line: InvoiceLine, { start, end }: DatePeriod): Minor {
  const days = daysBetween(line.serviceStart, line.serviceEnd)
  return roundToInteger(rational(line.amount * BigInt(daysBetween(start, end)), BigInt(days)), 'ceil')
}

/** As the line is priced, rounded down: together with the share above nothing that is owed is cut short. */
const takenFor = (line: InvoiceLine, taken: readonly TakenDays[], days: DatePeriod): Minor =>
  roundToInteger(multiply(takenForDays(line, taken, days), rational(line.amount, line.netAmount)), 'floor')

const netOf = (line: InvoiceLine, amount: Minor): Minor =>
  roundToInteger(rational(amount * line.netAmount, line.amount))

const pricedOf = (line: InvoiceLine, net: Minor): Minor =>
  roundToInteger(rational(net * line.amount, line.netAmount))

const takenOfLine = ({ id: lineId }: InvoiceLine, amount: Minor, { start, end }: DatePeriod): TakenDays => ({
  lineId,
  amount,
  serviceStart: start,
  serviceEnd: end,
})

function inOne(parts: readonly GivenBack[]): GivenBack {
  const [first] = parts
  const amount = sum(parts.map(({ credit }) => credit.amount))
  return { ...first!, credit: { ...first!.credit, amount } }
}

const least = (a: Minor, b: Minor): Minor => (a < b ? a : b)
