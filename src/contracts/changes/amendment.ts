import type { LocalDate } from '../../kernel/calendar.ts'
import { canonicalJson } from '../../kernel/hash.ts'
import type { ContractProduct, ContractTerms } from '../contract.ts'
import { billingSpan } from '../periods/billing-span.ts'
import { boundaryDate, boundaryFrom } from '../periods/schedule.ts'
import { type AskedTrial, withTrialEnd } from '../periods/trial.ts'
import { inZone } from '../periods/zone.ts'
import { isCommitted, withCommitment } from '../terms/commitment.ts'
import { amendDiscounts } from '../terms/discount-terms.ts'
import type { ContractDraft } from '../terms/draft.ts'
import { readTax } from '../terms/tax-terms.ts'
import type { ChangeDay } from './change-date.ts'

/**
 * What an amendment may change; what is left out stays as it is, and null takes away. Lists are whole: all discounts and
 * products that hold from then on.
 */
export type ContractChange = { [Field in Amendable]?: ContractDraft[Field] | undefined }

type Amendable =
  | 'net_terms'
  | 'max_lateness_days'
  | 'invoicing'
  | 'auto_charge'
  | 'payment_methods'
  | 'tax'
  | 'tax_rounding'
  | 'discounts'
  | 'early_payment_discount'
  | 'po_number'
  | 'commitment'
  | 'renewal'
  | 'custom_fields'
  | 'timezone'
  | 'products'

/** From when on the parts of an amendment hold. */
export type ChangeDates = {
  dayOf: ChangeDay
  /** The next boundary: a commitment is held to whole cycles. */
  boundary: LocalDate
  /** The end of the cycle that is running. */
  zoneFrom: LocalDate
}

type IsOneTime = (productRef: string) => boolean

/**
 * The terms with a change. Prices of the time before stay in the terms, ended on the day of the change, so that late usage
 * of an old cycle still finds the price that held in it.
 */
export function amendTerms(
  terms: ContractTerms,
  { products, tax, discounts, commitment, timezone, ...settings }: ContractChange,
  { dayOf, boundary, zoneFrom }: ChangeDates,
  isOneTime: IsOneTime,
): ContractTerms {
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
  const amended = {
    ...terms,
    ...given,
    ...(tax !== undefined && { taxes: undefined, ...readTax(tax, '0') }),
    ...(discounts && { discounts: amendDiscounts(terms, discounts, boundary) }),
    ...(commitment !== undefined &&
      !isCommitted(terms, commitment, boundary) && {
        commitments: withCommitment(terms, commitment, boundary),
      }),
    ...(products && {
      products: productsAfter(terms, products, dayOf, isOneTime).map(({ product }) => product),
    }),
  }
  return timezone === undefined ? amended : inZone(amended, timezone, zoneFrom)
}

/** True when the change touches how invoices are made, and not only what is sold. */
export const changesSettings = ({ products: _, ...settings }: ContractChange): boolean =>
  Object.values(settings).some((value) => value !== undefined)

/** The number of the boundary that lies on `date`, or undefined where a cycle is under way on it. */
export function boundaryOn(terms: ContractTerms, date: LocalDate): number | undefined {
  const boundary = boundaryFrom(terms, date)
  return boundaryDate(terms, boundary) === date ? boundary : undefined
}

/** A product of amended terms; `sentAt` is its place in the amendment, of one that the amendment ends null. */
export type ProductAfter = { product: ContractProduct; sentAt?: number | null }

/** The products of amended terms: those that are past, those that end, those that go on, and those that begin. */
export function productsAfter(
  terms: ContractTerms,
  wanted: readonly (ContractProduct & AskedTrial)[],
  dayOf: ChangeDay,
  isOneTime: IsOneTime,
): ProductAfter[] {
  const isPast = (product: ContractProduct): boolean => {
    const { start, end } = billingSpan(terms, product)
    const day = dayOf(product.product_ref)
    return (end !== null && end <= day) || (isOneTime(product.product_ref) && start < day)
  }
  const placeOf = (product: ContractProduct): number =>
    wanted.findIndex((one) => continues(terms, one, product))
  const [past, live] = [true, false].map((wish) => terms.products.filter((one) => isPast(one) === wish)) as [
    ContractProduct[],
    ContractProduct[],
  ]
  const kept = live.filter((product) => placeOf(product) >= 0)
  const ended = live
    .filter(
      (product) => placeOf(product) < 0 && billingSpan(terms, product).start < dayOf(product.product_ref),
    )
    .map((product) => ({ ...product, billing_end_date: dayOf(product.product_ref) }))
  const added = wanted.flatMap((one, sentAt) => {
    if ([...past, ...kept].some((product) => continues(terms, one, product))) return []
    const start = later(one.billing_start_date, dayOf(one.product_ref))
    return [{ product: withTrialEnd({ ...one, billing_start_date: start }, start), sentAt }]
  })
  return [
    ...past.map((product) => ({ product })),
    ...ended.map((product) => ({ product, sentAt: null })),
    ...kept.map((product) => ({ product, sentAt: placeOf(product) })),
    ...added,
  ]
}

/** The same price, going on: sent without a start, or with the start that it has. */
function continues(
  terms: ContractTerms,
  sent: ContractProduct & AskedTrial,
  product: ContractProduct,
): boolean {
  const wanted = withTrialEnd(sent, billingSpan(terms, product).start)
  return (
    canonicalJson(wanted) === canonicalJson(product) ||
    (wanted.billing_start_date === null &&
      canonicalJson(wanted) === canonicalJson({ ...product, billing_start_date: null }))
  )
}

const later = (date: LocalDate | null, than: LocalDate): LocalDate =>
  date !== null && date > than ? date : than
