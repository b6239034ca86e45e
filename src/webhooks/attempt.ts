import type { Instant } from '../kernel/calendar.ts'
import type { PauseReason } from './webhook.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** What is waited after each attempt that failed: ten attempts within 75.6 hours, somewhat more with the jitter. */
const DELAYS = [
  MINUTE,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const

/** A webhook through which nothing has got for this long is paused. */
const FAILING_MAX_MS = 72 * HOUR

/** A receiver that gave no answer is left alone for this long. */
const REST_MS = MINUTE

/** A tenth longer at the most: what failed together is not tried again together. */
const JITTER = 0.1

/**
 * Milliseconds until the next attempt, after `attempts` that failed; undefined after the last.
 *
 * @param random from 0 to 1
 * @example retryDelay(1, 0) // 60 000; retryDelay(1, 1) // 66 000
 */
export function retryDelay(attempts: number, random: number): number | undefined {
  const delay = DELAYS[attempts - 1]
  return delay === undefined ? undefined : Math.round(delay * (1 + JITTER * random))
}

type Tried = {
  /** Attempts of this round, this one included. */
  attempts: number
  /** Of the answer; null when none came. */
  status: number | null
  /** Since when nothing got through to the webhook. */
  failingSince: Instant | null
  now: Instant
  random: number
}

export type Verdict = {
  state: 'waiting' | 'delivered' | 'failed'
  failingSince: Instant | null
  restsUntil: Instant | null
  /** When a delivery that waits is tried again; null while its webhook is paused. */
  againAt: Instant | null
  pause: PauseReason | null
}

/**
 * What follows from an attempt. Any 2xx is success. 410 says that the receiver is gone for good: the webhook is paused,
 * and so it is when nothing has got through for three days. What waits then waits until a person resumes it.
 */
export function verdictOf({ attempts, status, failingSince, now, random }: Tried): Verdict {
  if (status !== null && status >= 200 && status < 300)
    return { state: 'delivered', failingSince: null, restsUntil: null, againAt: null, pause: null }
  const since = failingSince ?? now
  const restsUntil = status === null ? now + REST_MS : null
  const waiting = { state: 'waiting', failingSince: since, restsUntil, againAt: null, pause: null } as const
  if (status === 410) return { ...waiting, pause: 'gone' }
  if (now - since >= FAILING_MAX_MS) return { ...waiting, pause: 'failing' }
  const delay = retryDelay(attempts, random)
  return delay === undefined ? { ...waiting, state: 'failed' } : { ...waiting, againAt: now + delay }
}

/**
 * When a delivery to a receiver that is left alone is tried: some time in the minute after its rest. One that hangs takes
 * few of the Worker's seconds so, however much waits for it.
 */
export const afterRest = (restsUntil: Instant, random: number): Instant =>
  restsUntil + Math.round(REST_MS * random)
