import type { Contract } from '../../contracts/contract.ts'
import { balanceOf, type GrantState, move } from '../../credits/movement.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import type { CycleCloseInput } from './cycle-close.ts'
import { type UnbilledPlan, unbilledOf } from './unbilled.ts'

/** A contract, what its invoices to come would bill, and what credit they would use. */
export type UnbilledContract = UnbilledPlan & { contract: Contract }

/** Credit that the invoices to come of a contract are expected to use, minor units. */
export type CreditUse = { contractRef: string; grantRef: string; amount: Minor }

/**
 * What contracts would bill if their invoices were made one after the other, in the order of their refs: credit of a
 * customer with several contracts pays once. `counted` is what other contracts are expected to use of it. One that cannot
 * be planned is left out.
 */
export function unbilledInOrder(
  inputs: readonly CycleCloseInput[],
  counted: readonly CreditUse[],
  onFailure: (contract: Contract, error: unknown) => void,
): UnbilledContract[] {
  const uses = new Map(Map.groupBy(counted, ({ contractRef }) => contractRef))
  const ordered = inputs.toSorted((a, b) => (a.contract.ref < b.contract.ref ? -1 : 1))
  return ordered.flatMap((input) => {
    const { contract, wallet = [] } = input
    const before = [...uses.values()].flat().filter(({ contractRef }) => contractRef < contract.ref)
    try {
      const plan = unbilledOf({ ...input, wallet: walletWithout(wallet, before, input.now) })
      uses.set(contract.ref, usesOf(contract.ref, plan))
      return { contract, ...plan }
    } catch (error) {
      onFailure(contract, error)
      return []
    }
  })
}

export const usesOf = (contractRef: string, { creditUsed }: Pick<UnbilledPlan, 'creditUsed'>): CreditUse[] =>
  Object.entries(creditUsed).map(([grantRef, amount]) => ({ contractRef, grantRef, amount }))

/** Grants as others leave them; what is gone by now cannot be used. */
function walletWithout(wallet: readonly GrantState[], uses: readonly CreditUse[], at: Instant): GrantState[] {
  return wallet.map((state) => {
    const own = uses.filter(({ grantRef }) => grantRef === state.grant.ref)
    const wanted = sum(own.map(({ amount }) => amount))
    const balance = balanceOf(state)
    const amount = wanted < balance ? wanted : balance
    return amount > 0n ? move(state, { kind: 'burnt', amount, actor: 'billing', at }).state : state
  })
}
