import { joinedWith } from './combination.ts'
import type { ForeignEntry, FunctionalLine } from './functional-line.ts'
import { type Holding, joint, moved, NO_HOLDING } from './holding.ts'
import { itemOf, openItem } from './open-item.ts'
import { type Joining, type PositionGroups, poolOf, relatives } from './position-group.ts'

/** What is held of each item, of those that are carried as one together. */
export function pooled(holdings: ReadonlyMap<string, Holding>, groups: PositionGroups): Map<string, Holding> {
  const pools = new Map<string, Holding>()
  for (const [item, holding] of holdings) {
    const pool = poolOf(item, groups)
    pools.set(pool, joint(pools.get(pool) ?? NO_HOLDING, holding))
  }
  return pools
}

/** The same after the lines of an entry. */
export function carried(
  pools: Map<string, Holding>,
  lines: readonly FunctionalLine[],
  groups: PositionGroups,
): Map<string, Holding> {
  for (const { item, amount, functionalAmount, day } of lines) {
    if (item === null) continue
    const pool = poolOf(item, groups)
    pools.set(pool, moved(pools.get(pool) ?? NO_HOLDING, { amount, functional: functionalAmount }, day))
  }
  return pools
}

/** The open items that entries of one set of books are measured with: those that they move, and what is one with these. */
export function itemsFor(entries: readonly ForeignEntry[], joinings: readonly Joining[]): string[] {
  const items = entries.flatMap((entry) => entry.postings.map((posting) => itemOf(entry, posting)))
  const [books] = entries
  if (!books || joinings.length === 0) return distinct(items)
  const joined = entries.flatMap((entry) => joinedWith(entry, joinings).map(({ contractRef }) => contractRef))
  const together = relatives([...positionsOf(entries), ...joined], joinings)
  return distinct([...items, ...[...together].map((ref) => openItem(books, 'contract_position', ref))])
}

/** The contracts whose positions entries move. */
export const positionsOf = (entries: readonly ForeignEntry[]): string[] =>
  entries.flatMap(({ postings }) =>
    postings.flatMap(({ account, contractRef }) =>
      account === 'contract_position' && contractRef ? [contractRef] : [],
    ),
  )

const distinct = (items: readonly (string | null)[]): string[] => [
  ...new Set(items.filter((item) => item !== null)),
]
