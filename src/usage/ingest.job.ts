import type { Env } from '../env.ts'
import type { Instant } from '../kernel/calendar.ts'
import { Problem } from '../kernel/problem.ts'
import type { UsageMeter } from './meter.object.ts'
import type { UsageEvent } from './usage-event.ts'
import type { Receipt } from './verdict.ts'

const ATTEMPTS_MAX = 3
const RETRY_AFTER_SECONDS = '2'
/** Meters of one request that are called side by side. */
const METERS_AT_ONCE = 32

/** Records events with one call per customer; one receipt for each event, in their order. */
export async function recordEvents(
  env: Env,
  events: readonly UsageEvent[],
  now: Instant,
): Promise<Receipt[]> {
  const places = Map.groupBy(events.keys(), (place) => events[place]!.customerRef)
  const receipts: Receipt[] = []
  const meters = [...places]
  for (let first = 0; first < meters.length; first += METERS_AT_ONCE) {
    await Promise.all(
      meters.slice(first, first + METERS_AT_ONCE).map(async ([customerRef, own]) => {
        const answers = await askMeter(env, customerRef, (meter) =>
          meter.record(
            own.map((place) => events[place]!),
            now,
          ),
        )
        for (const [index, place] of own.entries()) receipts[place] = answers[index]!
      }),
    )
  }
  return receipts
}

/**
 * Calls the meter of a customer. Every call may be repeated, so one that was cut off is; a meter that has too much to
 * do is left alone, and the caller told to come back: whatever was counted meanwhile will not be counted again.
 */
export async function askMeter<Answer>(
  env: Env,
  customerRef: string,
  ask: (meter: DurableObjectStub<UsageMeter>) => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    try {
      // A stub is of no use after an error, so each attempt takes a new one.
      return await ask(env.USAGE_METER.getByName(customerRef))
    } catch (error) {
      const { overloaded, retryable } = error as { overloaded?: boolean; retryable?: boolean }
      if (overloaded || (retryable && attempt >= ATTEMPTS_MAX)) throw meterBusy(error)
      if (!retryable) throw error
    }
  }
}

const meterBusy = (cause: unknown): Problem =>
  new Problem(
    503,
    'meter_busy',
    'The meter of this customer has too much to do right now. Send the same again: nothing is counted twice.',
    { headers: { 'retry-after': RETRY_AFTER_SECONDS }, cause },
  )
