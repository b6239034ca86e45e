import { type Minor, sum } from '../../kernel/money.ts'
import { isUnmetOn, type UnmetSpan } from '../transaction-price/contract-criteria.ts'
import type { Portion } from './line.ts'

/**
 * Revenue without that of days on which the criteria for a contract are not met: it waits for the day on which they are,
 * and is caught up then (ASC 606-10-25-6 and 25-8, IFRS 15.14 and 15.16), or waits for ever. What was revenue before stays
 * (25-5, 15.13). What is taken back on such a day lowers first what waits, and then what was revenue. After the last span
 * that ends, revenue up to any day is what it would be without the spans.
 *
 * Portions of one obligation or line come in the order of their dates, and go out in it.
 *
 * @example 10.00 a month, unmet from 1 January until 1 April: 30.00 on 1 April as a catch-up, then 10.00 a month
 */
export function heldBack(portions: readonly Portion[], unmet: readonly UnmetSpan[]): Portion[] {
  if (unmet.length === 0) return [...portions]
  const streams = Map.groupBy(portions, ({ key }) => key)
  return [...streams.values()].flatMap((stream) => unmet.reduce(heldIn, stream))
}

function heldIn(stream: Portion[], span: UnmetSpan): Portion[] {
  const isNegative = sum(stream.map(({ amount }) => amount)) < 0n
  const isOwedBack = (amount: Minor) => (isNegative ? amount > 0n : amount < 0n)
  let waiting = 0n
  const kept = stream.flatMap((portion) => {
    if (!isUnmetOn([span], portion.date)) return [portion]
    const amount = waiting + portion.amount
    waiting = isOwedBack(amount) ? 0n : amount
    return isOwedBack(amount) ? [{ ...portion, amount }] : []
  })
  const { until } = span
  if (until === undefined || waiting === 0n) return kept
  const { key } = stream[0]!
  const after = kept.findIndex(({ date }) => date >= until)
  return kept.toSpliced(after < 0 ? kept.length : after, 0, {
    date: until,
    key,
    amount: waiting,
    cause: 'catch_up',
  })
}
