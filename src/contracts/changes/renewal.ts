import { scaledPrice } from '../../catalog/price-scale.ts'
import { addDays, addMonths, type Instant, type LocalDate, startOfDay } from '../../kernel/calendar.ts'
import type { Fault } from '../../kernel/problem.ts'
import { add, decimal, divide, ONE, rational } from '../../kernel/rational.ts'
import type { Commitment, Contract, ContractProduct, ContractTerms } from '../contract.ts'
import { boundaryDate, boundaryFrom, type CycleTerms } from '../periods/schedule.ts'

const HUNDRED = rational(100n)

/**
 * When a contract renews itself: on the last day for notice, since from then on both sides are bound for another term.
 * Null where it never does: no end, no renewal agreed, notice given, or not in force.
 */
export function renewalInstant({ status, terms }: Pick<Contract, 'status' | 'terms'>): Instant | null {
  const { renewal, end_date: end, timezone } = terms
  if (status !== 'active' || end === null || !renewal?.auto || renewal.notice_date !== null) return null
  return startOfDay(addDays(end, -renewal.notice_days), timezone)
}

/** A contract's next term: its terms, and the day on which it begins. */
export type Renewed = { terms: ContractTerms; from: LocalDate }

/**
 * The terms for another term, from the end of the one before. Prices without a schedule of their own rise by the uplift,
 * each as a new price from that day; a commitment for the contract is made anew. The new end is the first end of a cycle
 * on or after `term_months`, so that no cycle is cut.
 *
 * @example a year to 1 January 2027 at 100 a month, uplift 3 %: to 1 January 2028 at 103
 */
export function renewedTerms(terms: ContractTerms, isOneTime: (productRef: string) => boolean): Renewed {
  const { renewal, end_date: from } = terms
  if (!renewal || from === null) throw new RangeError('a contract without renewal was renewed')
  const endless = { ...terms, end_date: null }
  const end = boundaryDate(endless, boundaryFrom(endless, addMonths(from, renewal.term_months)))
  const percent = renewal.price_uplift_percent
  const products =
    percent === null
      ? terms.products
      : terms.products.flatMap((product) =>
          isOneTime(product.product_ref) ? [product] : uplifted(product, percent, from),
        )
  const commitments = terms.commitments && renewedCommitments(terms.commitments, from, end)
  return {
    from,
    terms: {
      ...terms,
      end_date: end,
      products,
      renewals: (terms.renewals ?? 0) + 1,
      ...(commitments && { commitments }),
    },
  }
}

/** A price that would have ended with the contract goes on, at a higher one; those with a schedule follow that. */
function uplifted(product: ContractProduct, percent: string, from: LocalDate): ContractProduct[] {
  const { billing_start_date: start, billing_end_date: end, ramp, escalator } = product
  const isOver = end !== null && end <= from
  if (isOver || ramp || escalator || (start !== null && start >= from)) return [product]
  const factor = add(ONE, divide(decimal(percent), HUNDRED))
  return [
    { ...product, billing_end_date: from },
    { ...product, ...scaledPrice(product, factor), billing_start_date: from },
  ]
}

function renewedCommitments(commitments: Commitment[], from: LocalDate, end: LocalDate): Commitment[] {
  const last = commitments.at(-1)
  return last?.period === 'contract'
    ? [...commitments, { ...last, start_date: from, end_date: end }]
    : commitments
}

/** A contract that renews needs an end, and one that no cycle goes beyond: its last cycle is billed before it renews. */
export function faultsOfRenewal(terms: CycleTerms & Pick<ContractTerms, 'renewal'>): Fault[] {
  const { renewal, end_date: end } = terms
  if (!renewal?.auto) return []
  if (end === null) return [{ path: 'renewal.auto', message: 'needs an end_date to renew on' }]
  const endless = { ...terms, end_date: null }
  return boundaryDate(endless, boundaryFrom(endless, end)) === end
    ? []
    : [{ path: 'end_date', message: 'must be the end of a billing cycle where the contract renews itself' }]
}
