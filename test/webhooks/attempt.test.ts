import { describe, expect, it } from 'vitest'
import { retryDelay, verdictOf } from '../../src/webhooks/attempt.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOW = Date.UTC(2026, 0, 10)

describe('the schedule of attempts', () => {
  it.each([
    [1, 0, MINUTE],
    [1, 1, 1.1 * MINUTE],
    [2, 0.5, 5.25 * MINUTE],
    [4, 0, 2 * HOUR],
    [9, 1, 26.4 * HOUR],
    [10, 0, undefined],
  ])('after attempt %i with chance %d waits %s ms', (attempts, random, delay) =>
    expect(retryDelay(attempts, random)).toBe(delay),
  )

  it('goes on for three days, ever slower', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempts) => retryDelay(attempts, 0) ?? 0)
    expect(delays.toSorted((a, b) => a - b)).toEqual(delays)
    // 1 + 5 + 30 minutes and 2 + 5 + 10 + 14 + 20 + 24 hours.
    expect(delays.reduce((sum, delay) => sum + delay, 0)).toBe(75 * HOUR + 36 * MINUTE)
  })
})

describe('what follows from an attempt', () => {
  const tried = { attempts: 1, failingSince: null, now: NOW, random: 0 }
  const waits = { state: 'waiting', pause: null, againAt: NOW + MINUTE }

  it.each([
    ['200', { status: 200 }, { state: 'delivered', failingSince: null, againAt: null, pause: null }],
    ['204 after failures', { status: 204, failingSince: 1 }, { state: 'delivered', failingSince: null }],
    ['500', { status: 500 }, { ...waits, failingSince: NOW, restsUntil: null }],
    [
      'no answer',
      { status: null, failingSince: NOW - HOUR },
      { ...waits, failingSince: NOW - HOUR, restsUntil: NOW + MINUTE },
    ],
    ['a redirect, which is not followed', { status: 302 }, waits],
    ['410', { status: 410 }, { state: 'waiting', againAt: null, pause: 'gone' }],
    ['the last attempt', { status: 500, attempts: 10 }, { state: 'failed', againAt: null, pause: null }],
    [
      'a failure after three days of nothing else',
      { status: 500, failingSince: NOW - 72 * HOUR },
      { state: 'waiting', againAt: null, pause: 'failing' },
    ],
    ['one a moment before', { status: 500, failingSince: NOW - 72 * HOUR + 1 }, waits],
  ])('%s', (_, outcome, verdict) => expect(verdictOf({ ...tried, ...outcome })).toMatchObject(verdict))
})
