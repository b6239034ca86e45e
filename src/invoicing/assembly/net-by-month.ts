import { apportion } from '../../kernel/apportion.ts'
import { rational } from '../../kernel/rational.ts'
import type { InvoiceLine } from '../invoice.ts'

/**
 * The net amount of a line in its months of use, minor units: discounts and included tax fall on the months as the price
 * does, by largest remainder.
 *
 * @example 10.00 of which January 7.50, and 9.00 net: January 6.75, February 2.25
 */
export function netByMonth({
  amount,
  netAmount,
  usageByMonth,
}: Pick<InvoiceLine, 'amount' | 'netAmount' | 'usageByMonth'>): Record<string, string> {
  if (amount === netAmount || amount === 0n) return usageByMonth
  const months = Object.entries(usageByMonth)
  const parts = apportion(
    netAmount,
    months.map(([, part]) => rational(BigInt(part) * netAmount, amount)),
  )
  return Object.fromEntries(months.map(([month], place) => [month, String(parts[place])]))
}
