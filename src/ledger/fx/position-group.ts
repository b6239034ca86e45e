import type { LocalDate } from '../../kernel/calendar.ts'
import type { Book } from '../journal-entry.ts'
import { itemParts, openItem } from './open-item.ts'

/** From an entry on, the position of a contract is one with that of others: they are accounted for as one. */
export type Joining = {
  /** The statement by which it was; one may join several contracts. */
  sourceId: string
  entityRef: string
  customerRef: string
  currency: string
  contractRef: string
  /** The first of the contracts that it is one with. */
  groupRef: string
  /** The day of the statement. */
  day: LocalDate
  /** The books in which an entry says so: none where they are measured in the currency of the contract. */
  books: readonly Book[]
  /** The number of the last journal entry that did not find it so. */
  since: number
}

/** By contract, the first of those that its position is one with; a contract that is not among them stands alone. */
export type PositionGroups = ReadonlyMap<string, string>

export const NO_GROUPS: PositionGroups = new Map()

/** The groups that an entry with a number finds; without one those of today. */
export const groupsBefore = (
  joinings: readonly Joining[],
  entryNumber = Number.POSITIVE_INFINITY,
): PositionGroups =>
  withJoined(
    NO_GROUPS,
    joinings.filter(({ since }) => since < entryNumber),
  )

/** The groups after contracts have joined, in the order in which they did: each leaves the group that it was in. */
export const withJoined = (groups: PositionGroups, joinings: readonly Joining[]): PositionGroups =>
  new Map([...groups, ...joinings.map(({ contractRef, groupRef }) => [contractRef, groupRef] as const)])

/**
 * The item that an open item is carried in: contracts that are accounted for as one have one position, which is called by
 * the first of them. Every other item is its own.
 */
export function poolOf(item: string, groups: PositionGroups): string {
  if (groups.size === 0) return item
  const { account, keptBy, ...books } = itemParts(item)
  const group = account === 'contract_position' ? groups.get(keptBy) : undefined
  return group === undefined ? item : openItem(books, account, group)
}

/** These contracts, and all that were ever carried with one of them. */
export function relatives(contractRefs: readonly string[], joinings: readonly Joining[]): Set<string> {
  const found = new Set(contractRefs)
  let before = -1
  while (found.size > before) {
    before = found.size
    for (const { contractRef, groupRef } of joinings)
      if (found.has(contractRef) || found.has(groupRef)) found.add(contractRef).add(groupRef)
  }
  return found
}
