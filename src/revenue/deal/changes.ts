import type { LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import type { Amendment, Treatment } from '../modification/amendment.ts'
import { applyAmendment } from '../modification/apply-amendment.ts'
import { type ContractState, priceOf } from '../modification/contract-state.ts'
import { reestimate } from '../modification/reestimate.ts'
import type { RevenuePolicy } from '../policy.ts'
import type { Reason } from '../reason.ts'
import { allocatedTo } from '../recognition/line.ts'
import type { TransactionPrice } from '../transaction-price/transaction-price.ts'
import { estimateVariable, type VariableAmount } from '../transaction-price/variable-consideration.ts'
import { renewalSaid, withRenewals } from './renewals.ts'

/** A later estimate of a variable amount. */
export type Reestimate = { date: LocalDate; variable: VariableAmount; sinceModification: boolean }

/** What happens to a deal after it is signed, in the order of dates; on one date, in the order given. */
export type DealChange = { amendment: Amendment } | { estimate: Reestimate }

/** The deal after a change. */
export type DealVersion = {
  date: LocalDate
  /** Which of the deal's changes it is, or is a part of. */
  place: number
  treatment: Treatment | 'estimate'
  byRule: Treatment | 'estimate'
  price: Minor
  allocation: ReadonlyMap<string, Minor>
  reasons: Reason[]
}

/** The contract after all its changes, with a version for each. Each starts from what the one before has left. */
export function afterChanges(
  inception: ContractState,
  changes: readonly DealChange[],
  price: TransactionPrice,
  policy: RevenuePolicy,
): { state: ContractState; versions: DealVersion[] } {
  const estimates = new Map(price.variable.map(({ key, included }) => [key, included]))
  const versions: DealVersion[] = []
  let state = inception
  for (const { change, place } of inOrder(changes, policy)) {
    const step =
      'amendment' in change
        ? amended(state, change.amendment, policy)
        : revised(state, change.estimate, estimates, policy)
    state = step.state
    versions.push({
      date: dateOf(change),
      place,
      ...step.said,
      price: priceOf(state),
      allocation: allocationOf(state),
    })
  }
  return { state, versions }
}

function amended(state: ContractState, amendment: Amendment, policy: RevenuePolicy) {
  const { state: next, choice } = applyAmendment(state, amendment, policy)
  const renews = amendment.adds.some(({ renewal }) => renewal !== undefined)
  const reasons = renews ? [...choice.reasons, renewalSaid(policy)] : choice.reasons
  return { state: next, said: { ...choice, reasons } }
}

/** The change is what is included by the latest estimate, less what was included before. */
function revised(
  state: ContractState,
  { date, variable, sinceModification }: Reestimate,
  estimates: Map<string, Minor>,
  policy: RevenuePolicy,
) {
  const { included, target, reasons } = estimateVariable(variable, policy)
  const change = included - (estimates.get(variable.key) ?? 0n)
  estimates.set(variable.key, included)
  const asked = { date, change, sinceModification, ...(target === undefined ? {} : { target }) }
  const next = reestimate(state, asked)
  const said = {
    treatment: 'estimate' as const,
    byRule: 'estimate' as const,
    reasons: [...reasons, ...next.reasons],
  }
  return { state: next.state, said }
}

const dateOf = (change: DealChange): LocalDate =>
  'amendment' in change ? change.amendment.date : change.estimate.date

/** The changes as the policy reads them, with their places in the deal. */
const inOrder = (changes: readonly DealChange[], policy: RevenuePolicy) =>
  changes
    .flatMap((change, place): { change: DealChange; place: number }[] =>
      'amendment' in change
        ? withRenewals(change.amendment, policy).map((amendment) => ({ change: { amendment }, place }))
        : [{ change, place }],
    )
    .toSorted((a, b) =>
      dateOf(a.change) < dateOf(b.change) ? -1 : dateOf(a.change) > dateOf(b.change) ? 1 : 0,
    )

/** The price of each obligation, in minor units. */
export const allocationOf = ({ lines }: ContractState): Map<string, Minor> =>
  new Map(lines.map((line) => [line.key, allocatedTo(line)]))
