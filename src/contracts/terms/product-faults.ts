import type { LocalDate } from '../../kernel/calendar.ts'
import type { Fault } from '../../kernel/problem.ts'
import type { ContractProduct, ContractTerms } from '../contract.ts'
import { faultsOfAmount } from '../largest-amount.ts'
import { billingSpan } from '../periods/billing-span.ts'
import { boundaryDate, boundaryFrom, type CycleTerms } from '../periods/schedule.ts'
import { faultsOfNextCycle, faultsOfOwnCycle } from './own-cycle-faults.ts'
import { faultsOfAccumulation, faultsOfEscalator, faultsOfRamp } from './price-schedule-faults.ts'
import {
  CYCLE_TERMS,
  type ProductRule,
  productRule,
  type RuledTerms,
  type SoldProduct,
  seesProduct,
  seesTerms,
  type TermsSource,
} from './rule.ts'
import { faultsOfAdvance, faultsOfBucket, unfitForUsage } from './usage-price-faults.ts'

const PRICE = ['model', 'modifiers', 'quantity'] as const
const DAYS = ['billing_start_date', 'billing_end_date'] as const

/** Rules of how one product is sold, in the order in which their faults are told. */
const PRODUCT_RULES: readonly ProductRule[] = [
  productRule([], ['model'], faultsOfModel),
  productRule([], ['model', 'quantity'], faultsOfQuantity),
  productRule(['currency'], ['model', 'quantity'], faultsOfFee),
  productRule(
    [...CYCLE_TERMS, 'currency'],
    [...PRICE, 'ramp', 'escalator', 'billing_cycle', 'anchor_date', ...DAYS],
    (terms, product, sold) => faultsOfRamp(terms, product, sold, (step) => faultsOfPrice(terms, step, sold)),
  ),
  productRule([], ['model', 'escalator'], (_, product, sold) => faultsOfEscalator(product, sold)),
  productRule([], ['model', 'modifiers', 'ramp', 'accumulate'], (_, product, sold) =>
    faultsOfAccumulation(product, sold),
  ),
  productRule(CYCLE_TERMS, ['model', 'ramp', 'accumulate', 'bucket'], faultsOfBucket),
  productRule([], ['model', 'modifiers', 'ramp', 'accumulate', 'bill'], (_, product, sold) =>
    faultsOfAdvance(product, sold),
  ),
  productRule(['billing_cycle'], ['billing_cycle', 'anchor_date'], faultsOfOwnCycle),
  productRule(
    [...CYCLE_TERMS, 'product_spans'],
    ['product_ref', 'billing_cycle', 'anchor_date', ...DAYS],
    faultsOfNextCycle,
  ),
  productRule(CYCLE_TERMS, DAYS, faultsOfBillingDates),
  productRule(CYCLE_TERMS, ['trial_end_date'], faultsOfTrial),
  productRule([], ['credit_removals'], faultsOfRemovals),
]

/** What is wrong with how one product is sold, at paths within it. */
export function faultsOfProduct(
  terms: RuledTerms,
  product: ContractProduct,
  sold: SoldProduct | undefined,
  source: TermsSource & { path: string },
): Fault[] {
  const sees = (parts: readonly (keyof ContractProduct)[]) =>
    seesProduct(source.isRead, ['product_ref', ...parts], source.path)
  if (sold === undefined) {
    const message = 'there is no such product; make it with POST /api/products'
    return sees([]) ? [{ path: 'product_ref', message }] : []
  }
  return PRODUCT_RULES.filter(
    ({ looksAt, looksAtProduct }) => seesTerms(source, looksAt) && sees(looksAtProduct),
  ).flatMap(({ faultsOf }) => faultsOf(terms, product, sold))
}

type Terms<K extends keyof ContractTerms> = Pick<ContractTerms, K>
type Product<P extends keyof ContractProduct> = Pick<ContractProduct, P>

/** All rules of a price, of a product's own or of a step. */
const faultsOfPrice = (
  terms: Terms<'currency'>,
  price: Product<'model' | 'quantity'>,
  sold: SoldProduct,
): Fault[] => [
  ...faultsOfModel(terms, price, sold),
  ...faultsOfQuantity(terms, price, sold),
  ...faultsOfFee(terms, price, sold),
]

function faultsOfModel(_: object, { model }: Product<'model'>, { kind, metric }: SoldProduct): Fault[] {
  if (kind === 'usage') {
    const message = unfitForUsage(model, metric)
    return message === undefined ? [] : [{ path: 'model', message }]
  }
  if (model.type !== 'flat') return [{ path: 'model', message: `a ${kind} product needs a flat price` }]
  return kind === 'one_time' && model.term === 'in_arrears'
    ? [{ path: 'model.term', message: 'a one-time fee is due on its billing_start_date: in_advance' }]
    : []
}

function faultsOfQuantity(
  terms: object,
  { model, quantity }: Product<'model' | 'quantity'>,
  sold: SoldProduct,
): Fault[] {
  const isMeasured = sold.kind === 'usage' && faultsOfModel(terms, { model }, sold).length === 0
  return isMeasured && quantity !== '1'
    ? [{ path: 'quantity', message: 'is measured for a usage product' }]
    : []
}

/** Of usage a flat price is wrong by itself. */
function faultsOfFee(
  terms: Terms<'currency'>,
  price: Product<'model' | 'quantity'>,
  { kind }: SoldProduct,
): Fault[] {
  return kind === 'usage' ? [] : faultsOfAmount(terms, price)
}

const WHOLE_CYCLES = 'must be the first day of a billing cycle: usage is counted by whole cycles'

function faultsOfBillingDates(
  terms: CycleTerms,
  product: Product<(typeof DAYS)[number]>,
  { kind }: SoldProduct,
): Fault[] {
  const { start, end } = billingSpan(terms, product)
  // A contract without a day has a fault of its own.
  if (terms.end_date !== null && terms.end_date <= terms.start_date) return []
  if (end !== null && end <= start) {
    return [{ path: 'billing_end_date', message: 'leaves no day on which the product is billed' }]
  }
  // A cycle's usage is counted as one total, so its price cannot change on a day inside it.
  if (kind !== 'usage') return []
  return DAYS.flatMap((path) =>
    isInsideCycle(terms, product[path]) ? [{ path, message: WHOLE_CYCLES }] : [],
  )
}

function faultsOfRemovals(
  _: object,
  { credit_removals }: Product<'credit_removals'>,
  { grantsCredit }: SoldProduct,
): Fault[] {
  const message = 'is not of a product that sells credit: what was sold stays sold until a credit note'
  return grantsCredit && credit_removals ? [{ path: 'credit_removals', message }] : []
}

function faultsOfTrial(
  terms: CycleTerms,
  { trial_end_date: end }: Product<'trial_end_date'>,
  { kind }: SoldProduct,
): Fault[] {
  const path = 'trial_end_date'
  if (end === undefined) return []
  if (kind === 'one_time') return [{ path, message: 'a one-time fee is due once, and has no trial' }]
  return kind === 'usage' && isInsideCycle(terms, end) ? [{ path, message: WHOLE_CYCLES }] : []
}

function isInsideCycle(terms: CycleTerms, date: LocalDate | null): boolean {
  if (date === null || date <= terms.start_date) return false
  if (terms.end_date !== null && date >= terms.end_date) return false
  return boundaryDate(terms, boundaryFrom(terms, date)) !== date
}
