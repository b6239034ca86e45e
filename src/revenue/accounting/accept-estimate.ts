import { addDays } from '../../kernel/calendar.ts'
import { type Framework, policyOf } from '../policy.ts'
import type { AccountingContract, Member } from './accounting-contract.ts'
import { covered, factFault } from './fact-fault.ts'
import { type Fact, type FactBody, factsOf } from './facts.ts'
import { factsAbout } from './member-state.ts'
import { hasFixedTerm } from './service.ts'
import { estimated, isOfUsage } from './usage-estimate.ts'

type EstimateFact = Fact<Extract<FactBody, { kind: 'estimate' }>>

/**
 * Holds an estimate against the contract. Throws `product_not_covered`, `estimate_of_something_else` for the key of an
 * estimate of usage that is not of the same usage, and of usage `no_fixed_term`, `beyond_the_term` and
 * `estimate_below_zero`.
 */
export function acceptEstimate(
  contract: AccountingContract,
  member: Member,
  { body, effectiveDate }: EstimateFact,
  framework: Framework,
): void {
  const { method, amount, outcomes, target, until } = body
  if (method === 'amount' && amount === undefined)
    throw factFault('invalid_request', 'amount', 'is needed, or a method with outcomes')
  if (method !== 'amount' && !outcomes?.length)
    throw factFault('invalid_request', 'outcomes', `are needed for the method ${method}`)
  refuseOtherAmount(contract, member, body)
  if (isOfUsage(body, member.products)) {
    acceptDays(member, { body, effectiveDate })
    const { included } = estimated({ body }, contract.currency, policyOf(framework))
    if (included < 0n)
      throw factFault('estimate_below_zero', method === 'amount' ? 'amount' : 'outcomes', NOT_BELOW)
  } else {
    if (until !== undefined) throw factFault('invalid_request', 'until', 'belongs to an estimate of usage')
    if (target !== undefined) covered({ product_ref: target }, member.covers)
  }
}

const NOT_BELOW = 'must not come to less than 0: usage is not given back before it happens'

/** Usage is estimated as far as the contract is agreed: nobody has to use more than that. */
function acceptDays(
  { versions }: Member,
  { body, effectiveDate }: Pick<EstimateFact, 'body' | 'effectiveDate'>,
) {
  const { terms } = versions.at(-1)!
  if (!hasFixedTerm(terms)) {
    const message = 'is of a contract without a fixed term: nothing of its usage to come is agreed'
    throw factFault('no_fixed_term', 'target', message)
  }
  const last = addDays(terms.end_date!, -1)
  const { until = last } = body
  if (until > last || effectiveDate > last)
    throw factFault('beyond_the_term', 'until', `must be within the term, which ends on ${last}`)
  if (until < effectiveDate || until < terms.start_date)
    throw factFault('invalid_request', 'until', 'must not be before effective_date or the contract')
}

/** Under one key stands one amount: an estimate takes the place of those before it. */
function refuseOtherAmount(contract: AccountingContract, member: Member, own: EstimateFact['body']): void {
  const usage = (body: EstimateFact['body']) => (isOfUsage(body, member.products) ? body.target : undefined)
  const known = factsOf(factsAbout(contract, member), 'estimate').filter(({ body }) => body.key === own.key)
  if (known.every(({ body }) => usage(body) === usage(own))) return
  const message = `"${own.key}" is the name of an estimate of something else`
  throw factFault('estimate_of_something_else', 'key', message)
}

/** An estimate of usage with the last day that it is for: that of the term as it is agreed when it is stated. */
export function withLastDay(contract: AccountingContract, contractRef: string, body: FactBody): FactBody {
  const member = contract.members.find((own) => own.contractRef === contractRef)
  if (body.kind !== 'estimate' || !member || !isOfUsage(body, member.products)) return body
  const { end_date: end } = member.versions.at(-1)!.terms
  return end === null || body.until !== undefined ? body : { ...body, until: addDays(end, -1) }
}
