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
  subtract,
  ZERO,
} from '../kernel/rational.ts'
import { percent } from './percent.ts'
import { amountRow, type LineDetailExact, type Rated, ratedOf } from './rated.ts'

/** So many equal amounts, one after the other. */
export type EventRun = { amount: Rational; times: bigint }

/**
 * All that a percentage needs to know of single events: how many pay, on what, and what the least and the most for one
 * event add to their fees.
 */
export type PaidEvents = { count: Rational; base: Rational; bounds: Rational }

/**
 * A percentage of each event's amount and a fixed fee for each event, once the free part is used up: it ends with the
 * number of free events or with the free amount, whichever comes first. The event that crosses the free amount pays on
 * the excess, and the fixed fee. Rate and fixed fee together are kept within the bounds for one event. A negative amount
 * bills nothing.
 *
 * @example 1.3 % and 2 for each event, 3 events or 250 free; 50, 100, 250, 400: 550 × 1.3 % + 2 × 2 = 11.15
 */
export function ratePercentage(model: PercentageModel, amounts: readonly Rational[]): Rated {
  const counter = new PaidCounter(model)
  for (const amount of amounts) counter.add({ amount, times: 1n })
  return ratePaid(model, counter.paid)
}

/** The price of events that were counted. */
export function ratePaid(model: PercentageModel, { count, base, bounds }: PaidEvents): Rated {
  const rate = percent(model.rate_percent)
  const fixed = decimal(model.fixed_per_event)
  const rows: LineDetailExact[] = [
    {
      description: `${model.rate_percent} %`,
      quantity: base,
      unitAmount: rate,
      amount: multiply(base, rate),
    },
    { description: 'Paid events', quantity: count, unitAmount: fixed, amount: multiply(count, fixed) },
    amountRow('Least and most for each event', bounds),
  ]
  return ratedOf(rows.filter((row) => !isZero(row.amount)))
}

/** Counts the paid events of a period, which are told in the order of time. */
export class PaidCounter {
  readonly #model: PercentageModel
  readonly #freeEvents: Rational
  readonly #freeAmount: Rational
  #isFree: boolean
  #events = ZERO
  #total = ZERO
  paid: PaidEvents = { count: ZERO, base: ZERO, bounds: ZERO }

  constructor(model: PercentageModel) {
    this.#model = model
    this.#freeEvents = decimal(model.free_events)
    this.#freeAmount = decimal(model.free_amount)
    this.#isFree = !isZero(this.#freeEvents) || !isZero(this.#freeAmount)
  }

  add({ amount, times }: EventRun): void {
    if (isNegative(amount) || isZero(amount)) return
    let left = times
    for (; left > 0n && this.#isFree; left--) this.#addFree(amount)
    if (left > 0n) this.#pay(amount, left)
  }

  /** An event while the free part lasts: what of it lies beyond is paid. */
  #addFree(amount: Rational): void {
    this.#events = add(this.#events, ONE)
    this.#total = add(this.#total, amount)
    const isBeyond = !isZero(this.#freeEvents) && compare(this.#events, this.#freeEvents) > 0
    const excess = isZero(this.#freeAmount) ? ZERO : subtract(this.#total, this.#freeAmount)
    if (!isBeyond && compare(excess, ZERO) <= 0) return
    this.#isFree = false
    this.#pay(isBeyond ? amount : excess, 1n)
  }

  #pay(amount: Rational, times: bigint): void {
    const count = { num: times, den: 1n }
    const { paid } = this
    this.paid = {
      count: add(paid.count, count),
      base: add(paid.base, multiply(amount, count)),
      bounds: add(paid.bounds, multiply(boundsOf(this.#model, amount), count)),
    }
  }
}

/** What the bounds for one event add to its fee, or take off it. */
function boundsOf(model: PercentageModel, amount: Rational): Rational {
  const { min_per_event: least, max_per_event: most } = model
  if (least === null && most === null) return ZERO
  const fee = add(multiply(amount, percent(model.rate_percent)), decimal(model.fixed_per_event))
  const atLeast = least === null ? fee : max(fee, decimal(least))
  return subtract(most === null ? atLeast : min(atLeast, decimal(most)), fee)
}
