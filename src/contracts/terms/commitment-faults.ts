import type { Fault } from '../../kernel/problem.ts'
import { compare, decimal, isZero, ONE } from '../../kernel/rational.ts'
import type { Commitment, ContractProduct } from '../contract.ts'
import { isTooLarge, tooLarge } from '../largest-amount.ts'
import { type RuledTerms, type TermsRule, termsRule } from './rule.ts'

/** What of the commitment that was agreed last does not fit the rest of the terms. */
export const COMMITMENT_RULES: readonly TermsRule[] = [
  termsRule(['commitments'], (terms) => ofLast(terms, faultsOfMeasure)),
  termsRule(['commitments', 'products'], (terms) =>
    ofLast(terms, (last) => faultsOfUnitPrice(last, terms.products)),
  ),
  termsRule(['commitments', 'end_date'], (terms) =>
    ofLast(terms, ({ period }) =>
      period === 'contract' && terms.end_date === null
        ? [{ path: 'period', message: 'a commitment for the contract needs an end_date' }]
        : [],
    ),
  ),
  termsRule(['commitments', 'product_refs'], (terms) =>
    ofLast(terms, ({ product_ref: ref }) =>
      ref === null || terms.product_refs.includes(ref)
        ? []
        : [{ path: 'product_ref', message: 'must be a product of the contract' }],
    ),
  ),
  termsRule(['commitments', 'currency'], (terms) =>
    ofLast(terms, ({ amount }) =>
      isTooLarge(decimal(amount), terms.currency)
        ? [{ path: 'amount', message: tooLarge(terms.currency) }]
        : [],
    ),
  ),
  termsRule(['commitments'], (terms) =>
    ofLast(terms, ({ overage_factor: factor }) =>
      compare(decimal(factor), ONE) < 0 ? [{ path: 'overage_factor', message: 'must be 1 or more' }] : [],
    ),
  ),
]

function ofLast(
  { commitments = [] }: Pick<RuledTerms, 'commitments'>,
  faultsOf: (last: Commitment) => Fault[],
): Fault[] {
  const last = commitments.at(-1)
  const faults = last ? faultsOf(last) : []
  return faults.map(({ path, message }) => ({ path: `commitment.${path}`, message }))
}

/** Money or units, and units of what. */
function faultsOfMeasure({ amount, quantity, product_ref: ref }: Commitment): Fault[] {
  if (quantity === undefined) return []
  if (!isZero(decimal(amount))) return [{ path: 'quantity', message: 'send amount or quantity, not both' }]
  return ref === null ? [{ path: 'product_ref', message: 'must name the product of the quantity' }] : []
}

/** A quantity is worth money at a price that is the same for every unit. */
function faultsOfUnitPrice(commitment: Commitment, products: readonly ContractProduct[]): Fault[] {
  const { quantity, product_ref: ref } = commitment
  if (quantity === undefined || faultsOfMeasure(commitment).length > 0) return []
  const isPerUnit = ({ model, modifiers, accumulate }: ContractProduct) =>
    model.type === 'unit' && !modifiers && !accumulate
  return products.filter((product) => product.product_ref === ref).every(isPerUnit)
    ? []
    : [
        {
          path: 'quantity',
          message: 'needs a price per unit without discounts and limits; commit an amount instead',
        },
      ]
}
