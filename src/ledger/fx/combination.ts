import type { Instant } from '../../kernel/calendar.ts'
import { type JournalEntry, journalEntry } from '../journal-entry.ts'
import type { JournalEvent } from '../journal-event.ts'
import { dayOf, exchangeDifference, type ForeignEntry, type FunctionalLine } from './functional-line.ts'
import { type Balance, type Holding, NO_HOLDING, plus, settle } from './holding.ts'
import { itemParts, openItem } from './open-item.ts'
import { type Joining, type PositionGroups, poolOf } from './position-group.ts'

const COMBINED = 'positions_combined' satisfies JournalEvent

/**
 * The entries by which the positions of contracts become one, by one statement: one entry in each of their books. They have
 * no postings, since each contract keeps what it holds in its own currency. What that is carried at is settled when
 * they are measured (`measureCombined`), and every later entry finds the contracts as one.
 */
export function combinationEntries(
  joining: readonly Omit<Joining, 'since'>[],
  recordedAt: Instant,
): JournalEntry[] {
  const [first] = joining
  if (!first) return []
  const { books, sourceId, entityRef, currency, groupRef, day } = first
  const names = joining.map(({ contractRef }) => contractRef).join(', ')
  return books.map((book) =>
    journalEntry({
      ...{ book, entityRef, currency, sourceId, recordedAt },
      event: COMBINED,
      postingDate: day,
      description: `Carried as one with ${groupRef}: ${names}`,
      postings: [],
    }),
  )
}

/** The contracts that join others with an entry; none where it is about something else. */
export const joinedWith = (
  { event, sourceId }: Pick<ForeignEntry, 'event' | 'sourceId'>,
  joinings: readonly Joining[],
): Joining[] => (event === COMBINED ? joinings.filter((joining) => joining.sourceId === sourceId) : [])

/**
 * The functional lines of contracts that become one: a line for each position that goes into the one. What some were
 * billed ahead is settled with what others have earned by then, as far as the smaller side goes and at the rate that the
 * larger is carried at; the difference is an exchange gain or loss (IAS 21.28, ASC 830-20-35-1). So what is left has the
 * rate of the side that it is of, and nothing is left in one currency where nothing is left in the other.
 *
 * @example 1,000.00 billed ahead at 1.20 and 300.00 earned at 1.10: 360.00 of 1,200.00 settle 330.00, Dr position 30.00 /
 * Cr exchange gain 30.00; 700.00 stay at 840.00
 */
export function measureCombined(
  entry: ForeignEntry,
  joining: readonly Joining[],
  { groups, holdingOf }: { groups: PositionGroups; holdingOf: (pool: string) => Holding },
): FunctionalLine[] {
  const pools = poolsOf(entry, joining, groups).map((item) => ({ item, holding: holdingOf(item) }))
  const total = balanceOf(pools)
  const isOfLarger = ({ holding: { amount } }: Pool) => (total.amount > 0n ? amount > 0n : amount < 0n)
  let left = balanceOf(pools.filter(isOfLarger))
  const lines = pools.map((pool, place) => {
    const line = positionLine(entry, joining, pool.item, place + 1)
    if (isOfLarger(pool)) return line
    const settled = settle(left, pool.holding.amount)
    left = plus(left, settled)
    return { ...line, functionalAmount: settled.functional - pool.holding.functional }
  })
  return [...lines, ...exchangeDifference(lines)]
}

type Pool = { item: string; holding: Holding }

const balanceOf = (pools: readonly Pool[]): Balance =>
  pools.reduce<Balance>((sum, { holding }) => plus(sum, holding), NO_HOLDING)

/** The items that become one. */
const poolsOf = (entry: ForeignEntry, joining: readonly Joining[], groups: PositionGroups): string[] => {
  const refs = joining.flatMap(({ groupRef, contractRef }) => [groupRef, contractRef])
  return [...new Set(refs.map((ref) => poolOf(openItem(entry, 'contract_position', ref), groups)))]
}

/** A line of no amount: under its day it is known that the position became one with others (`earnedLine`). */
const positionLine = (
  entry: ForeignEntry,
  joining: readonly Joining[],
  item: string,
  lineNo: number,
): FunctionalLine => ({
  ...{ lineNo, account: 'contract_position', item, day: dayOf(entry), amount: 0n, functionalAmount: 0n },
  customerRef: joining[0]?.customerRef ?? null,
  contractRef: itemParts(item).keptBy,
  invoiceId: null,
})
