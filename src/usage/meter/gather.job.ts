import { askMeter } from '../ask-meter.job.ts'
import { markLate } from '../late.store.ts'
import { shardName } from '../shards.ts'
import type { MeterContext } from './meter-context.store.ts'
import { keepByMetrics, type ProductMetric } from './metric.job.ts'
import { STATES_START, type StatePlace, type StateRow, statesChangedAfter } from './state-rows.store.ts'
import { CELLS_START, type CellPlace, type TotalRow } from './totals.store.ts'

/** What a page of changes holds at most: an answer between objects takes up to 32 MiB. */
const PAGE_CELLS = 25_000
const PAGE_STATE_CHARS = 8 * 1024 * 1024

/** What a shard is asked for: its changes since a number, from a place on, with its products kept by the metrics. */
export type ChangesQuery = { since: number; metrics: readonly ProductMetric[]; after: Place }

/** Whole cells and states, as they are by now: those behind the place that was asked for, as many as go at once. */
export type ShardChanges = {
  /** The number that they are since: 0 where the shard kept its products by other metrics before. */
  since: number
  number: number
  cells: TotalRow[]
  states: StateRow[]
  isLast: boolean
}

type Place = { cell: CellPlace; state: StatePlace }
const START: Place = { cell: CELLS_START, state: STATES_START }

/**
 * Brings the totals of all shards together in the first one, one call after the other. What comes in later is
 * gathered next time.
 */
export async function gatherShards(meter: MeterContext): Promise<void> {
  const { shards } = meter.spread
  if (meter.shard > 0 || shards === 1) return
  await Promise.all(Array.from({ length: shards - 1 }, (_, index) => gatherShard(meter, index + 1)))
}

async function gatherShard(meter: MeterContext, shard: number): Promise<void> {
  const metrics = meter.books.metrics.all()
  const known = gatheredUpTo(meter, shard)
  let query: ChangesQuery = { since: known, metrics, after: START }
  let number: number | undefined
  for (let isLast = false; !isLast; ) {
    const changes = await changesOf(meter, shard, query)
    // What shards keep by other metrics than this one does by now is of no use: all is gathered again.
    const isKept = JSON.stringify(metrics) === JSON.stringify(meter.books.metrics.all())
    if (!isKept || gatheredUpTo(meter, shard) !== known) return gatherShard(meter, shard)
    // What changes after the first page may be behind it already.
    number ??= changes.number
    const { after } = query
    const upTo = changes.isLast ? number : undefined
    meter.storage.transactionSync(() => takeOver(meter, shard, changes, after, upTo))
    query = { metrics, since: changes.since, after: endOf(changes, after) }
    isLast = changes.isLast
  }
}

const changesOf = ({ env, customerRef }: MeterContext, shard: number, query: ChangesQuery) =>
  askMeter(env, shardName(customerRef, shard), (stub) => stub.changes(query) as Promise<ShardChanges>)

const endOf = ({ cells, states }: ShardChanges, { cell, state }: Place): Place => ({
  cell: cells.at(-1) ?? cell,
  state: states.at(-1) ?? state,
})

/** What this shard has counted since a number. */
export async function changesAfter(
  meter: MeterContext,
  { since: asked, metrics, after }: ChangesQuery,
): Promise<ShardChanges> {
  const isKeptOtherwise = await keepByMetrics(meter, metrics)
  const { books, storage, sql } = meter
  storage.transactionSync(() => books.save())
  const since = isKeptOtherwise ? 0 : asked
  const cells = books.totals.changedAfter(since, after.cell, PAGE_CELLS)
  const { rows: states, isAll } = statesChangedAfter(sql, since, after.state, PAGE_STATE_CHARS)
  const isLast = cells.length < PAGE_CELLS && isAll
  return { since, number: books.lastNumber, cells, states, isLast }
}

function takeOver(
  { sql, books }: MeterContext,
  shard: number,
  { cells, states }: ShardChanges,
  after: Place,
  upTo: number | undefined,
): void {
  const changed = cells.filter((cell) => books.totals.takeOver(shard, cell))
  books.states.takeOver(shard, states, after.state)
  const late = [...changed, ...states].map(({ product_ref, bucket }) => ({
    productRef: product_ref,
    at: bucket,
  }))
  markLate(sql, late)
  if (upTo !== undefined)
    sql.exec('INSERT OR REPLACE INTO gathered (shard, number) VALUES (?, ?)', shard, upTo)
}

const gatheredUpTo = ({ sql }: MeterContext, shard: number): number =>
  [...sql.exec<{ number: number }>('SELECT number FROM gathered WHERE shard = ?', shard)][0]?.number ?? 0
