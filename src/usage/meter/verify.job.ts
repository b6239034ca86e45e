import type { Instant } from '../../kernel/calendar.ts'
import { canonicalJson } from '../../kernel/hash.ts'
import { compare, ZERO } from '../../kernel/rational.ts'
import { type Cell, CellSums } from '../bucket.ts'
import { markLate } from '../late.store.ts'
import { formatQuantity } from '../quantity.ts'
import type { MeterContext } from './meter-context.store.ts'
import { type Recount, recounted } from './recount.job.ts'
import type { StateCell } from './state-cells.ts'

/** Totals or states that are not what the events add up to. */
export type Difference = { productRef: string; bucket: Instant; stored: string; counted: string }

export type ProductTotal = { productRef: string; events: number; quantity: string }

/** What was found in one object. */
export type ShardCheck = {
  shard: number
  segments: number
  products: ProductTotal[]
  /** What is amiss in log and archive themselves; totals can't be made from them then. */
  faults: string[]
  differences: Difference[]
}

type Bucket = Pick<Difference, 'productRef' | 'bucket'>

/**
 * Proves that the totals and the states of an object are what its events add up to, from the archive and the log.
 * With `mend` those that are not are made again, in one transaction; cycles that are sealed get a correction.
 */
export async function verifyShard(meter: MeterContext, mend: boolean): Promise<ShardCheck> {
  const since = meter.books.lastNumber
  const recount = await recounted(meter)
  return meter.storage.transactionSync(() => {
    const { books, raw } = meter
    books.save()
    for (const event of raw.loggedAfter(since)) recount.add(event)
    const cells = cellDifferences(books.totals.own(), recount.cells.all())
    const states = stateDifferences(books.states.own(), recount.states.all())
    if (mend && recount.faults.length === 0) remake(meter, recount, cells, states)
    return {
      shard: meter.shard,
      segments: recount.segments,
      products: byProduct(recount.cells.all()),
      faults: recount.faults,
      differences: [...cells, ...states],
    }
  })
}

function cellDifferences(stored: readonly Cell[], counted: readonly Cell[]): Difference[] {
  const [ours, theirs] = [new Map(stored.map(keyed)), new Map(counted.map(keyed))]
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((key) => {
    const { productRef, at } = ours.get(key) ?? theirs.get(key)!
    const [a, b] = [ours.get(key) ?? emptyCell(productRef, at), theirs.get(key) ?? emptyCell(productRef, at)]
    if (a.events === b.events && compare(a.quantity, b.quantity) === 0) return []
    return [{ productRef, bucket: at, stored: shown(a), counted: shown(b) }]
  })
}

const keyed = (cell: Cell) => [`${cell.at} ${cell.productRef}`, cell] as const
const emptyCell = (productRef: string, at: Instant): Cell => ({ productRef, at, quantity: ZERO, events: 0 })

const shown = ({ quantity, events }: Cell): string => `${formatQuantity(quantity)} of ${events} events`

function stateDifferences(stored: readonly StateCell[], counted: readonly StateCell[]): Difference[] {
  const [ours, theirs] = [statesByBucket(stored), statesByBucket(counted)]
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((key) => {
    const { productRef, bucket } = (ours.get(key) ?? theirs.get(key)!)[0]!
    const [a, b] = [canonicalStates(ours.get(key)), canonicalStates(theirs.get(key))]
    return a === b ? [] : [{ productRef, bucket, stored: a, counted: b }]
  })
}

const statesByBucket = (cells: readonly StateCell[]): Map<string, StateCell[]> =>
  Map.groupBy(cells, ({ productRef, bucket }) => `${bucket} ${productRef}`)

const canonicalStates = (cells: readonly StateCell[] = []): string =>
  canonicalJson(
    cells.map(({ series, group, part, state }) => canonicalJson([series, group, part, state])).sort(),
  )

function remake(
  { sql, books }: MeterContext,
  recount: Recount,
  cells: readonly Bucket[],
  states: readonly Bucket[],
): void {
  // Numbers begin at 1: whoever gathers from the beginning finds what changed.
  const number = Math.max(1, books.lastNumber)
  const counted = new Map(recount.cells.all().map(keyed))
  for (const { productRef, bucket } of cells) {
    const empty = emptyCell(productRef, bucket)
    books.totals.put(counted.get(keyed(empty)[0]) ?? empty, number)
  }
  const all = statesByBucket(recount.states.all())
  for (const { productRef, bucket } of states)
    books.states.remake(productRef, bucket, all.get(`${bucket} ${productRef}`) ?? [], number)
  markLate(
    sql,
    [...cells, ...states].map(({ productRef, bucket }) => ({ productRef, at: bucket })),
  )
}

function byProduct(cells: readonly Cell[]): ProductTotal[] {
  const sums = new CellSums()
  for (const cell of cells) sums.add({ ...cell, at: 0 })
  return sums.texts().map(([productRef, , quantity, events]) => ({ productRef, events, quantity }))
}
