import type { LocalDate } from '../kernel/calendar.ts'
import { canonicalJson } from '../kernel/hash.ts'
import { billingSpan } from './billing-span.ts'
import { type AskedCommitment, withCommitment } from './commitment.ts'
import type { ContractProduct, ContractTerms, Invoicing, PaymentMethod, Renewal } from './contract.ts'
import { boundaryDate, boundaryFrom } from './schedule.ts'

/** What an amendment may change; what is left out stays as it is. */
export type ContractChange = {
  net_terms?: number | undefined
  max_lateness_days?: number | null | undefined
  invoicing?: Invoicing | undefined
  auto_charge?: boolean | undefined
  payment_methods?: PaymentMethod[] | undefined
  tax?: string | undefined
  po_number?: string | null | undefined
  /** Null takes it away. */
  commitment?: AskedCommitment | null | undefined
  renewal?: Renewal | null | undefined
  custom_fields?: Record<string, string> | undefined
  products?: ContractProduct[] | undefined
}

/**
 * The terms with a change from `effective` on. Prices of the time before stay in the terms, ended on that day, so that
 * late usage of an old cycle still finds the price that held in it.
 */
export function amendTerms(
  terms: ContractTerms,
  { products, tax, commitment, ...settings }: ContractChange,
  effective: LocalDate,
  isOneTime: (productRef: string) => boolean,
): ContractTerms {
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
  return {
    ...terms,
    ...given,
    ...(tax !== undefined && { tax_percent: tax }),
    ...(commitment !== undefined && { commitments: withCommitment(terms, commitment, effective) }),
    ...(products && { products: amendProducts(terms, products, effective, isOneTime) }),
  }
}

/** True when the change touches how invoices are made, and not only what is sold. */
export const changesSettings = ({ products: _, ...settings }: ContractChange): boolean =>
  Object.values(settings).some((value) => value !== undefined)

/** The number of the boundary that lies on `date`, or undefined where a cycle is under way on it. */
export function boundaryOn(terms: ContractTerms, date: LocalDate): number | undefined {
  const boundary = boundaryFrom(terms, date)
  return boundaryDate(terms, boundary) === date ? boundary : undefined
}

function amendProducts(
  terms: ContractTerms,
  wanted: readonly ContractProduct[],
  effective: LocalDate,
  isOneTime: (productRef: string) => boolean,
): ContractProduct[] {
  const isPast = (product: ContractProduct): boolean => {
    const { start, end } = billingSpan(terms, product)
    return (end !== null && end <= effective) || (isOneTime(product.product_ref) && start < effective)
  }
  const past = terms.products.filter(isPast)
  const live = terms.products.filter((product) => !isPast(product))
  const isKept = (product: ContractProduct): boolean => wanted.some((one) => continues(one, product))
  const kept = live.filter(isKept)
  const ended = live
    .filter((product) => !isKept(product) && billingSpan(terms, product).start < effective)
    .map((product) => ({ ...product, billing_end_date: effective }))
  const added = wanted
    .filter((one) => ![...past, ...kept].some((product) => continues(one, product)))
    .map((one) => ({ ...one, billing_start_date: later(one.billing_start_date, effective) }))
  return [...past, ...ended, ...kept, ...added]
}

/** The same price, going on: sent without a start, or with the start that it has. */
const continues = (wanted: ContractProduct, product: ContractProduct): boolean =>
  canonicalJson(wanted) === canonicalJson(product) ||
  (wanted.billing_start_date === null &&
    canonicalJson(wanted) === canonicalJson({ ...product, billing_start_date: null }))

const later = (date: LocalDate | null, than: LocalDate): LocalDate =>
  date !== null && date > than ? date : than
