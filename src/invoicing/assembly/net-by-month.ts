import { apportion } from '../../kernel/apportion.ts'
import { sum } from '../../kernel/money.ts'
import { rational, roundToInteger, sum as sumOf } from '../../kernel/rational.ts'
import type { InvoiceLine } from '../invoice.ts'

type Billed = Pick<InvoiceLine, 'amount' | 'netAmount'>

/**
 * The net amount of a line in its months of use, minor units: discounts and included tax fall on the months as the price
 * does, by largest remainder. A line that takes from some months and gives to others says little of that by its own
 * amount, which may be nothing: its months are net as the usage was `sold`, and what that leaves over is the last one's.
 *
 * @example 10.00 of which January 7.50, and 9.00 net: January 6.75, February 2.25
 * @example 0.00, of which January −10.00 and February 10.00, sold at 100.00 for 80.00 net: −8.00 and 8.00
 */
export function netByMonth(
  line: Billed & Pick<InvoiceLine, 'usageByMonth'>,
  sold: Billed = line,
): Record<string, string> {
  const months = Object.entries(line.usageByMonth)
  const gross = months.map(([, part]) => BigInt(part))
  const isMoved = gross.some((part) => part < 0n) && gross.some((part) => part > 0n)
  const { amount, netAmount } = isMoved ? sold : line
  if (amount === 0n || (amount === netAmount && line.amount === line.netAmount)) return line.usageByMonth
  const exact = gross.map((part) => rational(part * netAmount, amount))
  const parts = apportion(roundToInteger(sumOf(exact)), exact)
  const left = line.netAmount - sum(parts)
  const last = parts.length - 1
  return Object.fromEntries(
    months.map(([month], place) => [month, String(parts[place]! + (place === last ? left : 0n))]),
  )
}
