import { type Metric, SUM_OF_QUANTITY } from '../catalog/metric.ts'
import type { Contract } from '../contracts/contract.ts'
import { cyclePeriod } from '../contracts/schedule.ts'
import { addMonths, firstOfMonth, type LocalDate, monthOf, startOfDay } from '../kernel/calendar.ts'
import type { SealMonth, SealRequest } from '../usage/sealed-usage.ts'
import { agreedProducts, type BilledProduct } from './charge.ts'
import { usagePrices } from './usage-charge.ts'

/** What the meter needs to know of a product. */
export type MeteredProduct = BilledProduct & { metric: Metric | null }

/**
 * Asks the meter for the usage that closing this boundary bills: the products with a price in the cycle, the cycle's
 * instants in the contract's zone, and its calendar months. Undefined where no usage was ever sold, so that no meter is
 * woken for nothing; a product sold earlier still counts, since late events may have corrected it.
 */
export function sealRequest(
  { ref, terms, nextCycle: cycleNo }: Contract,
  products: ReadonlyMap<string, MeteredProduct>,
): SealRequest | undefined {
  const basis = { terms, products }
  if (cycleNo < 1 || agreedProducts(basis, 'usage').length === 0) return undefined
  const cycle = cyclePeriod(terms, cycleNo)
  return {
    contractRef: ref,
    cycleNo,
    start: startOfDay(cycle.start, terms.timezone),
    end: startOfDay(cycle.end, terms.timezone),
    products: usagePrices(basis, cycleNo).map(({ product }) => ({
      productRef: product.ref,
      metric: products.get(product.ref)?.metric ?? SUM_OF_QUANTITY,
    })),
    months: monthsOf(cycle, terms.timezone),
  }
}

/** The calendar months that a cycle touches, each cut to the cycle. */
function monthsOf({ start, end }: { start: LocalDate; end: LocalDate }, timezone: string): SealMonth[] {
  const months: SealMonth[] = []
  for (let day = start; day < end; ) {
    const nextMonth = addMonths(firstOfMonth(day), 1)
    const until = nextMonth < end ? nextMonth : end
    months.push({ month: monthOf(day), start: startOfDay(day, timezone), end: startOfDay(until, timezone) })
    day = until
  }
  return months
}
