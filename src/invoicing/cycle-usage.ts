import { type Metric, SUM_OF_QUANTITY } from '../catalog/metric.ts'
import { looksAtEvents } from '../catalog/price-faults.ts'
import type { Contract, ContractProduct } from '../contracts/contract.ts'
import { cyclePeriod } from '../contracts/schedule.ts'
import { instantOf, type ZoneTerms } from '../contracts/zone.ts'
import { addMonths, firstOfMonth, type LocalDate, monthOf } from '../kernel/calendar.ts'
import type { SealMonth, SealRequest } from '../usage/sealed-usage.ts'
import { agreedProducts, type BilledProduct } from './charge.ts'
import { usagePrices } from './usage-charge.ts'

/** What the meter needs to know of a product. */
export type MeteredProduct = BilledProduct & { metric: Metric | null }

/** A price with what it is for. */
type PricedProduct = Pick<ContractProduct, 'product_ref' | 'model' | 'modifiers' | 'bucket'>

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
    start: instantOf(terms, cycle.start),
    end: instantOf(terms, cycle.end),
    products: usagePrices(basis, cycleNo).map(({ agreed, product }) =>
      meteredFor(agreed, products.get(product.ref), terms.timezone),
    ),
    months: monthsOf(cycle, terms),
  }
}

/** How the usage of a product is measured for a price: a price may look at single events, or at each hour or day. */
export function meteredFor(
  { product_ref: productRef, model, modifiers, bucket }: PricedProduct,
  product: Pick<MeteredProduct, 'metric'> | undefined,
  timezone: string,
): SealRequest['products'][number] {
  const metric = product?.metric ?? SUM_OF_QUANTITY
  if (looksAtEvents(model)) {
    const price = { model, ...(modifiers && { modifiers }) }
    return { productRef, metric: { ...metric, each: true }, parts: { by: 'event', price } }
  }
  return { productRef, metric, ...(bucket && { parts: { by: 'bucket', bucket, timezone } }) }
}

/** The calendar months that a cycle touches, each cut to the cycle. */
export function monthsOf(
  { start, end }: { start: LocalDate; end: LocalDate },
  terms: ZoneTerms,
): SealMonth[] {
  const months: SealMonth[] = []
  for (let day = start; day < end; ) {
    const nextMonth = addMonths(firstOfMonth(day), 1)
    const until = nextMonth < end ? nextMonth : end
    months.push({ month: monthOf(day), start: instantOf(terms, day), end: instantOf(terms, until) })
    day = until
  }
  return months
}
