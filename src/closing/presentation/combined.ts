import type { Minor } from '../../kernel/money.ts'
import type { FoundContract } from './found.ts'
import { NOTHING_FOUND, type Position, together } from './presentation.ts'
import type { FoundInBooks } from './presentation-entry.ts'

/**
 * Contracts that are accounted for as one (ASC 606-10-25-9, IFRS 15.17) are one position in the balance sheet (606-10-45-1,
 * IFRS 15.105): each has beside it what those before it hold, in each currency, and shows what it changes of that. Those
 * in credit come first, so that what another has earned is taken off what is billed ahead before it is shown as an asset.
 *
 * @param combined by contract, the first of those that it is one with; contracts that stand alone are not among them
 * @example 500.00 in credit and 300.00 in debit: neither is shown elsewhere, and 200.00 stay a liability
 */
export function combine(
  contracts: readonly FoundContract[],
  combined: ReadonlyMap<string, string>,
): FoundContract[] {
  return groupsOf(contracts, combined).flatMap((group) =>
    group.length === 1 ? group : besideEachOther(group),
  )
}

/** The contracts that are accounted for as one, in one currency, and what they hold together in the primary book. */
export type AccountedAsOne = Pick<FoundContract, 'currency' | 'customerRef'> & {
  contractRefs: readonly [string, ...string[]]
  position: Position
}

/** The same contracts, those that are accounted for as one in one row, the first of them first. */
export const asOne = (
  contracts: readonly FoundContract[],
  combined: ReadonlyMap<string, string>,
): AccountedAsOne[] =>
  groupsOf(contracts, combined).map((group) => {
    const [first, ...others] = group.toSorted(
      (one, other) => orderIn(combined, one) - orderIn(combined, other),
    )
    return {
      currency: first!.currency,
      customerRef: first!.customerRef,
      contractRefs: [first!.contractRef, ...others.map(({ contractRef }) => contractRef)],
      position: group.map(({ found }) => found.primary).reduce(together, NOTHING_FOUND),
    }
  })

const orderIn = (combined: ReadonlyMap<string, string>, { contractRef }: FoundContract): number =>
  combined.get(contractRef) === contractRef ? 0 : 1

const groupsOf = (
  contracts: readonly FoundContract[],
  combined: ReadonlyMap<string, string>,
): FoundContract[][] => [
  ...Map.groupBy(
    contracts,
    ({ currency, contractRef }) => `${currency} ${combined.get(contractRef) ?? contractRef}`,
  ).values(),
]

function besideEachOther(group: readonly FoundContract[]): FoundContract[] {
  let beside: FoundInBooks = { primary: NOTHING_FOUND, both: NOTHING_FOUND }
  return group.toSorted(byPosition).map((contract) => {
    const { primary, both } = contract.found
    const found = {
      primary: { ...primary, beside: beside.primary },
      both: both && { ...both, beside: beside.both },
    }
    beside = {
      primary: together(beside.primary, primary),
      both: both && together(beside.both ?? NOTHING_FOUND, both),
    }
    return { ...contract, found }
  })
}

function byPosition(one: FoundContract, other: FoundContract): number {
  const [a, b] = [one, other].map(({ found: { primary } }) => primary.net - primary.notDue) as [Minor, Minor]
  if (a !== b) return a > b ? -1 : 1
  return one.contractRef < other.contractRef ? -1 : 1
}
