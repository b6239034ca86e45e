import type { Instant } from '../../kernel/calendar.ts'
import type { Rational } from '../../kernel/rational.ts'
import type { CellText } from '../bucket.ts'
import type { BillingLookup } from '../meter-calendar.ts'
import { meteredGroups } from '../metrics/metered-value.ts'
import { monthUtc, type Period } from '../period.ts'
import { formatQuantity, readQuantity } from '../quantity.ts'
import { RunningTotals } from '../running-totals.ts'
import { plainMeasure } from '../sealed-usage.ts'
import type { CycleTotal } from '../verdict.ts'
import type { MeterBooks } from './meter-books.store.ts'

/** The totals that answers to single events show, held for the cycles that events fall into. */
export class CycleTotals {
  readonly #books: () => MeterBooks
  readonly #billing: BillingLookup
  #totals: RunningTotals

  constructor(books: () => MeterBooks, billing: BillingLookup) {
    this.#books = books
    this.#billing = billing
    this.#totals = this.#none()
  }

  /** Notes what has been counted just now. */
  add(cells: readonly CellText[]): void {
    if (this.#totals.isEmpty) return
    for (const [productRef, bucket, quantity, events] of cells) {
      const isCount = this.#books().metrics.of(productRef).type === 'count'
      const added = isCount ? { num: BigInt(events), den: 1n } : readQuantity(quantity)
      this.#totals.add(productRef, this.#period(productRef, bucket), added)
    }
  }

  of(productRef: string, at: Instant): CycleTotal {
    const cycle = this.#billing(productRef, at)?.cycle ?? null
    const period = cycle ?? monthUtc(at)
    const { metrics, states } = this.#books()
    const metric = metrics.of(productRef)
    if (!metrics.keeps(productRef))
      return { cycle, cycleTotal: formatQuantity(this.#totals.get(productRef, period)) }
    const cells = states.between(metric.recurring ? 0 : period.start, period.end, productRef, metric)
    return { cycle, cycleTotal: formatQuantity(meteredGroups(metric, cells, period).total) }
  }

  /** Forgets all, after what they were made from has changed otherwise. */
  clear(): void {
    this.#totals = this.#none()
  }

  #period(productRef: string, at: Instant): Period {
    return this.#billing(productRef, at)?.cycle ?? monthUtc(at)
  }

  #none(): RunningTotals {
    return new RunningTotals((productRef, period) => this.#count(productRef, period))
  }

  #count(productRef: string, period: Period): Rational {
    const { totals, metrics } = this.#books()
    return plainMeasure(totals.between(period, productRef), metrics.of(productRef))
  }
}
