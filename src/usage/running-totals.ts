import { add, type Rational } from '../kernel/rational.ts'
import type { Period } from './period.ts'

const TOTALS_MAX = 5_000

/**
 * The totals that answers to events show, so that each answer need not add up its whole cycle. Only a copy: what is
 * missing is counted again from storage, by `count`.
 */
export class RunningTotals {
  readonly #totals = new Map<string, Rational>()
  readonly #count: (productRef: string, period: Period) => Rational

  constructor(count: (productRef: string, period: Period) => Rational) {
    this.#count = count
  }

  /** Adds what has been recorded just now to a total that is held; one that is not will be counted with it. */
  add(productRef: string, period: Period, quantity: Rational): void {
    const key = keyOf(productRef, period)
    const held = this.#totals.get(key)
    if (held) this.#totals.set(key, add(held, quantity))
  }

  /** True while no total is held, so that none has to be kept up. */
  get isEmpty(): boolean {
    return this.#totals.size === 0
  }

  get(productRef: string, period: Period): Rational {
    const key = keyOf(productRef, period)
    const total = this.#totals.get(key) ?? this.#count(productRef, period)
    if (this.#totals.size >= TOTALS_MAX) this.#totals.clear()
    this.#totals.set(key, total)
    return total
  }
}

const keyOf = (productRef: string, { start, end }: Period): string => `${start} ${end} ${productRef}`
