import type { LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import type { Portion } from '../recognition/line.ts'
import { type UnmetSpan, unmetOn } from '../transaction-price/contract-criteria.ts'
import type { Billing, Due } from './billing.ts'
import type { DealEntry } from './deal-entry.ts'

/**
 * From when on bills count that are of days without a contract: from the day on which there is one, and not at all while
 * there is none. What is kept of what was paid counts when nothing more is owed for it (ASC 606-10-25-7, IFRS 15.15).
 */
export const underContract = (billings: readonly Billing[], unmet: readonly UnmetSpan[]): Billing[] =>
  billings.flatMap((billing) => {
    const span = unmetOn(unmet, billing.date)
    if (!span) return [billing]
    const { until } = span
    if (until === undefined) return []
    const { paidOn } = billing
    return [{ ...billing, date: until, ...(paidOn !== undefined && { paidOn: later(paidOn, until) }) }]
  })

export const keptDues = (kept: readonly Portion[]): Due[] =>
  kept.map(({ date, amount }) => ({ date, amount }))

/** A payment that came before there was a contract: a deposit until then; undefined for any other. */
export function depositEntries(
  { date, amount, paidOn }: Billing,
  unmet: readonly UnmetSpan[],
): DealEntry[] | undefined {
  const span = unmetOn(unmet, date)
  if (!span || paidOn === undefined || (span.until !== undefined && paidOn >= span.until)) return undefined
  const received: DealEntry = {
    date: paidOn,
    event: 'deposit_received',
    description: `Deposit against the invoice of ${date}`,
    postings: [
      { account: 'bank_clearing', amount },
      { account: 'deposit_liability', amount: -amount },
    ],
  }
  const { until } = span
  return until === undefined
    ? [received]
    : [received, takenOver(until, amount, 'criteria_met', 'The criteria for a contract are met')]
}

/** What need not be given back is no deposit any more. */
export const keptEntries = (kept: readonly Portion[]): DealEntry[] =>
  kept.map(({ date, amount }) =>
    takenOver(date, amount, 'deposit_kept', 'Nothing more is owed for what was paid'),
  )

const takenOver = (
  date: LocalDate,
  amount: Minor,
  event: DealEntry['event'],
  description: string,
): DealEntry => ({
  date,
  event,
  description,
  postings: [
    { account: 'deposit_liability', amount },
    { account: 'contract_position', amount: -amount },
  ],
})

const later = (a: LocalDate, b: LocalDate): LocalDate => (a > b ? a : b)
