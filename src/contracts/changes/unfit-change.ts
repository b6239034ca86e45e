import type { Fault } from '../../kernel/problem.ts'
import type { Contract } from '../contract.ts'
import { billingSpan } from '../periods/billing-span.ts'
import { boundaryDate } from '../periods/schedule.ts'
import { faultsOfProduct } from '../terms/product-faults.ts'
import { ruledTerms, type SoldProduct, sentWhole } from '../terms/rule.ts'

/**
 * What of a contract's prices does not suit a product as it would be after a change. A price that ends with the cycle
 * that is billed next never meets the change: it holds for cycles that begin later.
 */
export function unfitPrices(
  { terms, nextCycle }: Pick<Contract, 'terms' | 'nextCycle'>,
  after: SoldProduct & { ref: string },
): Fault[] {
  const nextBoundary = boundaryDate(terms, nextCycle)
  const source = sentWhole(terms)
  const ruled = ruledTerms(terms, source)
  return terms.products.flatMap((agreed, place) => {
    const { end } = billingSpan(terms, agreed)
    if (agreed.product_ref !== after.ref || (end !== null && end <= nextBoundary)) return []
    const at = `products.${place}`
    return faultsOfProduct(ruled, agreed, after, { ...source, path: at }).map(({ path, message }) => ({
      path: `${at}.${path}`,
      message,
    }))
  })
}
