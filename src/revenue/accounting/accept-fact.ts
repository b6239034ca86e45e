import { invalid } from '../../kernel/problem.ts'
import { compare, decimal } from '../../kernel/rational.ts'
import { type Framework, policyOf } from '../policy.ts'
import { isUnmetOn, testContract } from '../transaction-price/contract-criteria.ts'
import type { Member } from './accounting-contract.ts'
import type { Basis, PinnedProduct } from './coverage.ts'
import { judgementsIn } from './criteria.ts'
import { type Fact, type FactBody, factsOf } from './facts.ts'
import { contractOf, type Group } from './group.ts'
import { factsAbout } from './member-state.ts'
import { planContract } from './plan.ts'

/**
 * Holds a fact against the contract that it is stated of: the contract is planned with it, so that none is taken in that
 * no plan can follow. Throws `not_planned_as_a_contract`, `product_not_covered`, `not_earned_by_deliveries`,
 * `milestone_unknown`, `version_unknown`, `not_promised_with_the_contract`, `no_material_right`,
 * `material_right_unknown`, `not_exercisable`, `product_not_sold`, `nothing_held_back`, or what the plan throws.
 */
export function acceptFact(group: Group, fact: Fact, framework: Framework): void {
  const contract = contractOf(group)
  const member = contract.members.find(({ contractRef }) => contractRef === fact.contractRef)
  const { body } = fact
  if (!member || !contract.members.every(({ basis }) => isPlannedEnough(body, basis))) {
    throw invalid(
      'not_planned_as_a_contract',
      'Revenue of this contract follows its invoice lines, or of its deliveries alone; see its basis_reason for why.',
    )
  }
  if (body.kind === 'delivery') acceptDelivery(body, member.products.get(covered(body, member.covers)))
  if (body.kind === 'credit') covered(body, member.covers)
  if (body.kind === 'estimate') acceptEstimate(body, member.covers)
  if (body.kind === 'material_right') acceptRight(body, fact, member)
  if (body.kind === 'non_refundable') acceptKept(body, fact, member, contract.facts)
  if (body.kind === 'exercise')
    acceptExercise(body, fact, factsOf(factsAbout(contract, member), 'material_right'))
  if (body.kind === 'treatment' && !member.versions.some(({ version }) => version === body.version))
    throw fault(
      'version_unknown',
      'version',
      `the contract has no version ${body.version} since it was signed`,
    )
  planContract({ ...contract, facts: [...contract.facts, fact] }, framework)
}

/** What concerns the price of all that is promised needs a plan of all of it; what concerns step 1 needs none. */
const OF_THE_WHOLE: readonly FactBody['kind'][] = ['combination', 'payable', 'material_right', 'exercise']
const OF_ANY_CONTRACT: readonly FactBody['kind'][] = ['criteria', 'non_refundable']

const isPlannedEnough = ({ kind }: FactBody, basis: Basis): boolean =>
  OF_ANY_CONTRACT.includes(kind) || basis === 'ssp' || (basis === 'stated' && !OF_THE_WHOLE.includes(kind))

function covered({ product_ref: ref }: { product_ref: string }, covers: readonly string[]): string {
  if (covers.includes(ref)) return ref
  throw fault('product_not_covered', 'product_ref', 'must be a product of the contract with a fee')
}

function acceptDelivery(
  { milestone, quantity, expected_total: total }: Extract<FactBody, { kind: 'delivery' }>,
  product: PinnedProduct | undefined,
): void {
  const { recognition, revenue } = product ?? { recognition: undefined, revenue: {} }
  if (recognition === 'milestone') {
    if (revenue.milestones?.some(({ name }) => name === milestone)) return
    const known = revenue.milestones?.map(({ name }) => `"${name}"`).join(', ')
    throw fault('milestone_unknown', 'milestone', `must be one of ${known}`)
  }
  if (recognition === 'units') {
    if (quantity !== undefined || total !== undefined) return
    throw fault('quantity_missing', 'quantity', 'is needed: how many units were delivered')
  }
  if (recognition === 'point_in_time' && revenue.on_delivery) return
  const message = 'is earned as time goes by, or with its fee, and not by deliveries'
  throw fault('not_earned_by_deliveries', 'product_ref', message)
}

function acceptEstimate(
  { method, amount, outcomes, target }: Extract<FactBody, { kind: 'estimate' }>,
  covers: readonly string[],
): void {
  if (method === 'amount' && amount === undefined)
    throw fault('invalid_request', 'amount', 'is needed, or a method with outcomes')
  if (method !== 'amount' && !outcomes?.length)
    throw fault('invalid_request', 'outcomes', `are needed for the method ${method}`)
  if (target !== undefined) covered({ product_ref: target }, covers)
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
    throw fault('not_promised_with_the_contract', 'effective_date', message)
  }
  if (right.expires < effectiveDate)
    throw fault('invalid_request', 'expires', 'must not be before effective_date')
  const { discount_percent: own, general_discount_percent: general } = right.option
  if (compare(decimal(own), decimal(general)) > 0) return
  const message = `must be more than the general discount: what anybody gets is no material right`
  throw fault('no_material_right', 'option.discount_percent', message)
}

/** Kept is what was held back: under one framework at least there is no contract on that day. */
function acceptKept(
  { product_ref: ref }: Extract<FactBody, { kind: 'non_refundable' }>,
  { effectiveDate }: Fact,
  { products }: Member,
  facts: readonly Fact[],
): void {
  if (!products.has(ref))
    throw fault(
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
  throw fault('nothing_held_back', 'effective_date', message)
}

function acceptExercise(
  { key }: Extract<FactBody, { kind: 'exercise' }>,
  { effectiveDate }: Fact,
  rights: readonly Fact<Extract<FactBody, { kind: 'material_right' }>>[],
): void {
  const right = rights.find(({ body }) => body.key === key)
  if (!right) throw fault('material_right_unknown', 'key', `the contract has no material right "${key}"`)
  const { expires } = right.body
  if (effectiveDate < right.effectiveDate || effectiveDate > expires)
    throw fault(
      'not_exercisable',
      'effective_date',
      `must be from ${right.effectiveDate} to ${expires}, while the option lasts`,
    )
}

const fault = (code: string, path: string, message: string) =>
  invalid(code, `${path}: ${message}.`, [{ path, message }])
