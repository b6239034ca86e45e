import type { Instant } from '../../kernel/calendar.ts'
import { askMeter } from '../ask-meter.job.ts'
import type { Parcel } from '../parcel.ts'
import { shardName } from '../shards.ts'
import { countedContent } from '../usage-event.ts'
import { type CycleTotal, DUPLICATE, eventConflict, type ParcelAnswer, type Verdict } from '../verdict.ts'
import { type LoggedEvent, linesOf, readLogLine } from './logged-event.ts'
import type { MeterContext } from './meter-context.ts'
import type { Judged, Suspect } from './record.store.ts'

/**
 * The answer to a parcel. An event whose id is known but whose text is not the one that was stored is compared with
 * it: said in other words it is a repeat, and otherwise it is refused. Nothing was written for it in either case.
 */
export async function answerOf(
  meter: MeterContext,
  parcel: Parcel,
  { others, suspects }: Judged,
  totalOf: (productRef: string, at: Instant) => CycleTotal,
): Promise<ParcelAnswer> {
  const lines = suspects.length > 0 ? linesOf(parcel.lines) : []
  const compared = await Promise.all(
    suspects.map(
      async (suspect) => [suspect.place, await compare(meter, suspect, lines[suspect.place]!)] as const,
    ),
  )
  const [cell] = parcel.cells
  const shown = parcel.count === 1 && cell ? totalOf(cell[0], parcel.firstAt) : null
  return { others: [...others, ...compared], shown }
}

async function compare(meter: MeterContext, suspect: Suspect, line: string): Promise<Verdict> {
  const sent = readLogLine(line, suspect.number)
  const stored = await storedEvent(meter, suspect)
  return countedContent(sent.event) === countedContent(stored.event) ? DUPLICATE : eventConflict(sent.eventId)
}

function storedEvent(
  { raw, env, customerRef }: MeterContext,
  { number, shard }: Suspect,
): Promise<LoggedEvent> {
  if (shard === undefined) return raw.original(number)
  return askMeter(env, shardName(customerRef, shard), (stub) => stub.original(number) as Promise<LoggedEvent>)
}
