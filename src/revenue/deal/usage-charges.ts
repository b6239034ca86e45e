import type { UsagePolicy } from '../../catalog/product.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import { type Reason, reason } from '../reason.ts'
import type { Portion } from '../recognition/line.ts'

/** Amounts for use, each of them for its day alone, and why. */
export type UsageCharges = {
  key: string
  policy: UsagePolicy
  charges: readonly { date: LocalDate; amount: Minor }[]
}

/**
 * Revenue as used. By the right to invoice what may be invoiced for a day is what that day is worth (ASC 606-10-55-18,
 * IFRS 15.B16); a variable amount that relates to a day alone is allocated to it entirely (606-10-32-40, 15.85). The
 * figures are the same.
 */
export const usagePortions = ({ key, charges }: UsageCharges): Portion[] =>
  charges.map(({ date, amount }) => ({ date, key, amount, cause: 'performance' }))

/** Why usage is revenue as it happens. */
export const usageReason = (key: string, policy: UsagePolicy): Reason => SAID[policy](key)

const SAID: Record<UsagePolicy, (key: string) => Reason> = {
  right_to_invoice: (key) =>
    reason(
      'right_to_invoice',
      `"${key}" is revenue as it is used, by the right to invoice; it takes no part in the allocation.`,
    ),
  variable_allocation: (key) =>
    reason(
      'variable_to_one',
      `"${key}" is variable consideration that relates to the days of its use alone: it is revenue as it is used, and takes no part in the allocation to other promises.`,
    ),
}
