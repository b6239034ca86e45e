import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SUM_OF_QUANTITY } from '../../src/catalog/metric.ts'
import { BUCKET_MS, type Cell } from '../../src/usage/bucket.ts'
import { formatQuantity, parseQuantity } from '../../src/usage/quantity.ts'
import { summarise } from '../../src/usage/usage-summary.ts'
import { WINDOWS, windowAt } from '../../src/usage/windows.ts'

const at = Date.parse
const iso = (instant: number) => new Date(instant).toISOString()

describe('the window of an instant', () => {
  it.each([
    ['hour', 'UTC', '2024-02-05T09:59:59Z', '2024-02-05T09:00:00.000Z', '2024-02-05T10:00:00.000Z'],
    // Kathmandu is 5:45 ahead: its full hours lie at a quarter past.
    [
      'hour',
      'Asia/Kathmandu',
      '2024-02-05T09:20:00Z',
      '2024-02-05T09:15:00.000Z',
      '2024-02-05T10:15:00.000Z',
    ],
    ['day', 'Asia/Kolkata', '2024-02-05T18:30:00Z', '2024-02-05T18:30:00.000Z', '2024-02-06T18:30:00.000Z'],
    // 31 March 2024 has 23 hours in Berlin.
    ['day', 'Europe/Berlin', '2024-03-31T12:00:00Z', '2024-03-30T23:00:00.000Z', '2024-03-31T22:00:00.000Z'],
    [
      'month',
      'America/New_York',
      '2024-03-01T04:00:00Z',
      '2024-02-01T05:00:00.000Z',
      '2024-03-01T05:00:00.000Z',
    ],
  ] as const)('%s in %s of %s', (window, zone, instant, start, end) => {
    const found = windowAt(at(instant), window, zone)
    expect([iso(found.start), iso(found.end)]).toEqual([start, end])
  })

  // The clocks change on 10 March in New York, on 31 March in Berlin, on 7 April on Lord Howe (by half an hour).
  it('windows follow each other without gap or overlap, on days of a clock change too', () => {
    for (const zone of ['Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/New_York']) {
      for (const window of WINDOWS) {
        let start = windowAt(at('2024-03-07T12:00:00Z'), window, zone).start
        while (start < at('2024-04-09T00:00:00Z')) {
          const found = windowAt(start, window, zone)
          expect(found.start).toBe(start)
          expect(windowAt(found.end - 1, window, zone)).toEqual(found)
          start = found.end
        }
      }
    }
  })
})

const cell = (productRef: string, instant: number, quantity: string): Cell => ({
  productRef,
  at: instant,
  quantity: parseQuantity(quantity)!,
  events: 1,
})

const bySum = () => ({ metric: SUM_OF_QUANTITY, states: [] })

const FEBRUARY = { start: at('2024-02-01T00:00:00Z'), end: at('2024-03-01T00:00:00Z'), timezone: 'UTC' }

describe('a summary', () => {
  it('adds up by product and window, and cuts windows to the range', () => {
    const cells = [
      cell('b', at('2024-02-05T09:00:00Z'), '0.1'),
      cell('b', at('2024-02-05T23:45:00Z'), '0.2'),
      cell('b', at('2024-02-06T00:00:00Z'), '1'),
      cell('a', at('2024-02-06T00:00:00Z'), '-1'),
    ]
    const range = { ...FEBRUARY, start: at('2024-02-05T09:00:00Z') }
    expect(summarise(cells, { ...range, window: 'day' }, bySum)).toEqual([
      {
        productRef: 'a',
        quantity: '-1',
        events: 1,
        value: '-1',
        windows: [
          {
            start: at('2024-02-06T00:00:00Z'),
            end: at('2024-02-07T00:00:00Z'),
            quantity: '-1',
            events: 1,
            value: '-1',
          },
        ],
      },
      {
        productRef: 'b',
        quantity: '1.3',
        events: 3,
        value: '1.3',
        windows: [
          { start: range.start, end: at('2024-02-06T00:00:00Z'), quantity: '0.3', events: 2, value: '0.3' },
          {
            start: at('2024-02-06T00:00:00Z'),
            end: at('2024-02-07T00:00:00Z'),
            quantity: '1',
            events: 1,
            value: '1',
          },
        ],
      },
    ])
  })

  it('has a product that was asked for by name, used or not', () =>
    expect(summarise([], { ...FEBRUARY, productRef: 'a' }, bySum)).toEqual([
      { productRef: 'a', quantity: '0', events: 0, value: '0', windows: [] },
    ]))

  it('loses nothing: windows add up to the total, whatever the zone', () => {
    const buckets = (FEBRUARY.end - FEBRUARY.start) / BUCKET_MS
    const anyCell = fc
      .tuple(fc.nat({ max: buckets - 1 }), fc.integer())
      .map(([bucket, units]) => cell('a', FEBRUARY.start + bucket * BUCKET_MS, `${units}e-3`))
    const zones = fc.constantFrom('UTC', 'Asia/Kathmandu', 'America/St_Johns')
    fc.assert(
      fc.property(
        fc.array(anyCell, { minLength: 1 }),
        zones,
        fc.constantFrom(...WINDOWS),
        (cells, zone, window) => {
          const [own] = summarise(cells, { ...FEBRUARY, timezone: zone, window }, bySum)
          const num = own!.windows.reduce((total, { quantity }) => total + parseQuantity(quantity)!.num, 0n)
          expect(own!.quantity).toBe(formatQuantity({ num, den: 10n ** 30n }))
          expect(own!.events).toBe(cells.length)
        },
      ),
      { numRuns: 50 },
    )
  })
})
