import type { Fault } from '../../kernel/problem.ts'
import { faultsOfRenewal } from '../changes/renewal.ts'
import type { ContractTerms } from '../contract.ts'
import { billingSpan, overlap } from '../periods/billing-span.ts'
import { COMMITMENT_RULES } from './commitment-faults.ts'
import { DISCOUNT_RULES } from './discount-terms.ts'
import { faultsOfProduct } from './product-faults.ts'
import {
  CYCLE_TERMS,
  type RuledTerms,
  ruledTerms,
  type SoldProduct,
  seesTerms,
  sentWhole,
  type TermsRule,
  type TermsSource,
  termsRule,
} from './rule.ts'
import { faultsOfTaxes } from './tax-terms.ts'

/** Longest wait between a boundary and its invoice. */
export const ISSUE_OFFSET_DAYS_MAX = 90

const DATE_RULES: readonly TermsRule[] = [
  termsRule(['start_date', 'end_date'], faultsOfDates),
  termsRule(['issue_offset_days'], faultsOfIssueDay),
]

/** Told after the faults of products. */
const OTHER_RULES: readonly TermsRule[] = [
  termsRule(['start_date', 'end_date', 'product_spans'], faultsOfRepeats),
  ...COMMITMENT_RULES,
  ...DISCOUNT_RULES,
  termsRule(['taxes'], ({ taxes = [] }) => faultsOfTaxes(taxes)),
  termsRule(['renewal', ...CYCLE_TERMS], faultsOfRenewal),
]

/**
 * Everything that is wrong with terms whose single fields are right, so that all can be mended at once. Of terms that
 * were read in part nothing is said that needs what is missing, and of products that are not sent nothing at all.
 */
export function faultsOfTerms(
  terms: ContractTerms,
  products: ReadonlyMap<string, SoldProduct>,
  source: TermsSource = sentWhole(terms),
): Fault[] {
  const ruled = ruledTerms(terms, source)
  const faultsBy = (rules: readonly TermsRule[]) =>
    rules.filter(({ looksAt }) => seesTerms(source, looksAt)).flatMap(({ faultsOf }) => faultsOf(ruled))
  return [
    ...faultsBy(DATE_RULES),
    ...terms.products.flatMap((product, place) => {
      const path = source.paths[place]
      if (path === undefined) return []
      const sold = products.get(product.product_ref)
      const faults = [
        ...faultsOfProduct(ruled, product, sold, { ...source, path }),
        ...faultsOfTaxes(product.taxes ?? []),
      ]
      return faults.map((fault) => ({ ...fault, path: `${path}.${fault.path}` }))
    }),
    ...faultsBy(OTHER_RULES),
  ]
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
function faultsOfRepeats(terms: Pick<RuledTerms, 'start_date' | 'end_date' | 'product_spans'>): Fault[] {
  const spans = terms.product_spans.map((one) => ({ ...one, span: billingSpan(terms, one) }))
  return spans.flatMap(({ path, product_ref: ref, span }, place) => {
    const earlier = spans.slice(0, place).find((one) => one.product_ref === ref && overlap(one.span, span))
    if (!earlier || path === undefined) return []
    const message = `is billed over the same days by ${earlier.path ?? 'a price agreed before'}; end that one first`
    return [{ path: `${path}.product_ref`, message }]
  })
}
