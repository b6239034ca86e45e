import { type Period, within } from '../period.ts'
import type { StoredEvent } from './event-list.store.ts'
import { runAfter } from './log-order.store.ts'
import type { LoggedEvent } from './logged-event.ts'
import type { MeterContext } from './meter-context.store.ts'

/** Which events of a shard are read, from a number on. */
export type ExportQuery = Period & {
  productRef?: string | undefined
  after: number
  /** The last number; by default the last one there is. */
  until?: number | undefined
}

/** Some of the events, and where the others begin: null where there are none. */
export type ExportPart = { events: StoredEvent[]; after: number | null; until: number }

/**
 * A part ends after the run that makes it so large. A run is never larger than one segment of the archive, and an
 * answer between objects takes up to 32 MiB.
 */
const PART_EVENTS = 1_000
const PART_CHARS = 8 * 1024 * 1024

/** The next events in the order in which they came: each run of the log and of the archive is read once. */
export async function exportPart(meter: MeterContext, query: ExportQuery): Promise<ExportPart> {
  const { sql, raw, shard } = meter
  const { productRef, until = meter.books.lastNumber } = query
  const isAsked = (event: LoggedEvent): boolean =>
    event.number > query.after &&
    event.number <= until &&
    within(query, event.at) &&
    (productRef === undefined || event.productRef === productRef)
  const events: LoggedEvent[] = []
  let after = query.after
  let chars = 0
  while (events.length < PART_EVENTS && chars < PART_CHARS) {
    const run = runAfter(sql, after, query)
    if (!run || run.firstNumber > until) return { events: events.map(stored), after: null, until }
    const source = { first_number: run.firstNumber, last_number: run.lastNumber, last_at: 0 }
    const revised = raw.revised(run.firstNumber, run.lastNumber)
    const found = [...(await raw.counted(source, revised.numbers)), ...revised.events]
    const next = found.filter((event) => isAsked(event) && event.number > after).sort(byNumber)
    for (const { event } of next) chars += JSON.stringify(event).length
    events.push(...next)
    after = run.lastNumber
  }
  return { events: events.map(stored), after, until }

  function stored({ at, number, eventId, receivedAt, amends, event }: LoggedEvent): StoredEvent {
    return { at, shard, number, eventId, receivedAt, amended: amends !== undefined, event }
  }
}

const byNumber = (a: LoggedEvent, b: LoggedEvent): number => a.number - b.number
