import type { Env } from '../env.ts'
import type { Instant } from '../kernel/calendar.ts'
import { assert } from '../kernel/problem.ts'
import { askMeter, meterBusy } from './ask-meter.job.ts'
import { type Consignment, consign } from './consignment.ts'
import { packed } from './parcel.ts'
import type { Spread } from './shards.ts'
import { isStrict, strangers } from './strict-refs.job.ts'
import type { UsageEvent } from './usage-event.ts'
import { ACCEPTED, type CycleTotal, type ParcelAnswer, type Verdict } from './verdict.ts'
import { consignWhole } from './whole-parcel.ts'

/** What became of an event, and under which reference it can be found. */
export type Recorded = { eventRef: string; verdict: Verdict; shown: CycleTotal | null }

/** Meters of one request that are called side by side. */
const METERS_AT_ONCE = 64
/** A meter spreads further once in a while; more often than this within one call is no accident. */
const REROUTES_MAX = 5
const SPREADS_MAX = 10_000

/** How meters are spread that this isolate has met and that are not one object each. Whoever is wrong is told. */
const spreads = new Map<string, Spread>()

/**
 * Records events with as few calls as there are meters; one answer for each event, in their order.
 *
 * @param batchKey makes one identity of all events, instead of one for each
 */
export async function recordEvents(
  env: Env,
  events: readonly UsageEvent[],
  now: Instant,
  batchKey?: string | undefined,
): Promise<Recorded[]> {
  const recorded: Recorded[] = []
  const places = isStrict(env) ? await admitted(env, events, recorded) : events.keys()
  if (batchKey !== undefined) return recordWhole(env, events, [...places], now, batchKey, recorded)
  let consignments = consign(events, places, spreads, now)
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

/** Records a batch that has one identity: what has to go another way does so in the same parcels. */
async function recordWhole(
  env: Env,
  events: readonly UsageEvent[],
  places: readonly number[],
  now: Instant,
  key: string,
  recorded: Recorded[],
): Promise<Recorded[]> {
  const consigned = () => consignWhole(events, places, spreads, now, key)
  let consignments = consigned()
  for (let route = 0; consignments.length > 0; route++) {
    assert(route < REROUTES_MAX, 'a meter is spread again and again')
    const returned = new Set((await sendAll(env, consignments, recorded)).map((one) => one.places[0]))
    consignments = consigned().filter((one) => returned.has(one.places[0]))
  }
  return recorded
}

/** The places of the events whose customer and product are known; notes the refusal of the others. */
async function admitted(env: Env, events: readonly UsageEvent[], recorded: Recorded[]): Promise<number[]> {
  const refused = await strangers(env, events)
  for (const [place, verdict] of refused) recorded[place] = { eventRef: '', verdict, shown: null }
  return [...events.keys()].filter((place) => !refused.has(place))
}

/** Of an event that no meter was asked to count. */
const NOT_SHOWN: CycleTotal = { cycle: null, cycleTotal: null }

/** Records one event, and says what its billing cycle adds up to. */
export async function recordEvent(
  env: Env,
  event: UsageEvent,
  now: Instant,
): Promise<Recorded & { shown: CycleTotal }> {
  const [recorded] = await recordEvents(env, [event], now)
  assert(recorded, 'an event has an answer')
  return { ...recorded, shown: recorded.shown ?? NOT_SHOWN }
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
