import type { DatePeriod } from '../../contracts/periods/schedule.ts'
import { daysBetween } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import { multiply, rational, roundToInteger } from '../../kernel/rational.ts'
import type { InvoiceLine } from '../invoice.ts'
import type { LineCredit } from './credit-note-lines.ts'
import { type LineReversal, leftOfLine, takenForDays } from './line-reversal.ts'
import type { OwedCredit } from './owed-credit.ts'

/** An issued line that credit may be given back of, and what was taken back of it before. */
export type CreditableLine = { invoiceId: string; line: InvoiceLine; before: readonly LineReversal[] }

/** What a credit note is to take of a line. */
export type GivenBack = { invoiceId: string; credit: LineCredit }

/**
 * Spreads what is owed over issued lines, the newest first: of each at most what it billed for the days in question, less
 * what was taken back for them, and what is left of it. Amounts are owed as lines are priced; of a line its net comes back, and its taxes with it.
 */
export function givenBack(owed: OwedCredit, lines: readonly CreditableLine[]): GivenBack[] {
  let open = BigInt(owed.amount)
  return lines
    .filter(({ line }) => concerns(owed, line))
    .flatMap((creditable) => {
      const { line, invoiceId, before } = creditable
      const days = daysOf(owed, line)
      const wanted = least(open, shareOf(line, days, line.amount) - takenOf(creditable, days))
      const amount = least(leftOfLine(line, before), netOf(line, wanted))
      if (amount <= 0n) return []
      open -= wanted
      return [
        { invoiceId, credit: { lineId: line.id, amount, serviceStart: days.start, serviceEnd: days.end } },
      ]
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
function shareOf(line: InvoiceLine, { start, end }: DatePeriod, whole: Minor): Minor {
  const days = daysBetween(line.serviceStart, line.serviceEnd)
  return roundToInteger(rational(whole * BigInt(daysBetween(start, end)), BigInt(days)), 'ceil')
}

/** As the line is priced, rounded down: together with the share above nothing that is owed is cut short. */
const takenOf = ({ line, before }: CreditableLine, days: DatePeriod): Minor =>
  roundToInteger(multiply(takenForDays(line, before, days), rational(line.amount, line.netAmount)), 'floor')

const netOf = (line: InvoiceLine, amount: Minor): Minor =>
  roundToInteger(rational(amount * line.netAmount, line.amount))

const least = (a: Minor, b: Minor): Minor => (a < b ? a : b)
