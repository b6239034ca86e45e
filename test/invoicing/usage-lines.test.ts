import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Metric } from '../../src/catalog/metric.ts'
import type { PriceModel, PriceModifiers } from '../../src/catalog/price.ts'
import type { ContractProduct, ContractTerms } from '../../src/contracts/contract.ts'
import { planCycleClose } from '../../src/invoicing/cycle/cycle-close.ts'
import {
  blocks,
  graduated,
  graduatedPercentage,
  packages,
  percentage,
  unit,
  volume,
} from '../rating/prices.ts'
import { sold, termsOf } from '../support/contract-terms.ts'
import { billed, closing, flat } from './closing.ts'
import { correctionFrom, measuredBy, sealedFrom, type Use, used } from './metering.ts'

type Case = {
  name: string
  model: PriceModel
  modifiers?: PriceModifiers
  more?: Partial<ContractProduct>
  terms?: Partial<ContractTerms>
  metric?: Metric
  events: Use[]
  amount: bigint | undefined
}

/** The amount of the line of "calls" on the invoice of January: from events, by the seal, to the line. */
const lineOf = ({ model, modifiers, more, terms: given, metric = { type: 'sum' }, events }: Case) => {
  const product = { ...(modifiers && { modifiers }), ...more }
  // A fee beside it, so that a credit has something to stand against.
  const terms = termsOf([sold('calls', model, product), sold('support', flat('100', 'in_arrears'))], given)
  const { invoices } = planCycleClose(
    closing(terms, 1, { products: measuredBy(metric), sealed: sealedFrom(terms, 1, events, metric) }),
  )
  return invoices.flatMap(({ lines }) => lines).find(({ kind }) => kind === 'usage')
}

const inRegion = (region: string | null, quantity: string, more: object = {}): Use => ({
  at: '2026-01-02T12:00:00Z',
  quantity,
  properties: { ...(region !== null && { region }), ...more },
})
const CALLS = graduated(['100', '0.10', '5'], [null, '0.05', '3'])

describe('every model, from events to the line', () => {
  it.each<Case>([
    { name: 'unit: 42.5 × 0.10', model: unit('0.10'), events: used('10', '20', '12.5'), amount: 425n },
    { name: 'package: ⌈17 / 10⌉ × 5', model: packages('10', '5'), events: used('8', '9'), amount: 1000n },
    {
      name: 'package: ⌈(17 − 8) / 10⌉ × 5',
      model: packages('10', '5', { included_quantity: '8' }),
      events: used('17'),
      amount: 500n,
    },
    {
      name: 'graduated: 100 × 0.10 + 5 + 50 × 0.05 + 3',
      model: CALLS,
      events: used('90', '60'),
      amount: 2050n,
    },
    { name: 'graduated: nothing used, the first flat amount', model: CALLS, events: [], amount: 500n },
    {
      name: 'volume: 16 × 5',
      model: volume(['15', '10'], [null, '5']),
      events: used('9', '7'),
      amount: 8000n,
    },
    {
      name: 'graduated percentage: 1,000 × 2 % + 500 × 1 %',
      model: graduatedPercentage(['1000', '2'], [null, '1']),
      events: used('1500'),
      amount: 2500n,
    },
    { name: 'percentage: 400 × 2.5 %', model: percentage('2.5'), events: used('150', '250'), amount: 1000n },
    {
      name: 'percentage with a free part and a fixed fee: (800 − 250) × 1.3 % + 2 × 2',
      model: percentage('1.3', { fixed_per_event: '2', free_events: '3', free_amount: '250' }),
      events: used('50', '100', '250', '400'),
      amount: 1115n,
    },
    {
      name: 'percentage with free events: the third of 400 × 1 % + 2',
      model: percentage('1', { fixed_per_event: '2', free_events: '2' }),
      events: used('50', '100', '400'),
      amount: 600n,
    },
    {
      name: 'percentage with bounds: 1.75 + 80 × 2.99 % + 12 = 16.142',
      model: percentage('2.99', { min_per_event: '1.75', max_per_event: '12' }),
      events: used('10', '80', '10000'),
      amount: 1614n,
    },
    {
      name: 'percentage of events: what is taken back bills nothing, 100 × 1 % + 2',
      model: percentage('1', { fixed_per_event: '2' }),
      events: used('100', '-40'),
      amount: 300n,
    },
    {
      name: 'amounts of events: 0.101 + 9.019',
      model: { type: 'event_amounts', multiplier: '1' },
      events: used('0.101', '9.019'),
      amount: 912n,
    },
    {
      name: 'amounts of events in minor units: 1,234.56 × 0.01 = 12.3456',
      model: { type: 'event_amounts', multiplier: '0.01' },
      events: used('1234.56'),
      amount: 1235n,
    },
    {
      name: 'amounts of events in a property: 3.30 + 4.40',
      model: { type: 'event_amounts', multiplier: '1' },
      metric: { type: 'sum', field: 'price' },
      events: [
        { at: '2026-01-02T12:00:00Z', properties: { price: '3.30' } },
        { at: '2026-01-03T12:00:00Z', properties: { price: 4.4 } },
      ],
      amount: 770n,
    },
    {
      name: 'matrix: 10 in eu × 2 + 3 in eu with gpu × 5 + 4 others × 1, each once',
      model: {
        type: 'matrix',
        rows: [
          { name: null, match: { region: ['eu'] }, unit_amount: '2' },
          { name: null, match: { region: ['eu'], kind: ['gpu'] }, unit_amount: '5' },
        ],
        default_unit_amount: '1',
      },
      metric: { type: 'sum', group_by: ['region', 'kind'] },
      events: [
        inRegion('eu', '10'),
        inRegion('eu', '3', { kind: 'gpu' }),
        inRegion('us', '3'),
        inRegion(null, '1'),
      ],
      amount: 3900n,
    },
    {
      name: 'groups are priced alone: packages of 10 at 5 for 12 and for 3, ⌈1.2⌉ + ⌈0.3⌉',
      model: packages('10', '5'),
      metric: { type: 'sum', group_by: ['region'] },
      events: [inRegion('eu', '12'), inRegion('us', '3')],
      amount: 1500n,
    },
    {
      name: 'blocks, graduated: 2 × 5 + ⌈1,300 / 1,000⌉ × 30',
      model: blocks('graduated', ['100', '2', '5'], ['1000', null, '30']),
      events: used('1500'),
      amount: 7000n,
    },
    {
      name: 'blocks, by volume: ⌈1,500 / 1,000⌉ × 30',
      model: blocks('volume', ['100', '2', '5'], ['1000', null, '30']),
      events: used('1500'),
      amount: 6000n,
    },
    {
      name: 'capacity: 4 users fit the first tier, 80 GB the second alone',
      model: {
        type: 'capacity',
        tiers: [
          { limits: { users: '10', gb: '5' }, amount: '50' },
          { limits: { users: '50', gb: '500' }, amount: '200' },
        ],
      },
      metric: { type: 'max', group_by: ['unit'] },
      events: [
        { at: '2026-01-02T12:00:00Z', quantity: '4', properties: { unit: 'users' } },
        { at: '2026-01-03T12:00:00Z', quantity: '80', properties: { unit: 'gb' } },
        { at: '2026-01-04T12:00:00Z', quantity: '20', properties: { unit: 'gb' } },
      ],
      amount: 20000n,
    },
  ])('$name', (one) => {
    expect(lineOf(one)?.amount).toBe(one.amount)
  })
})

describe('hours and days that are priced alone', () => {
  const hourly = (...quantities: string[]): Use[] =>
    quantities.map((quantity, hour) => ({ at: `2026-01-02T0${hour}:30:00Z`, quantity }))

  it.each<Case>([
    {
      name: 'peaks of 50, 150, 200 and 99 in packages of 100 at 5: 1 + 2 + 2 + 1',
      model: packages('100', '5'),
      more: { bucket: 'hour' },
      metric: { type: 'max' },
      events: hourly('50', '150', '200', '99'),
      amount: 3000n,
    },
    {
      name: 'the same peaks without buckets are one of 200: 2 packages',
      model: packages('100', '5'),
      metric: { type: 'max' },
      events: hourly('50', '150', '200', '99'),
      amount: 1000n,
    },
    {
      name: 'by day it is one peak of 200: 2 packages',
      model: packages('100', '5'),
      more: { bucket: 'day' },
      metric: { type: 'max' },
      events: hourly('50', '150', '200', '99'),
      amount: 1000n,
    },
    {
      name: 'tiers and flat amounts begin with each day: 5 + 10 + 3 + 1, and 5 + 2',
      model: CALLS,
      more: { bucket: 'day' },
      events: used('120', '20'),
      amount: 2600n,
    },
    {
      name: 'volume by day: 16 × 5 + 10 × 10',
      model: volume(['15', '10'], [null, '5']),
      more: { bucket: 'day' },
      events: used('16', '10'),
      amount: 18000n,
    },
    {
      name: 'a day without usage is no day; a cycle without any has the first flat amount once',
      model: CALLS,
      more: { bucket: 'day' },
      events: [],
      amount: 500n,
    },
    {
      name: 'included units come off the days one after the other: 8 of 10, then 12 of 12, then 5 less 0',
      model: packages('10', '5'),
      // 20 included: the first day takes 8, the second 12, the third nothing: ⌈0.5⌉ × 5.
      modifiers: { included_quantity: '20' },
      more: { bucket: 'day' },
      events: used('8', '12', '5'),
      amount: 500n,
    },
    {
      name: 'a maximum holds for the cycle: 30.00 cut to 25.00',
      model: packages('100', '5'),
      modifiers: { maximum_amount: '25' },
      more: { bucket: 'hour' },
      metric: { type: 'max' },
      events: hourly('50', '150', '200', '99'),
      amount: 2500n,
    },
  ])('$name', (one) => {
    expect(lineOf(one)?.amount).toBe(one.amount)
  })

  it('are hours of the zone of the contract', () => {
    // 05:55 and 06:05 in Kathmandu: packages of 100 at 5 for 60 and for 30; in UTC one for 90.
    const events = [
      { at: '2026-01-02T00:10:00Z', quantity: '60' },
      { at: '2026-01-02T00:20:00Z', quantity: '30' },
    ]
    const inZone = (timezone: string) =>
      lineOf({
        name: '',
        model: packages('100', '5'),
        more: { bucket: 'hour' },
        terms: { timezone },
        events,
        amount: undefined,
      })?.amount
    expect([inZone('Asia/Kathmandu'), inZone('UTC')]).toEqual([1000n, 500n])
  })

  it('split the amount over the months in which they lie', () => {
    // January: 1 + 2 packages of 100 at 5 are 15.00; February 1 is 5.00.
    const events = [
      { at: '2026-01-02T01:00:00Z', quantity: '50' },
      { at: '2026-01-02T02:00:00Z', quantity: '150' },
      { at: '2026-02-02T01:00:00Z', quantity: '99' },
    ]
    const line = lineOf({
      name: '',
      model: packages('100', '5'),
      more: { bucket: 'hour' },
      terms: { billing_cycle: { unit: 'QUARTERLY', cycle: 1 } },
      metric: { type: 'max' },
      events,
      amount: undefined,
    })
    expect(line?.usageByMonth).toEqual({ '2026-01': '1500', '2026-02': '500' })
  })

  it('rate the whole cycle again when usage of one comes late', () => {
    // An hour of 50 becomes one of 130: 2 + 2 packages of 100 at 5 instead of 1 + 2: 20.00 − 15.00.
    const terms = termsOf([sold('calls', packages('100', '5'), { bucket: 'hour' })])
    const metric = { type: 'max' } as const
    const correction = correctionFrom(terms, 1, hourly('130', '150'), metric)
    const { invoices } = planCycleClose(
      closing(terms, 2, {
        products: measuredBy(metric),
        sealed: { ...sealedFrom(terms, 2, [], metric), corrections: [correction] },
        billed: [billed('calls', 1, '200', { '2026-01': 1500n })],
      }),
    )
    expect(invoices[0]!.lines.map(({ kind, quantity, amount }) => [kind, quantity, amount])).toEqual([
      ['usage_adjustment', '80', 500n],
    ])
  })
})

describe('every modifier, from events to the line', () => {
  it.each<Case>([
    {
      name: 'conversion, rounding and given units: ⌈1,400 / 1,000⌉ − 0.5 = 1.5, × 10',
      model: unit('10'),
      modifiers: {
        unit_conversion: { op: 'divide', factor: '1000', rounding: 'ceil' },
        usage_discount: '0.5',
      },
      events: used('1400'),
      amount: 1500n,
    },
    {
      name: 'included units: (120 − 100) × 0.10',
      model: unit('0.10'),
      modifiers: { included_quantity: '100' },
      events: used('120'),
      amount: 200n,
    },
    {
      name: 'amount off, then percent off: (200 − 20) × 50 %',
      model: unit('10'),
      modifiers: { amount_discount: '20', percent_discount: '50' },
      events: used('20'),
      amount: 9000n,
    },
    {
      name: 'a discount before the maximum: 100 of 200, cut to 80',
      model: unit('10'),
      modifiers: { percent_discount: '50', maximum_amount: '80' },
      events: used('20'),
      amount: 8000n,
    },
    {
      name: 'a minimum: 3 × 1, at least 10',
      model: unit('1'),
      modifiers: { minimum_amount: '10' },
      events: used('3'),
      amount: 1000n,
    },
    {
      name: 'a minimum without usage',
      model: unit('1'),
      modifiers: { minimum_amount: '10' },
      events: [],
      amount: 1000n,
    },
    {
      name: 'limits shrink with the cycle: 16 of 31 days, 31 × 16/31',
      model: unit('1'),
      modifiers: { minimum_amount: '31' },
      terms: { start_date: '2026-01-16' },
      events: [],
      amount: 1600n,
    },
    {
      name: 'limits that stay whole',
      model: unit('1'),
      modifiers: { minimum_amount: '31', prorate_limits: false },
      terms: { start_date: '2026-01-16' },
      events: [],
      amount: 3100n,
    },
    {
      name: 'no usage, no fee',
      model: CALLS,
      modifiers: { skip_zero_usage_flat: true },
      events: [],
      amount: undefined,
    },
    {
      name: 'more taken back than used bills nothing, and says so: −250 at the first flat amount',
      model: graduated(['100', '0.10'], [null, '0.05']),
      events: used('-250'),
      amount: 0n,
    },
    {
      name: 'mirrored it is credited: −(100 × 0.10 + 150 × 0.05)',
      model: graduated(['100', '0.10'], [null, '0.05']),
      modifiers: { negative_usage: 'mirror' },
      events: used('-250'),
      amount: -1750n,
    },
  ])('$name', (one) => {
    expect(lineOf(one)?.amount).toBe(one.amount)
  })
})

/** Zones that never change their clocks, with what they are ahead of UTC. */
const ZONES = { UTC: 0, 'Asia/Kathmandu': 5.75, 'Asia/Tokyo': 9, 'America/Phoenix': -7 }
const HOUR_MS = 3_600_000

describe('a contract in another zone, with its events moved by as much', () => {
  const use = fc.record({
    minute: fc.integer({ min: 0, max: 31 * 24 * 60 - 1 }),
    quantity: fc.integer({ min: 1, max: 300 }),
  })

  it('bills the same amounts', () => {
    fc.assert(
      fc.property(
        fc.array(use, { maxLength: 12 }),
        fc.constantFrom<ContractProduct['bucket'][]>('hour', 'day', undefined),
        fc.constantFrom<Metric['type'][]>('sum', 'max', 'count'),
        (uses, bucket, type) => {
          const amounts = Object.entries(ZONES).map(([timezone, ahead]) => {
            const start = Date.parse('2026-01-01T00:00:00Z') - ahead * HOUR_MS
            const events = uses.map(({ minute, quantity }) => ({
              at: new Date(start + minute * 60_000).toISOString(),
              quantity: String(quantity),
            }))
            const more = bucket && { bucket }
            const asked = {
              name: '',
              model: packages('100', '5'),
              metric: { type },
              events,
              amount: undefined,
            }
            return lineOf({ ...asked, terms: { timezone }, ...(more && { more }) })?.amount
          })
          expect(new Set(amounts).size).toBe(1)
        },
      ),
      { numRuns: 60 },
    )
  })
})

const anyUses = fc.array(
  fc.record({
    minute: fc.integer({ min: 0, max: 31 * 24 * 60 - 1 }),
    quantity: fc.integer({ min: 0, max: 300 }),
  }),
  { minLength: 1, maxLength: 12 },
)
const asUses = (uses: readonly { minute: number; quantity: number }[]): Use[] =>
  uses.map(({ minute, quantity }, place) => ({
    id: `e${place}`,
    at: new Date(Date.parse('2026-01-01T00:00:00Z') + minute * 60_000).toISOString(),
    quantity: String(quantity),
  }))

/** Prices that look at all of a cycle, at its hours and days, and at its single events. */
const ANY_PRICE = fc.constantFrom<{ model: PriceModel; more?: Partial<ContractProduct> }>(
  { model: CALLS },
  { model: packages('100', '5') },
  { model: volume(['150', '0.10'], [null, '0.05']) },
  { model: packages('100', '5'), more: { bucket: 'hour' } },
  { model: CALLS, more: { bucket: 'day' } },
  { model: percentage('1.3', { fixed_per_event: '0.25', free_amount: '250', max_per_event: '3' }) },
)

describe('whatever way events come', () => {
  it('again or in another order, they bill the same line', () => {
    fc.assert(
      fc.property(ANY_PRICE, anyUses, ({ model, more }, uses) => {
        const events = asUses(uses)
        const bill = (sent: Use[]) =>
          lineOf({ name: '', model, ...(more && { more }), events: sent, amount: undefined })?.amount
        expect(bill([...events, ...[...events].reverse()])).toBe(bill(events))
        expect(bill([...events].reverse())).toBe(bill(events))
      }),
      { numRuns: 100 },
    )
  })

  it('late, line and correction come to what all of them at once cost', () => {
    fc.assert(
      fc.property(ANY_PRICE, anyUses, fc.nat(), ({ model, more }, uses, cut) => {
        const events = asUses(uses)
        const onTime = events.slice(0, cut % (events.length + 1))
        const terms = termsOf([sold('calls', model, more), sold('support', flat('1000', 'in_arrears'))])
        const linesAt = (boundary: number, given: Partial<Parameters<typeof closing>[2]>) =>
          planCycleClose(closing(terms, boundary, given)).invoices.flatMap(({ lines }) => lines)
        const amountOf = (lines: ReturnType<typeof linesAt>) =>
          lines
            .filter(({ productRef }) => productRef === 'calls')
            .reduce((sum, { amount }) => sum + amount, 0n)
        const first = linesAt(1, { sealed: sealedFrom(terms, 1, onTime) })
        const quantity = first.find(({ productRef }) => productRef === 'calls')?.quantity ?? '0'
        const second = linesAt(2, {
          sealed: { cycleNo: 2, products: [], corrections: [correctionFrom(terms, 1, events)] },
          billed: [billed('calls', 1, quantity, { '2026-01': amountOf(first) })],
        })
        const whole = linesAt(1, { sealed: sealedFrom(terms, 1, events) })
        expect(amountOf(first) + amountOf(second)).toBe(amountOf(whole))
      }),
      { numRuns: 100 },
    )
  })
})
