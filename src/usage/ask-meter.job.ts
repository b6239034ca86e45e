import type { Env } from '../env.ts'
import { Problem } from '../kernel/problem.ts'

/** A meter that can be called. */
export type MeterStub = ReturnType<Env['USAGE_METER']['getByName']>

const ATTEMPTS_MAX = 3
const RETRY_AFTER_SECONDS = '2'
const BUSY = 'meter_busy'

/**
 * Calls a meter by its name. Every call may be repeated, so one that was cut off is; a meter that has too much to do
 * is left alone, and the caller told to come back: whatever was counted meanwhile will not be counted again. So it is
 * too when the meter is told that by another one that it asks.
 */
export async function askMeter<Answer>(
  env: Env,
  name: string,
  ask: (meter: MeterStub) => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    try {
      // A stub is of no use after an error, so each attempt takes a new one.
      return await ask(env.USAGE_METER.getByName(name))
    } catch (error) {
      const { overloaded, retryable, code } = error as Partial<
        Record<'overloaded' | 'retryable' | 'code', unknown>
      >
      // On its way from an object an error keeps its fields, but not its class.
      if (code === BUSY || overloaded || (retryable && attempt >= ATTEMPTS_MAX)) throw meterBusy(error)
      if (!retryable) throw error
    }
  }
}

/** The answer, or undefined where another meter that was asked for it has too much to do. */
export const unlessBusy = <Answer>(answer: Promise<Answer>): Promise<Answer | undefined> =>
  answer.catch((error) => {
    if (error instanceof Problem && error.code === BUSY) return undefined
    throw error
  })

export const meterBusy = (cause?: unknown): Problem =>
  new Problem(
    503,
    BUSY,
    'The meter of this customer has too much to do right now. Send the same again: nothing is counted twice.',
    { headers: { 'retry-after': RETRY_AFTER_SECONDS }, cause },
  )
