import { askMeter } from '../ask-meter.job.ts'
import { markLate } from '../late.store.ts'
import { shardName } from '../shards.ts'
import type { MeterContext } from './meter-context.store.ts'
import { keepByMetrics, type ProductMetric } from './metric.job.ts'
import type { StateRow } from './metric-totals.store.ts'
import type { TotalRow } from './totals.store.ts'

/** What a shard has counted since it was asked last: whole cells and states, as they are by now. */
export type ShardChanges = { number: number; cells: TotalRow[]; states: StateRow[] }

/** Brings the totals of all shards together in the first one. What comes in later is gathered next time. */
export async function gatherShards(meter: MeterContext): Promise<void> {
  const { shards } = meter.spread
  if (meter.shard > 0 || shards === 1) return
  const metrics = meter.books.metrics.all()
  const changes = await Promise.all(
    Array.from({ length: shards - 1 }, async (_, index) => {
      const shard = index + 1
      const since = gatheredUpTo(meter.sql, shard)
      const name = shardName(meter.customerRef, shard)
      const changed = await askMeter(
        meter.env,
        name,
        (stub) => stub.changes(since, metrics) as Promise<ShardChanges>,
      )
      return { shard, ...changed }
    }),
  )
  // What shards keep by other metrics than this one does by now is of no use: all is gathered again.
  if (JSON.stringify(metrics) !== JSON.stringify(meter.books.metrics.all())) return gatherShards(meter)
  meter.storage.transactionSync(() => {
    for (const change of changes) takeOver(meter, change)
  })
}

/** What this shard has counted since a number, with its products kept by the metrics that are asked for. */
export async function changesAfter(
  meter: MeterContext,
  number: number,
  metrics: readonly ProductMetric[],
): Promise<ShardChanges> {
  const isKeptOtherwise = await keepByMetrics(meter, metrics)
  const { books, storage } = meter
  storage.transactionSync(() => books.save())
  const since = isKeptOtherwise ? 0 : number
  return {
    number: books.lastNumber,
    cells: books.totals.changedAfter(since),
    states: books.metrics.changedAfter(since),
  }
}

function takeOver({ sql, books }: MeterContext, change: ShardChanges & { shard: number }): void {
  const { shard, number, cells, states } = change
  // What was asked for earlier may arrive later.
  if (number < gatheredUpTo(sql, shard)) return
  const changed = cells.filter((cell) => books.totals.takeOver(shard, cell))
  books.metrics.takeOver(shard, states)
  const late = [...changed, ...states].map(({ product_ref, bucket }) => ({
    productRef: product_ref,
    at: bucket,
  }))
  markLate(sql, late)
  sql.exec('INSERT OR REPLACE INTO gathered (shard, number) VALUES (?, ?)', shard, number)
}

const gatheredUpTo = (sql: SqlStorage, shard: number): number =>
  [...sql.exec<{ number: number }>('SELECT number FROM gathered WHERE shard = ?', shard)][0]?.number ?? 0
