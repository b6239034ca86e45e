import type { LocalDate } from '../../kernel/calendar.ts'
import type { Contract, ContractProduct, ContractTerms } from '../contract.ts'

/** The local dates over which a product of a contract is billed, half-open; `end` null is without end. */
export type BillingSpan = { start: LocalDate; end: LocalDate | null }

/** The product's own dates, cut by those of the contract. */
export function billingSpan(
  terms: Pick<ContractTerms, 'start_date' | 'end_date'>,
  product: Pick<ContractProduct, 'billing_start_date' | 'billing_end_date'>,
): BillingSpan {
  const { billing_start_date: from, billing_end_date: to } = product
  const start = from !== null && from > terms.start_date ? from : terms.start_date
  const end = to !== null && (terms.end_date === null || to < terms.end_date) ? to : terms.end_date
  return { start, end }
}

/** True when two spans have a day in common. */
export const overlap = (a: BillingSpan, b: BillingSpan): boolean =>
  !isEmpty(a) && !isEmpty(b) && startsBeforeEndOf(a, b) && startsBeforeEndOf(b, a)

const isEmpty = ({ start, end }: BillingSpan): boolean => end !== null && end <= start

const startsBeforeEndOf = (a: BillingSpan, b: BillingSpan): boolean => b.end === null || a.start < b.end

type Billed = Pick<Contract, 'customerRef' | 'ref' | 'terms'> & { status?: Contract['status'] | undefined }

/**
 * The other contract that already bills the usage of one of these products over the same time, if there is one: both
 * would bill the same events. Seats and fees are agreed anew by each contract, so two may bill the same of those.
 */
export function alreadyBilled(
  contract: Billed,
  others: readonly Billed[],
  isUsage: (productRef: string) => boolean,
): { productRef: string; otherRef: string } | undefined {
  for (const product of contract.terms.products.filter((one) => isUsage(one.product_ref))) {
    const span = billingSpan(contract.terms, product)
    const other = others.find(
      ({ ref, status, terms }) =>
        ref !== contract.ref &&
        status !== 'draft' &&
        terms.products.some(
          (theirs) => theirs.product_ref === product.product_ref && overlap(span, billingSpan(terms, theirs)),
        ),
    )
    if (other) return { productRef: product.product_ref, otherRef: other.ref }
  }
  return undefined
}
