import type { Instant } from '../../kernel/calendar.ts'
import { BUCKET_MS, bucketOf, CellSums } from '../bucket.ts'
import { markLate } from '../late.store.ts'
import type { TouchedUsage } from '../late-contracts.store.ts'
import type { LogLine } from '../parcel.ts'
import { readQuantity } from '../quantity.ts'
import { countedContent } from '../usage-event.ts'
import { appendRow, type LogRow } from './log.store.ts'
import { type LoggedEvent, readLogLine } from './logged-event.ts'
import type { MeterContext } from './meter-context.store.ts'
import { StateCells } from './state-cells.ts'

/** What an event is to become: other content, or nothing. `basedOn` is the revision that the change was made from. */
export type Revision = {
  number: number
  basedOn: number
  event: Record<string, unknown> | null
  now: Instant
}

/** `stale`: the event was revised in the meantime. `voided`: it was voided before, and can't be amended any more. */
export type RevisionOutcome = 'revised' | 'unchanged' | 'stale' | 'voided'

/**
 * Amends or voids an event. The first fact stays in the log; the change is a line of its own, and the totals follow:
 * those of cycles that are sealed with the next seal, as for late events.
 *
 * @param changed is told of the products and buckets that it touches
 */
export async function reviseEvent(
  meter: MeterContext,
  revision: Revision,
  changed: (touched: TouchedUsage) => void,
): Promise<RevisionOutcome> {
  const current = await meter.raw.current(revision.number)
  if (current.isVoided) return revision.event ? 'voided' : 'unchanged'
  if (current.revision !== revision.basedOn) return 'stale'
  if (revision.event && countedContent(revision.event) === countedContent(current.event)) return 'unchanged'
  const line = lineOf(current, revision)
  const next = revision.event ? readLogLine(line, current.number) : undefined
  const since = meter.books.lastNumber
  const touched = next ? [current, next] : [current]
  const buckets = await remadeBuckets(meter, touched, current.number)
  meter.storage.transactionSync(() => {
    const { books } = meter
    books.save()
    const row = rowOf(books.lastNumber + 1, line, current, next, revision.now)
    appendRow(meter.sql, row)
    changed({
      cells: touched.map(({ productRef, at }) => [productRef, bucketOf(at)]),
      receivedAt: row.receivedAt,
    })
    keepRevision(meter.sql, current.number, row.firstNumber, line, next ?? current, next === undefined)
    for (const bucket of buckets) remake(meter, bucket, since, next)
    // States can change where quantities do not: by the report data that a metric looks at.
    markLate(
      meter.sql,
      buckets.map(({ productRef, start }) => ({ productRef, at: start })),
    )
    books.count(row)
    books.save()
  })
  return 'revised'
}

function lineOf(current: LoggedEvent, { event, now }: Revision): string {
  const of = event ? { amends: current.number } : { voids: current.number }
  const line: LogLine = {
    event_id: current.eventId,
    received_at: new Date(now).toISOString(),
    event: event ?? current.event,
    ...of,
  }
  return JSON.stringify(line)
}

/** What the change takes from one cell and gives to another; no id comes with it. */
function rowOf(
  number: number,
  line: string,
  before: LoggedEvent,
  after: LoggedEvent | undefined,
  now: Instant,
): LogRow {
  const cells = new CellSums()
  cells.subtract(cellOf(before))
  if (after) cells.add(cellOf(after))
  return {
    firstNumber: number,
    lastNumber: number,
    receivedAt: now,
    firstAt: before.at,
    lastAt: before.at,
    ids: new Uint32Array(),
    cells: cells.texts(),
    lines: `${line}\n`,
  }
}

const cellOf = ({ productRef, at, quantity }: LoggedEvent) => ({
  productRef,
  at: bucketOf(at),
  quantity: readQuantity(quantity),
  events: 1,
})

function keepRevision(
  sql: SqlStorage,
  number: number,
  revision: number,
  line: string,
  { productRef, at }: LoggedEvent,
  isVoided: boolean,
): void {
  sql.exec(
    `INSERT OR REPLACE INTO revisions (number, revision, product_ref, occurred_at, line, voided)
     VALUES (?, ?, ?, ?, ?, ?)`,
    number,
    revision,
    productRef,
    at,
    line,
    isVoided ? 1 : 0,
  )
}

type Bucket = { productRef: string; start: Instant; others: LoggedEvent[] }

/** The buckets whose states have to be made again, as states can't be taken out of others; with their other events. */
async function remadeBuckets(
  { books, raw }: MeterContext,
  touched: readonly LoggedEvent[],
  number: number,
): Promise<Bucket[]> {
  const buckets = new Map<string, Bucket>()
  for (const { productRef, at } of touched) {
    if (books.metrics.keptOf(productRef).length === 0) continue
    const start = bucketOf(at)
    buckets.set(`${start} ${productRef}`, { productRef, start, others: [] })
  }
  for (const bucket of buckets.values()) {
    for await (const events of raw.batches({ start: bucket.start, end: bucket.start + BUCKET_MS })) {
      const own = events.filter((event) => event.productRef === bucket.productRef && event.number !== number)
      bucket.others.push(...own)
    }
  }
  return [...buckets.values()]
}

function remake(
  { books, raw }: MeterContext,
  { productRef, start, others }: Bucket,
  since: number,
  next: LoggedEvent | undefined,
): void {
  const kept = books.metrics.keptOf(productRef)
  const states = new StateCells()
  const isOwn = (event: LoggedEvent) => event.productRef === productRef && bucketOf(event.at) === start
  const known = new Set(others.map(({ number }) => number))
  const later = raw.loggedAfter(since).filter((event) => isOwn(event) && !known.has(event.number))
  const all = [...others, ...later, ...(next && isOwn(next) ? [next] : [])]
  for (const event of all) for (const one of kept) states.add(one, event)
  books.states.remake(productRef, start, states.all(), books.lastNumber + 1)
}
