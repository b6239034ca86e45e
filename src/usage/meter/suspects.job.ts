import type { Instant } from '../../kernel/calendar.ts'
import { askMeter } from '../ask-meter.job.ts'
import type { Parcel } from '../parcel.ts'
import { shardName } from '../shards.ts'
import { countedContent } from '../usage-event.ts'
import { type CycleTotal, DUPLICATE, eventConflict, type ParcelAnswer, type Verdict } from '../verdict.ts'
import { type LoggedEvent, linesOf, readLogLine } from './logged-event.ts'
import type { MeterContext } from './meter-context.store.ts'
import type { Judged } from './record.store.ts'

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
  const [cell] = parcel.cells
  const shown = parcel.count === 1 && cell ? totalOf(cell[0], parcel.firstAt) : null
  if (suspects.length === 0) return { others, shown }
  const lines = linesOf(parcel.lines)
  const compared = [...Map.groupBy(suspects, ({ shard }) => shard)].map(async ([shard, own]) => {
    const numbers = own.map(({ number }) => number)
    const stored = await storedEvents(meter, shard, numbers)
    return own.map(({ place, number }) => [place, compare(lines[place]!, stored.get(number)!)] as const)
  })
  return { others: [...others, ...(await Promise.all(compared)).flat()], shown }
}

function compare(line: string, stored: LoggedEvent): Verdict {
  const sent = readLogLine(line, stored.number)
  return countedContent(sent.event) === countedContent(stored.event) ? DUPLICATE : eventConflict(sent.eventId)
}

function storedEvents(
  { raw, env, customerRef }: MeterContext,
  shard: number | undefined,
  numbers: number[],
): Promise<Map<number, LoggedEvent>> {
  if (shard === undefined) return raw.originals(numbers)
  const name = shardName(customerRef, shard)
  return askMeter(env, name, (stub) => stub.originals(numbers) as Promise<Map<number, LoggedEvent>>)
}
