import { describe, expect, it } from 'vitest'
import type { Metric } from '../../../src/catalog/metric.ts'
import {
  meteredWindows,
  type PreviewEvent,
  previewCells,
  windowsOf,
} from '../../../src/usage/metrics/preview.ts'
import { formatQuantity } from '../../../src/usage/quantity.ts'
import type { Window } from '../../../src/usage/windows.ts'
import { HOUR } from './events.ts'

const event = (eventId: string, time: string, quantity: string, more: Partial<PreviewEvent> = {}) => ({
  customerRef: '',
  eventId,
  at: Date.parse(time),
  quantity,
  properties: {},
  ...more,
})

const range = (from: string, to: string) => ({ start: Date.parse(from), end: Date.parse(to) })

const windowed = (
  metric: Metric,
  events: PreviewEvent[],
  window: Window,
  zone: string,
  from: string,
  to: string,
) =>
  meteredWindows(metric, previewCells(metric, events), windowsOf(range(from, to), window, zone)).map(
    ({ total }) => formatQuantity(total),
  )

describe('an identity counts once', () => {
  it('a thousand sends of one id are one, the first, whatever their timestamps', () => {
    const sends = Array.from({ length: 1000 }, (_, place) =>
      event('one', `2024-01-01T00:${String(place % 60).padStart(2, '0')}:00Z`, String(place + 7)),
    )
    const cells = previewCells({ type: 'sum' }, sends)
    expect(cells).toEqual([{ at: Date.parse('2024-01-01T00:00:00Z'), group: '', part: 0, state: ['7'] }])
  })

  it('the same id of another customer is another', () =>
    expect(
      previewCells({ type: 'count' }, [
        event('one', '2024-01-01T00:00:00Z', '1', { customerRef: 'a' }),
        event('one', '2024-01-01T00:00:00Z', '1', { customerRef: 'b' }),
      ]),
    ).toHaveLength(2))
})

describe('windows', () => {
  it('measures each hour alone: the maximum of each', () => {
    const events = ['50', '150', '200', '99'].flatMap((top, hour) => [
      event(`${hour} low`, `2024-01-01T0${hour}:15:00Z`, '1'),
      event(`${hour} top`, `2024-01-01T0${hour}:59:59.999Z`, top),
    ])
    const tops = windowed(
      { type: 'max' },
      events,
      'hour',
      'UTC',
      '2024-01-01T00:00:00Z',
      '2024-01-01T05:00:00Z',
    )
    expect(tops).toEqual(['50', '150', '200', '99', '0'])
  })

  it('keeps the two halves of a repeated hour apart', () => {
    // 27 October 2024: 2 o'clock comes twice in Berlin, at 0:00Z and at 1:00Z.
    const events = [event('1', '2024-10-27T00:30:00Z', '1'), event('2', '2024-10-27T01:30:00Z', '2')]
    const hours = windowed(
      { type: 'sum' },
      events,
      'hour',
      'Europe/Berlin',
      '2024-10-26T22:00:00Z',
      '2024-10-27T23:00:00Z',
    )
    expect(hours).toHaveLength(25)
    expect(hours.slice(1, 5)).toEqual(['0', '1', '2', '0'])
  })

  it.each([
    ['Europe/Berlin', '2024-03-30T23:00:00Z', '2024-03-31T22:00:00Z', 23],
    ['Asia/Kathmandu', '2024-03-30T18:15:00Z', '2024-03-31T18:15:00Z', 24],
    // Half an hour is repeated: 24 full hours and the rest.
    ['Australia/Lord_Howe', '2024-04-06T13:00:00Z', '2024-04-07T13:30:00Z', 25],
  ])('a day in %s is one window, and has its own hours', (zone, from, to, hours) => {
    expect(windowsOf(range(from, to), 'day', zone)).toEqual([range(from, to)])
    const found = windowsOf(range(from, to), 'hour', zone)
    expect(found).toHaveLength(hours)
    expect(
      found.every(({ start, end }, place) => start === Date.parse(from) + place * HOUR && end > start),
    ).toBe(true)
  })

  it('carries the running sum into windows in which nothing happens', () => {
    const metric: Metric = { type: 'weighted_sum', recurring: true }
    const events = [event('1', '2024-01-01T12:00:00Z', '10'), event('2', '2024-01-03T18:00:00Z', '-4')]
    // 10 for half of the first day; 10; 10 - 4 x 6 / 24
    expect(windowed(metric, events, 'day', 'UTC', '2024-01-01T00:00:00Z', '2024-01-04T00:00:00Z')).toEqual([
      '5',
      '10',
      '9',
    ])
  })

  it('refuses to carry more groups through more windows than it can show', () => {
    const metric: Metric = { type: 'sum', recurring: true, group_by: ['user'] }
    // 101 groups in 1,000 hours
    const events = Array.from({ length: 101 }, (_, user) =>
      event(String(user), '2024-01-01T00:00:00Z', '1', { properties: { user } }),
    )
    expect(() =>
      windowed(metric, events, 'hour', 'UTC', '2024-01-01T00:00:00Z', '2024-02-11T16:00:00Z'),
    ).toThrow('101 groups in 1000 windows')
  })
})
