import type { Env } from '../env.ts'
import type { Instant } from '../kernel/calendar.ts'
import { conflict, notFound } from '../kernel/problem.ts'
import { askMeter, meterBusy } from './ask-meter.job.ts'
import { refusal } from './event-answer.ts'
import { readEventRef } from './event-ref.ts'
import { usageRef } from './ingest.http.ts'
import { ENTRY_WORDS } from './known-ids/id-entry.ts'
import type { CurrentEvent } from './meter/raw-events.store.ts'
import type { RevisionOutcome } from './meter/revise.job.ts'
import type { SpreadSetting } from './meter/spread.store.ts'
import type { Period } from './period.ts'
import { readEvent } from './read-event.http.ts'
import { earlierShardsOf, shardName, shardOf } from './shards.ts'
import type { Appraisal, Appraised } from './verdict.ts'

/** An event as it counts by now, and what a change of it came to. */
export type Revised = {
  outcome: 'amended' | 'voided' | 'duplicate'
  eventId: string
  event: Record<string, unknown>
  cycle: Period | null
}

/** Makes the changed event of the one that counts by now; null voids it. May throw a Problem. */
export type Change = (current: CurrentEvent) => Record<string, unknown> | null

/** Someone else may change the event between reading and writing it. */
const ATTEMPTS_MAX = 5

/**
 * Changes or voids an event. The same change again changes nothing.
 *
 * Throws a Problem: `event_not_found`, `event_voided` where a voided one is to be changed, and whatever ingest would
 * refuse the changed event with.
 */
export async function reviseUsage(env: Env, ref: string, change: Change, now: Instant): Promise<Revised> {
  const { meter, number } = await locate(env, ref)
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const current = await currentEvent(env, meter, number)
    const event = change(current)
    if (event && current.isVoided) throw voided(ref)
    const cycle = event
      ? await appraised(env, meter, current, event, now)
      : await cycleOf(env, meter, current, now)
    const revision = { number, basedOn: current.revision, event, now }
    const outcome = await askMeter(env, meter, (stub) => stub.revise(revision) as Promise<RevisionOutcome>)
    if (outcome === 'voided') throw voided(ref)
    if (outcome === 'stale') continue
    const isChanged = outcome === 'revised'
    return {
      outcome: isChanged ? (event ? 'amended' : 'voided') : 'duplicate',
      eventId: current.eventId,
      event: (isChanged && event) || current.event,
      cycle,
    }
  }
  throw meterBusy()
}

/** The event as it counts by now. Throws `event_not_found`. */
export async function findEvent(env: Env, ref: string): Promise<CurrentEvent> {
  const { meter, number } = await locate(env, ref)
  return currentEvent(env, meter, number)
}

/** The billing cycle of the changed event. Throws the Problem that ingest would refuse it with. */
async function appraised(
  env: Env,
  meter: string,
  current: CurrentEvent,
  event: Record<string, unknown>,
  now: Instant,
): Promise<Period | null> {
  const { productRef, occurredAt: at, validations } = readEvent(event, now, current.eventId)
  const isMoved = at !== current.at
  const appraisal = await appraise(env, meter, { productRef, at, validations, isMoved, now })
  if (appraisal.refusal) throw refusal(appraisal.refusal)
  return appraisal.cycle
}

async function cycleOf(
  env: Env,
  meter: string,
  { productRef, at }: CurrentEvent,
  now: Instant,
): Promise<Period | null> {
  const { cycle } = await appraise(env, meter, { productRef, at, validations: null, isMoved: false, now })
  return cycle
}

const appraise = (env: Env, meter: string, asked: Appraised): Promise<Appraisal> =>
  askMeter(env, meter, (stub) => stub.appraise(asked) as Promise<Appraisal>)

/** The object that counted the event, and under which number: the shard of its id, or one that had it before. */
async function locate(env: Env, ref: string): Promise<{ meter: string; number: number }> {
  const place = readEventRef(ref)
  // A forged reference must not reach an object that is no customer's.
  if (!place || !usageRef.safeParse(place.customerRef).success) throw notFound('event', ref)
  const { customerRef, id } = place
  const entry = new Uint32Array(ENTRY_WORDS)
  entry.set(id)
  const { spread } = await askMeter(env, customerRef, (main) => main.setting() as Promise<SpreadSetting>)
  const shard = shardOf(id, 0, spread)
  for (const candidate of [shard, ...earlierShardsOf(shard, spread)]) {
    const meter = shardName(customerRef, candidate)
    const [known] = await askMeter(
      env,
      meter,
      (stub) => stub.find(entry) as Promise<({ number: number } | null)[]>,
    )
    if (known) return { meter, number: known.number }
  }
  throw notFound('event', ref)
}

const currentEvent = (env: Env, meter: string, number: number): Promise<CurrentEvent> =>
  askMeter(env, meter, (stub) => stub.current(number) as Promise<CurrentEvent>)

const voided = (ref: string) =>
  conflict('event_voided', `The event "${ref}" was deleted, and can't be changed any more. Send a new one.`)
