import type { Metric } from '../../catalog/metric.ts'
import type { ProductKind } from '../../catalog/product.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import type { Fault } from '../../kernel/problem.ts'
import { faultsOfRenewal } from '../changes/renewal.ts'
import type { ContractProduct, ContractTerms } from '../contract.ts'
import { faultsOfAmount } from '../largest-amount.ts'
import { billingSpan, overlap } from '../periods/billing-span.ts'
import { boundaryDate, boundaryFrom } from '../periods/schedule.ts'
import { faultsOfCommitment } from './commitment.ts'
import { faultsOfDiscounts } from './discount-terms.ts'
import { faultsOfSchedule } from './price-schedule-faults.ts'
import { faultsOfTaxes } from './tax-terms.ts'
import { faultsOfAdvance, faultsOfBucket, unfitForUsage } from './usage-price-faults.ts'

/** Longest wait between a boundary and its invoice. */
export const ISSUE_OFFSET_DAYS_MAX = 90

/** What of a product decides which prices suit it. */
export type SoldProduct = { kind: ProductKind; metric: Metric | null }

/** Everything that is wrong with terms whose single fields are right, so that all can be mended at once. */
export const faultsOfTerms = (terms: ContractTerms, products: ReadonlyMap<string, SoldProduct>): Fault[] => [
  ...faultsOfDates(terms),
  ...terms.products.flatMap((product, place) =>
    faultsOfProduct(terms, product, products.get(product.product_ref)).map(({ path, message }) => ({
      path: `products.${place}.${path}`,
      message,
    })),
  ),
  ...faultsOfRepeats(terms),
  ...faultsOfCommitment(terms),
  ...faultsOfDiscounts(terms),
  ...faultsOfTaxes(terms),
  ...faultsOfRenewal(terms),
]

function faultsOfDates({ start_date, end_date, issue_offset_days: offset }: ContractTerms): Fault[] {
  const faults: Fault[] = []
  if (end_date !== null && end_date <= start_date) {
    faults.push({
      path: 'end_date',
      message: 'must be after start_date: it is the first day no longer billed',
    })
  }
  if (offset < 0 || offset > ISSUE_OFFSET_DAYS_MAX) {
    faults.push({
      path: 'issue_day',
      message: `must be 0 to ${ISSUE_OFFSET_DAYS_MAX} days after the boundary of the first invoice`,
    })
  }
  return faults
}

/** What is wrong with the price of one product. */
export function faultsOfProduct(
  terms: ContractTerms,
  product: ContractProduct,
  sold: SoldProduct | undefined,
): Fault[] {
  if (sold === undefined) {
    return [{ path: 'product_ref', message: 'there is no such product; make it with POST /api/products' }]
  }
  return [
    ...faultsOfPrice(terms, product, sold),
    ...faultsOfSchedule(terms, product, sold, (step) => faultsOfPrice(terms, step, sold)),
    ...faultsOfBucket(terms, product, sold),
    ...faultsOfAdvance(product, sold),
    ...faultsOfBillingDates(terms, product, sold.kind),
    ...faultsOfTrial(terms, product, sold.kind),
  ]
}

function faultsOfPrice(
  terms: ContractTerms,
  product: ContractProduct,
  { kind, metric }: SoldProduct,
): Fault[] {
  const { model, quantity } = product
  if (kind === 'usage') {
    const message = unfitForUsage(model, metric)
    if (message !== undefined) return [{ path: 'model', message }]
    return quantity === '1' ? [] : [{ path: 'quantity', message: 'is measured for a usage product' }]
  }
  if (model.type !== 'flat') return [{ path: 'model', message: `a ${kind} product needs a flat price` }]
  return kind === 'one_time' && model.term === 'in_arrears'
    ? [{ path: 'model.term', message: 'a one-time fee is due on its billing_start_date: in_advance' }]
    : faultsOfAmount(terms, product)
}

const WHOLE_CYCLES = 'must be the first day of a billing cycle: usage is counted by whole cycles'

function faultsOfBillingDates(terms: ContractTerms, product: ContractProduct, kind: ProductKind): Fault[] {
  const { start, end } = billingSpan(terms, product)
  if (end !== null && end <= start) {
    return [{ path: 'billing_end_date', message: 'leaves no day on which the product is billed' }]
  }
  // A cycle's usage is counted as one total, so its price cannot change on a day inside it.
  if (kind !== 'usage') return []
  return (['billing_start_date', 'billing_end_date'] as const).flatMap((path) =>
    isInsideCycle(terms, product[path]) ? [{ path, message: WHOLE_CYCLES }] : [],
  )
}

function faultsOfTrial(
  terms: ContractTerms,
  { trial_end_date: end }: ContractProduct,
  kind: ProductKind,
): Fault[] {
  const path = 'trial_end_date'
  if (end === undefined) return []
  if (kind === 'one_time') return [{ path, message: 'a one-time fee is due once, and has no trial' }]
  return kind === 'usage' && isInsideCycle(terms, end) ? [{ path, message: WHOLE_CYCLES }] : []
}

function isInsideCycle(terms: ContractTerms, date: LocalDate | null): boolean {
  if (date === null || date <= terms.start_date) return false
  if (terms.end_date !== null && date >= terms.end_date) return false
  return boundaryDate(terms, boundaryFrom(terms, date)) !== date
}

/** The same product twice over the same days, in one contract. */
function faultsOfRepeats(terms: ContractTerms): Fault[] {
  return terms.products.flatMap((product, place) => {
    const earlier = terms.products
      .slice(0, place)
      .findIndex(
        (other) =>
          other.product_ref === product.product_ref &&
          overlap(billingSpan(terms, other), billingSpan(terms, product)),
      )
    if (earlier < 0) return []
    const message = `is billed over the same days by products.${earlier}; end that one first`
    return [{ path: `products.${place}.product_ref`, message }]
  })
}
