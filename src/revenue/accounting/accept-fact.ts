import { invalid } from '../../kernel/problem.ts'
import type { Framework } from '../policy.ts'
import type { PinnedProduct } from './coverage.ts'
import type { Fact, FactBody } from './facts.ts'
import { contractOf, type Group } from './group.ts'
import { planContract } from './plan.ts'

/**
 * Holds a fact against the contract that it is stated of: the contract is planned with it, so that none is taken in that
 * no plan can follow. Throws `not_planned_as_a_contract`, `product_not_covered`, `not_earned_by_deliveries`,
 * `milestone_unknown`, `version_unknown`, or what the plan throws.
 */
export function acceptFact(group: Group, fact: Fact, framework: Framework): void {
  const contract = contractOf(group)
  const member = contract.members.find(({ contractRef }) => contractRef === fact.contractRef)
  const isJoint = fact.body.kind === 'combination'
  if (!member || contract.members.some(({ basis }) => basis === 'lines' || (isJoint && basis !== 'ssp'))) {
    throw invalid(
      'not_planned_as_a_contract',
      'Revenue of this contract follows its invoice lines, or of its deliveries alone; see its basis_reason for why.',
    )
  }
  const { body } = fact
  if (body.kind === 'delivery') acceptDelivery(body, member.products.get(covered(body, member.covers)))
  if (body.kind === 'credit') covered(body, member.covers)
  if (body.kind === 'estimate') acceptEstimate(body, member.covers)
  if (body.kind === 'treatment' && !member.versions.some(({ version }) => version === body.version))
    throw fault(
      'version_unknown',
      'version',
      `the contract has no version ${body.version} since it was signed`,
    )
  planContract({ ...contract, facts: [...contract.facts, fact] }, framework)
}

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

const fault = (code: string, path: string, message: string) =>
  invalid(code, `${path}: ${message}.`, [{ path, message }])
