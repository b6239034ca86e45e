import { type IsRead, isAllRead } from '../../kernel/partly.ts'
import type { Fault } from '../../kernel/problem.ts'
import { faultsOfRenewal } from '../changes/renewal.ts'
import type { ContractTerms } from '../contract.ts'
import { billingSpan, overlap } from '../periods/billing-span.ts'
import { COMMITMENT_RULES } from './commitment-faults.ts'
import { DISCOUNT_RULES } from './discount-terms.ts'
import { faultsOfProduct } from './product-faults.ts'
import { CYCLE_TERMS, type SoldProduct, seesProduct, seesTerms, type TermsRule, termsRule } from './rule.ts'
import { faultsOfTaxes } from './tax-terms.ts'

/** Longest wait between a boundary and its invoice. */
export const ISSUE_OFFSET_DAYS_MAX = 90

const DATE_RULES: readonly TermsRule[] = [
  termsRule(['start_date', 'end_date'], faultsOfDates),
  termsRule(['issue_offset_days'], faultsOfIssueDay),
]

/** Told after the faults of products. */
const OTHER_RULES: readonly TermsRule[] = [
  ...COMMITMENT_RULES,
  ...DISCOUNT_RULES,
  termsRule(['taxes', 'product_taxes'], faultsOfTaxes),
  termsRule(['renewal', ...CYCLE_TERMS], faultsOfRenewal),
]

/**
 * Everything that is wrong with terms whose single fields are right, so that all can be mended at once. Of terms that
 * were read in part nothing is said that needs what is missing.
 */
export function faultsOfTerms(
  terms: ContractTerms,
  products: ReadonlyMap<string, SoldProduct>,
  isRead: IsRead = isAllRead,
): Fault[] {
  return [
    ...faultsBy(DATE_RULES, terms, isRead),
    ...terms.products.flatMap((product, place) => {
      const at = `products.${place}`
      return faultsOfProduct(terms, product, products.get(product.product_ref), { isRead, at }).map(
        ({ path, message }) => ({ path: `${at}.${path}`, message }),
      )
    }),
    ...faultsOfRepeats(terms, isRead),
    ...faultsBy(OTHER_RULES, terms, isRead),
  ]
}

function faultsBy(rules: readonly TermsRule[], terms: ContractTerms, isRead: IsRead): Fault[] {
  const ruled = {
    ...terms,
    product_refs: terms.products.map(({ product_ref }) => product_ref),
    product_taxes: terms.products.map(({ taxes }) => taxes),
  }
  return rules
    .filter(({ looksAt }) => seesTerms(isRead, looksAt, terms.products.length))
    .flatMap(({ faultsOf }) => faultsOf(ruled))
}

function faultsOfDates({ start_date, end_date }: Pick<ContractTerms, 'start_date' | 'end_date'>): Fault[] {
  return end_date !== null && end_date <= start_date
    ? [{ path: 'end_date', message: 'must be after start_date: it is the first day no longer billed' }]
    : []
}

function faultsOfIssueDay({ issue_offset_days: offset }: Pick<ContractTerms, 'issue_offset_days'>): Fault[] {
  if (offset >= 0 && offset <= ISSUE_OFFSET_DAYS_MAX) return []
  const message = `must be 0 to ${ISSUE_OFFSET_DAYS_MAX} days after the boundary of the first invoice`
  return [{ path: 'issue_day', message }]
}

/** The same product twice over the same days, in one contract. */
function faultsOfRepeats(terms: ContractTerms, isRead: IsRead): Fault[] {
  if (!seesTerms(isRead, ['start_date', 'end_date'])) return []
  const looksAt = ['product_ref', 'billing_start_date', 'billing_end_date'] as const
  const read = terms.products.map((_, place) => seesProduct(isRead, looksAt, `products.${place}`))
  return terms.products.flatMap((product, place) => {
    const earlier = terms.products
      .slice(0, place)
      .findIndex(
        (other, before) =>
          read[before] &&
          other.product_ref === product.product_ref &&
          overlap(billingSpan(terms, other), billingSpan(terms, product)),
      )
    if (earlier < 0 || !read[place]) return []
    const message = `is billed over the same days by products.${earlier}; end that one first`
    return [{ path: `products.${place}.product_ref`, message }]
  })
}
