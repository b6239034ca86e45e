import type { PercentageModel } from '../catalog/price.ts'
import {
  add,
  compare,
  decimal,
  isNegative,
  isZero,
  max,
  min,
  multiply,
  ONE,
  type Rational,
  rational,
  subtract,
  sum,
  ZERO,
} from '../kernel/rational.ts'
import { percent } from './percent.ts'
import { amountRow, type LineDetailExact, type Rated, ratedOf } from './rated.ts'

/**
 * A percentage of each event's amount and a fixed fee for each event, once the free part is used up: it ends with the
 * number of free events or with the free amount, whichever comes first. The event that crosses the free amount pays on
 * the excess, and the fixed fee. Rate and fixed fee together are kept within the bounds for one event. A negative amount
 * bills nothing.
 *
 * @example 1.3 % and 2 for each event, 3 events or 250 free; 50, 100, 250, 400: 550 × 1.3 % + 2 × 2 = 11.15
 */
export function ratePercentage(model: PercentageModel, amounts: readonly Rational[]): Rated {
  const paid = paidAmounts(
    model,
    amounts.filter((amount) => !isNegative(amount) && !isZero(amount)),
  )
  if (paid.length === 0) return ratedOf([])
  const base = sum(paid)
  const rate = percent(model.rate_percent)
  const fixed = decimal(model.fixed_per_event)
  const count = rational(BigInt(paid.length))
  const rows: LineDetailExact[] = [
    {
      description: `${model.rate_percent} %`,
      quantity: base,
      unitAmount: rate,
      amount: multiply(base, rate),
    },
    { description: 'Paid events', quantity: count, unitAmount: fixed, amount: multiply(count, fixed) },
    amountRow('Least and most for each event', correction(model, paid, rate, fixed)),
  ]
  return ratedOf(rows.filter((row) => !isZero(row.amount)))
}

/** What each event pays on, without the free part and the events that lie in it. */
function paidAmounts(model: PercentageModel, amounts: readonly Rational[]): Rational[] {
  const freeEvents = decimal(model.free_events)
  const freeAmount = decimal(model.free_amount)
  if (isZero(freeEvents) && isZero(freeAmount)) return [...amounts]
  let events = ZERO
  let total = ZERO
  for (const [place, amount] of amounts.entries()) {
    events = add(events, ONE)
    total = add(total, amount)
    if (!isZero(freeEvents) && compare(events, freeEvents) > 0) return amounts.slice(place)
    const excess = subtract(total, freeAmount)
    if (!isZero(freeAmount) && compare(excess, ZERO) > 0) return [excess, ...amounts.slice(place + 1)]
  }
  return []
}

/** What the bounds for one event add to, or take off, the fees of all. */
function correction(
  model: PercentageModel,
  paid: readonly Rational[],
  rate: Rational,
  fixed: Rational,
): Rational {
  const { min_per_event: least, max_per_event: most } = model
  return sum(
    paid.map((amount) => {
      const fee = add(multiply(amount, rate), fixed)
      const atLeast = least === null ? fee : max(fee, decimal(least))
      return subtract(most === null ? atLeast : min(atLeast, decimal(most)), fee)
    }),
  )
}
