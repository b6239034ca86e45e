import type { Env } from '../env.ts'
import type { Instant } from '../kernel/calendar.ts'
import { assert } from '../kernel/problem.ts'
import { askMeter, meterBusy } from './ask-meter.job.ts'
import { type Consignment, consign } from './consignment.ts'
import { packed } from './parcel.ts'
import type { Spread } from './shards.ts'
import type { UsageEvent } from './usage-event.ts'
import { ACCEPTED, type CycleTotal, type ParcelAnswer, type Verdict } from './verdict.ts'

/** What became of an event, and under which reference it can be found. */
export type Recorded = { eventRef: string; verdict: Verdict; shown: CycleTotal | null }

/** Meters of one request that are called side by side. */
const METERS_AT_ONCE = 64
/** A meter spreads further once in a while; more often than this within one call is no accident. */
const REROUTES_MAX = 5
const SPREADS_MAX = 10_000

/** How meters are spread that this isolate has met and that are not one object each. Whoever is wrong is told. */
const spreads = new Map<string, Spread>()

/** Records events with as few calls as there are meters; one answer for each event, in their order. */
export async function recordEvents(
  env: Env,
  events: readonly UsageEvent[],
  now: Instant,
): Promise<Recorded[]> {
  const recorded: Recorded[] = []
  let consignments = consign(events, events.keys(), spreads, now)
  for (let route = 0; consignments.length > 0; route++) {
    assert(route < REROUTES_MAX, 'a meter is spread again and again')
    const returned = await sendAll(env, consignments, recorded)
    consignments = consign(
      events,
      returned.flatMap(({ places }) => places),
      spreads,
      now,
    )
  }
  return recorded
}

/** Records one event, and says what its billing cycle adds up to. */
export async function recordEvent(
  env: Env,
  event: UsageEvent,
  now: Instant,
): Promise<Recorded & { shown: CycleTotal }> {
  const [recorded] = await recordEvents(env, [event], now)
  assert(recorded?.shown, 'a meter answers a single event with its total')
  return { ...recorded, shown: recorded.shown }
}

/** Sends them; answers those that went to a meter that is spread otherwise by now. */
async function sendAll(
  env: Env,
  consignments: readonly Consignment[],
  recorded: Recorded[],
): Promise<Consignment[]> {
  const returned: Consignment[] = []
  for (let first = 0; first < consignments.length; first += METERS_AT_ONCE) {
    const calls = consignments.slice(first, first + METERS_AT_ONCE).map(async (consignment) => {
      const answer = await send(env, consignment)
      if ('spread' in answer) {
        remember(consignment.parcel.customerRef, answer.spread)
        returned.push(consignment)
      } else note(consignment, answer, recorded)
    })
    await Promise.all(calls)
  }
  return returned
}

async function send(env: Env, { meter, parcel, spread }: Consignment) {
  const load = packed(parcel)
  const answer = await askMeter(env, meter, (stub) => stub.record(load, spread) as Promise<ParcelAnswer>)
  if ('busy' in answer) throw meterBusy()
  return answer
}

function note(
  { places, refs }: Consignment,
  { others, shown }: Extract<ParcelAnswer, { others: unknown }>,
  recorded: Recorded[],
): void {
  for (const [index, place] of places.entries())
    recorded[place] = { eventRef: refs[index]!, verdict: ACCEPTED, shown }
  for (const [index, verdict] of others) recorded[places[index]!]!.verdict = verdict
}

function remember(customerRef: string, spread: Spread): void {
  if (spreads.size >= SPREADS_MAX) spreads.clear()
  spreads.set(customerRef, spread)
}
