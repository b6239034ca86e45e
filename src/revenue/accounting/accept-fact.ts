import { invalid } from '../../kernel/problem.ts'
import { compare, decimal } from '../../kernel/rational.ts'
import { type Framework, policyOf } from '../policy.ts'
import { isUnmetOn, testContract } from '../transaction-price/contract-criteria.ts'
import { acceptEstimate } from './accept-estimate.ts'
import type { Member } from './accounting-contract.ts'
import type { Basis, PinnedProduct } from './coverage.ts'
import { judgementsIn } from './criteria.ts'
import { covered, factFault } from './fact-fault.ts'
import { type Fact, type FactBody, factsOf } from './facts.ts'
import { contractOf, type Group } from './group.ts'
import { factsAbout } from './member-state.ts'
import { planContract } from './plan.ts'
import { isOfUsage } from './usage-estimate.ts'

/**
 * Holds a fact against the contract that it is stated of: the contract is planned with it, so that none is taken in that
 * no plan can follow. Throws `not_planned_as_a_contract`, `product_not_covered`, `not_earned_by_deliveries`,
 * `milestone_unknown`, `version_unknown`, `not_promised_with_the_contract`, `no_material_right`,
 * `material_right_unknown`, `not_exercisable`, `product_not_sold`, `nothing_held_back`, what `acceptEstimate` throws,
 * or what the plan throws.
 */
export function acceptFact(group: Group, fact: Fact, framework: Framework): void {
  const contract = contractOf(group)
  const member = contract.members.find(({ contractRef }) => contractRef === fact.contractRef)
  const { body } = fact
  if (!member || !contract.members.every(({ basis }) => isPlannedEnough(body, member, basis))) {
    throw invalid(
      'not_planned_as_a_contract',
      'Revenue of this contract follows its invoice lines, or of its deliveries alone; see its basis_reason for why.',
    )
  }
  if (body.kind === 'delivery') acceptDelivery(body, member.products.get(covered(body, member.covers)))
  if (body.kind === 'credit') covered(body, member.covers)
  if (body.kind === 'estimate') acceptEstimate(contract, member, { ...fact, body }, framework)
  if (body.kind === 'usage_policy') acceptUsagePolicy(body, member)
  if (body.kind === 'material_right') acceptRight(body, fact, member)
  if (body.kind === 'non_refundable') acceptKept(body, fact, member, contract.facts)
  if (body.kind === 'exercise')
    acceptExercise(body, fact, factsOf(factsAbout(contract, member), 'material_right'))
  if (body.kind === 'treatment' && !member.versions.some(({ version }) => version === body.version))
    throw factFault(
      'version_unknown',
      'version',
      `the contract has no version ${body.version} since it was signed`,
    )
  planContract({ ...contract, facts: [...contract.facts, fact] }, framework)
}

/** What concerns the price of all that is promised needs a plan of all of it; what concerns step 1 or usage needs none. */
const OF_THE_WHOLE: readonly FactBody['kind'][] = ['combination', 'payable', 'material_right', 'exercise']
const OF_ANY_CONTRACT: readonly FactBody['kind'][] = ['criteria', 'non_refundable', 'usage_policy']

const isPlannedEnough = (body: FactBody, { products }: Member, basis: Basis): boolean =>
  OF_ANY_CONTRACT.includes(body.kind) ||
  (body.kind === 'estimate' && isOfUsage(body, products)) ||
  basis === 'ssp' ||
  (basis === 'stated' && !OF_THE_WHOLE.includes(body.kind))

function acceptDelivery(
  { milestone, quantity, expected_total: total }: Extract<FactBody, { kind: 'delivery' }>,
  product: PinnedProduct | undefined,
): void {
  const { recognition, revenue } = product ?? { recognition: undefined, revenue: {} }
  if (recognition === 'milestone') {
    if (revenue.milestones?.some(({ name }) => name === milestone)) return
    const known = revenue.milestones?.map(({ name }) => `"${name}"`).join(', ')
    throw factFault('milestone_unknown', 'milestone', `must be one of ${known}`)
  }
  if (recognition === 'units') {
    if (quantity !== undefined || total !== undefined) return
    throw factFault('quantity_missing', 'quantity', 'is needed: how many units were delivered')
  }
  if (recognition === 'point_in_time' && revenue.on_delivery) return
  const message = 'is earned as time goes by, or with its fee, and not by deliveries'
  throw factFault('not_earned_by_deliveries', 'product_ref', message)
}

function acceptRight(
  right: Extract<FactBody, { kind: 'material_right' }>,
  { effectiveDate }: Fact,
  { covers, versions }: Member,
): void {
  covered(right, covers)
  const signedOn = versions[0].effectiveDate
  if (effectiveDate !== signedOn) {
    const message = `must be ${signedOn}: a material right is promised with the contract, and takes its share of the price`
    throw factFault('not_promised_with_the_contract', 'effective_date', message)
  }
  if (right.expires < effectiveDate)
    throw factFault('invalid_request', 'expires', 'must not be before effective_date')
  const { discount_percent: own, general_discount_percent: general } = right.option
  if (compare(decimal(own), decimal(general)) > 0) return
  const message = `must be more than the general discount: what anybody gets is no material right`
  throw factFault('no_material_right', 'option.discount_percent', message)
}

/** A policy is of usage that the contract sells. */
function acceptUsagePolicy(
  { product_ref: ref }: Extract<FactBody, { kind: 'usage_policy' }>,
  { products }: Member,
): void {
  if (products.get(ref)?.kind === 'usage') return
  throw factFault('product_not_sold', 'product_ref', 'must be a usage product of the contract')
}

/** Kept is what was held back: under one framework at least there is no contract on that day. */
function acceptKept(
  { product_ref: ref }: Extract<FactBody, { kind: 'non_refundable' }>,
  { effectiveDate }: Fact,
  { products }: Member,
  facts: readonly Fact[],
): void {
  if (!products.has(ref))
    throw factFault(
      'product_not_sold',
      'product_ref',
      'must be a product of the contract, and none that sells credit',
    )
  const judgements = judgementsIn(facts)
  const isHeld = (['ASC606', 'IFRS15'] as const).some((framework) =>
    isUnmetOn(testContract(judgements, policyOf(framework)).unmet, effectiveDate),
  )
  if (isHeld) return
  const message =
    'must be a day on which the criteria are not met: on others revenue follows what is performed'
  throw factFault('nothing_held_back', 'effective_date', message)
}

function acceptExercise(
  { key }: Extract<FactBody, { kind: 'exercise' }>,
  { effectiveDate }: Fact,
  rights: readonly Fact<Extract<FactBody, { kind: 'material_right' }>>[],
): void {
  const right = rights.find(({ body }) => body.key === key)
  if (!right) throw factFault('material_right_unknown', 'key', `the contract has no material right "${key}"`)
  const { expires } = right.body
  if (effectiveDate < right.effectiveDate || effectiveDate > expires)
    throw factFault(
      'not_exercisable',
      'effective_date',
      `must be from ${right.effectiveDate} to ${expires}, while the option lasts`,
    )
}
