import type { LocalDate } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import type { RevenuePolicy } from '../policy.ts'
import { type Reason, reason } from '../reason.ts'
import type { Portion } from '../recognition/line.ts'
import { type UnmetSpan, unmetOn } from './contract-criteria.ts'

/**
 * Why what was received without a contract need not be given back: all was performed and paid; the contract was
 * terminated; or, under US GAAP, the seller stopped and owes nothing more for what was paid.
 */
export const ENDINGS = ['completed', 'terminated', 'stopped'] as const

/** Consideration that was received while the criteria were not met, and is kept whatever follows; minor units. */
export type NonRefundable = {
  key: string
  date: LocalDate
  event: (typeof ENDINGS)[number]
  amount: Minor
}

/**
 * Revenue of what is kept, on the day of the event (ASC 606-10-25-7, IFRS 15.15). Where the criteria are met after all,
 * what was performed is caught up on that day, and this gives way to it. Under IFRS 15 to have stopped is not enough; of
 * several events about the same amount the first that counts does.
 *
 * @example 120.00 paid, stopped in July: 120.00 in July under ASC 606, nothing under IFRS 15
 */
export const nonRefundablePortions = (
  kept: readonly NonRefundable[],
  unmet: readonly UnmetSpan[],
  policy: RevenuePolicy,
): Portion[] =>
  kept
    .filter(({ event }) => policy.stoppingEarnsWhatWasPaid || event !== 'stopped')
    .filter(({ key }, place, counted) => counted.findIndex((one) => one.key === key) === place)
    .flatMap(({ key, date, amount }): Portion[] => {
      const span = unmetOn(unmet, date)
      if (!span) return []
      const revenue: Portion = { date, key, amount, cause: 'performance' }
      return span.until === undefined
        ? [revenue]
        : [revenue, { date: span.until, key, amount: -amount, cause: 'catch_up' }]
    })

/** What was said of it, where any of it is revenue. */
export const nonRefundableSaid = (portions: readonly Portion[]): Reason[] =>
  sum(portions.map(({ amount }) => amount)) === 0n ? [] : [KEPT]

const KEPT = reason(
  'non_refundable',
  'What was received and need not be given back is revenue, since nothing more is owed for it.',
)
