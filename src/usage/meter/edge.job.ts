import { BUCKET_MS, bucketOf, type Cell, CellSums } from '../bucket.ts'
import { type Period, within } from '../period.ts'
import type { MeterContext } from './meter-context.store.ts'
import { type StateCell, StateCells } from './state-cells.ts'

/** Parts of buckets, as a period has them at its ends. */
export type EdgeQuery = { edges: readonly Period[]; productRef?: string | undefined }

/** What the events of an edge add up to in one shard; all of it stands at the start of the edge. */
export type EdgeUsage = { edge: Period; cells: Cell[]; states: StateCell[] }

/** The usage of each edge in this shard alone. */
export async function edgesOf(meter: MeterContext, { edges, productRef }: EdgeQuery): Promise<EdgeUsage[]> {
  const isAsked = (own: string) => own === (productRef ?? own)
  return Promise.all(edges.map((edge) => edgeOf(meter, edge, isAsked)))
}

/**
 * Where nothing lies in the rest of the bucket, as when usage up to now is asked for, the edge is the whole bucket, and
 * that is known. Otherwise its events are added up as they are read, a run of the log at a time.
 */
async function edgeOf(
  meter: MeterContext,
  edge: Period,
  isAsked: (productRef: string) => boolean,
): Promise<EdgeUsage> {
  const { books, raw } = meter
  const bucket = bucketOf(edge.start)
  const before = { start: bucket, end: edge.start }
  const after = { start: edge.end, end: bucket + BUCKET_MS }
  const sums = new CellSums()
  if (!raw.mayHold(before) && !raw.mayHold(after)) {
    for (const cell of books.totals.own(bucket))
      if (isAsked(cell.productRef)) sums.add({ ...cell, at: edge.start })
    const states = books.states.ownOf(bucket).filter(({ productRef }) => isAsked(productRef))
    return { edge, cells: sums.all(), states }
  }
  const states = new StateCells()
  for await (const events of raw.batches(edge)) {
    for (const event of events) {
      const { productRef, quantity } = event
      if (!isAsked(productRef)) continue
      sums.addText([productRef, edge.start, quantity, 1])
      for (const kept of books.metrics.keptOf(productRef)) states.add(kept, event)
    }
  }
  return { edge, cells: sums.all(), states: states.all() }
}

/** The buckets that lie within a period, and the parts of buckets at its ends: those before it too. */
export function bucketsOf({ start, end }: Period): { whole: Period; edges: Period[] } {
  const first = Math.min(bucketOf(start + BUCKET_MS - 1), end)
  const last = Math.max(bucketOf(end), first)
  const edges = [
    { start: bucketOf(start), end: start },
    { start, end: first },
    { start: last, end },
  ]
  return { whole: { start: first, end: last }, edges: edges.filter((edge) => edge.start < edge.end) }
}

export const isInside = (period: Period, { edge }: EdgeUsage): boolean => within(period, edge.start)
