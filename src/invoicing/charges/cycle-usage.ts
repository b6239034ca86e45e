import { type EarlierMetric, type Metric, metricAt, SUM_OF_QUANTITY } from '../../catalog/metric.ts'
import { looksAtEvents } from '../../catalog/price-faults.ts'
import type { Contract, ContractProduct } from '../../contracts/contract.ts'
import { cyclePeriod } from '../../contracts/periods/schedule.ts'
import { instantOf, type ZoneTerms, zoneOf } from '../../contracts/periods/zone.ts'
import { addMonths, firstOfMonth, type Instant, type LocalDate, monthOf } from '../../kernel/calendar.ts'
import type { SealMonth, SealRequest } from '../../usage/sealed-usage.ts'
import { agreedProducts, type BilledProduct } from './charge.ts'
import { usagePrices } from './usage-charge.ts'

/** What the meter needs to know of a product. */
export type MeteredProduct = BilledProduct & { metric: Metric | null }

/** What products were measured by before, by their refs. */
type EarlierMetrics = ReadonlyMap<string, readonly EarlierMetric[]>

/** A price with what it is for. */
type PricedProduct = Pick<ContractProduct, 'product_ref' | 'model' | 'modifiers' | 'bucket'>

/**
 * Asks the meter for the usage that closing this boundary bills: the products with a price in the cycle, the cycle's
 * instants in the contract's zone, and its calendar months. Undefined where no usage was ever sold, so that no meter is
 * woken for nothing; a product sold earlier still counts, since late events may have corrected it.
 */
export function sealRequest(
  contract: Contract,
  products: ReadonlyMap<string, MeteredProduct>,
  measures: EarlierMetrics = new Map(),
): SealRequest | undefined {
  const { ref, terms, nextCycle: cycleNo } = contract
  const basis = { terms, products }
  if (cycleNo < 1 || agreedProducts(basis, 'usage').length === 0) return undefined
  const cycle = cyclePeriod(terms, cycleNo)
  const start = instantOf(terms, cycle.start)
  const zone = zoneOf(terms, cycle.end)
  return {
    contractRef: ref,
    cycleNo,
    start,
    end: instantOf(terms, cycle.end),
    products: usagePrices(basis, cycleNo).map(({ agreed, product }) =>
      meteredFor(agreed, metricOf(contract, start, products.get(product.ref), measures), zone),
    ),
    months: monthsOf(cycle, terms),
  }
}

/** What a product is measured by in a cycle; a contract that was made after the cycle began knows no earlier metric. */
export const metricOf = (
  { createdAt }: Pick<Contract, 'createdAt'>,
  start: Instant,
  product: Pick<MeteredProduct, 'ref' | 'metric'> | undefined,
  measures: EarlierMetrics,
): Metric =>
  metricAt(
    product?.metric ?? SUM_OF_QUANTITY,
    measures.get(product?.ref ?? '') ?? [],
    Math.max(start, createdAt),
  )

/** How the usage of a product is measured for a price: a price may look at single events, or at each hour or day. */
export function meteredFor(
  { product_ref: productRef, model, modifiers, bucket }: PricedProduct,
  metric: Metric,
  timezone: string,
): SealRequest['products'][number] {
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
