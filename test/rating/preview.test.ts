import { describe, expect, it } from 'vitest'
import { rateLine } from '../../src/rating/line.ts'
import { rateBody, readRateBody, showRatedLine } from '../../src/rating/preview.http.ts'

const ask = (body: object) => {
  const read = rateBody.parse({ currency: 'USD', ...body })
  return showRatedLine(rateLine(readRateBody(read)), read)
}

const unit = { type: 'unit', unit_amount: '10' }
const packages = { type: 'package', package_size: 100, package_amount: 5 }
const matrix = {
  type: 'matrix',
  rows: [
    { name: 'Europe', match: { region: ['eu'] }, unit_amount: '2' },
    { match: { region: '*', level: [1, true] }, unit_amount: '3' },
  ],
  default_unit_amount: '1',
}

describe('the answer', () => {
  it('says what became of the price, and what this line bills of it', () => {
    // 27 × 10 = 270; 50 % off is 135; at most 100; 7 × 10 × 50 % = 35 were billed before.
    const answer = ask({
      model: unit,
      modifiers: { percent_discount: '50', maximum_amount: '100' },
      quantity: 20,
      already_billed: { quantity: '7' },
      line_position: 'last',
    })
    expect(answer).toEqual({
      currency: 'USD',
      amount: '65',
      rounded_amount: '65.00',
      billable_quantity: '20',
      lines: [
        { description: 'Units', quantity: '27', unit_amount: '10', amount: '270' },
        { description: 'Discount of 50 %', quantity: '1', unit_amount: '-135', amount: '-135' },
        { description: 'At most 100', quantity: '1', unit_amount: '-35', amount: '-35' },
        { description: 'Already billed', quantity: '1', unit_amount: '-35', amount: '-35' },
      ],
      gross: '270.00',
      discount: '170.00',
      minimum_top_up: '0.00',
      already_billed: '35.00',
      net: '65.00',
    })
  })

  it('rounds its steps so that they add up to what is due', () => {
    // 3 × 3.335 = 10.005, 50 % off: 5.0025, so 5.00. Down: 10.00 and − 5.01, the missing cent to the larger rest, .75.
    const answer = ask({
      model: { ...unit, unit_amount: '3.335' },
      modifiers: { percent_discount: '50' },
      quantity: 3,
    })
    expect([answer.amount, answer.gross, answer.discount, answer.net]).toEqual([
      '5.0025',
      '10.00',
      '5.00',
      '5.00',
    ])
  })

  it.each([
    { name: 'half away from zero', currency: 'USD', price: '10.125', rounding: 'half_up', rounded: '10.13' },
    { name: 'half to even', currency: 'USD', price: '10.125', rounding: 'half_even', rounded: '10.12' },
    { name: 'no minor unit', currency: 'JPY', price: '0.5', rounding: 'half_up', rounded: '1' },
    { name: 'three digits', currency: 'KWD', price: '0.0005', rounding: 'half_up', rounded: '0.001' },
  ])('rounds by the currency: $name', ({ currency, price, rounding, rounded }) => {
    const answer = ask({ currency, rounding, model: { ...unit, unit_amount: price }, quantity: 1 })
    expect(answer.rounded_amount).toBe(rounded)
  })

  it('rounds both totals before it subtracts them', () => {
    // 0.335 is 0.34 and 1.00 was billed: − 0.66. The difference − 0.665 alone would be − 0.67.
    const answer = ask({
      model: { ...unit, unit_amount: '0.335' },
      quantity: 1,
      already_billed: { amount: '1.00' },
    })
    expect([answer.amount, answer.rounded_amount]).toEqual(['-0.665', '-0.66'])
  })

  it('tops up to the minimum of the days that are billed', () => {
    // 10 × 25/28 − 8 = 0.928…
    const answer = ask({
      model: { ...unit, unit_amount: '1' },
      modifiers: { minimum_amount: 10 },
      quantity: 8,
      proration: { days: 25, period_days: 28 },
    })
    expect([answer.minimum_top_up, answer.net]).toEqual(['0.93', '8.93'])
  })
})

describe('usage in its forms', () => {
  it.each([
    // ⌈0.5⌉ + ⌈1.5⌉ + ⌈2⌉ + ⌈0.99⌉ = 6 packages of 5
    {
      name: 'buckets',
      body: { model: packages, quantities: [50, 150, 200, 99] },
      amount: '30',
      units: '499',
    },
    {
      name: 'amounts of events',
      body: { model: { type: 'event_amounts' }, event_amounts: ['0.101', '9.019'] },
      amount: '9.12',
      units: '9.12',
    },
    {
      // 550 × 1.3 % + 2 × 2
      name: 'a percentage of events',
      body: {
        model: {
          type: 'percentage',
          rate_percent: '1.3',
          fixed_per_event: 2,
          free_events: 3,
          free_amount: 250,
        },
        event_amounts: [50, 100, 250, 400],
      },
      amount: '11.15',
      units: '800',
    },
    {
      // Europe 4 × 2, level 1 in us 2 × 3, no region 5 × 1
      name: 'events with properties',
      body: {
        model: matrix,
        events: [
          { quantity: 4, properties: { region: 'eu' } },
          { quantity: 2, properties: { region: 'us', level: 1 } },
          { quantity: 5, properties: { region: null, level: true } },
        ],
      },
      amount: '19',
      units: '11',
    },
    {
      // eu 60 + 60 are 2 packages, us 60 is 1; together they would be 2.
      name: 'events in groups',
      body: {
        model: packages,
        events: ['eu', 'us', 'eu'].map((region) => ({ quantity: 60, properties: { region } })),
        group_by: ['region'],
      },
      amount: '15',
      units: '180',
    },
    {
      // Without group_by the events are one quantity: ⌈1.8⌉ packages.
      name: 'events as one quantity',
      body: { model: packages, events: [{ quantity: 60 }, { quantity: 60 }, { quantity: 60 }] },
      amount: '10',
      units: '180',
    },
    {
      // Converted as one quantity: ⌈0.4 + 0.5⌉ × 10, not ⌈0.4⌉ + ⌈0.5⌉.
      name: 'events converted as one quantity',
      body: {
        model: unit,
        modifiers: { unit_conversion: { op: 'divide', factor: 1000, rounding: 'ceil' } },
        events: [{ quantity: 400 }, { quantity: 500 }],
      },
      amount: '10',
      units: '1',
    },
    {
      // Converted by the values of the dimensions: eu ⌈0.4 + 0.5⌉ × 2, others ⌈0.1⌉ × 1.
      name: 'events converted by dimension',
      body: {
        model: matrix,
        modifiers: { unit_conversion: { op: 'divide', factor: 1000, rounding: 'ceil' } },
        events: [
          { quantity: 400, properties: { region: 'eu', city: 'Bern' } },
          { quantity: 500, properties: { region: 'eu', city: 'Rome' } },
          { quantity: 100 },
        ],
      },
      amount: '3',
      units: '2',
    },
    { name: 'no usage at all', body: { model: unit }, amount: '0', units: '0' },
  ])('$name: $amount', ({ body, amount, units }) => {
    const answer = ask(body)
    expect([answer.amount, answer.billable_quantity]).toEqual([amount, units])
  })
})

describe('what is refused', () => {
  const tiers = (...bounds: (string | null)[]) => bounds.map((up_to) => ({ up_to }))
  const row = (match: object, name?: string) => ({ match, unit_amount: 1, ...(name && { name }) })
  const volume = { type: 'volume', tiers: tiers('10', null) }
  it.each<{ name: string; body: object; paths: string[] }>([
    {
      name: 'tiers that fall',
      body: { model: { type: 'graduated', tiers: tiers('10', '5', null) } },
      paths: ['model.tiers.1.up_to'],
    },
    {
      name: 'a last tier that is not open',
      body: { model: { type: 'graduated_percentage', tiers: tiers('10') } },
      paths: ['model.tiers.0.up_to'],
    },
    { name: 'no tiers', body: { model: { type: 'volume', tiers: [] } }, paths: ['model.tiers'] },
    {
      name: 'a bound that is no number',
      body: { model: { type: 'volume', tiers: tiers('ten', 'NaN', null) } },
      paths: ['model.tiers.0.up_to', 'model.tiers.1.up_to'],
    },
    {
      name: 'packages of nothing',
      body: { model: { ...packages, package_size: '0.0' } },
      paths: ['model.package_size'],
    },
    {
      name: 'bounds of an event that cross',
      body: { model: { type: 'percentage', rate_percent: 1, min_per_event: 3, max_per_event: 2 } },
      paths: ['model.min_per_event'],
    },
    {
      name: 'the same row twice, in other words, and a name twice',
      body: {
        model: {
          type: 'matrix',
          rows: [row({ a: ['1', '2'] }, 'A'), row({ a: [2, 1] }, 'B'), row({ b: '*' }, 'A')],
        },
      },
      paths: ['model.rows.1.match', 'model.rows.2.name'],
    },
    {
      name: 'a row for everything, and one for nothing',
      body: { model: { type: 'matrix', rows: [row({}), row({ a: [] })] } },
      paths: ['model.rows.0.match', 'model.rows.1.match.a'],
    },
    {
      name: 'an endless tier of blocks before the last',
      body: {
        model: {
          type: 'block_tiers',
          tiers: [
            { block_size: 1, block_amount: 1 },
            { block_size: 2, block_amount: 1 },
          ],
        },
      },
      paths: ['model.tiers.0.max_blocks'],
    },
    {
      name: 'limits that fall, and limits that do not rise',
      body: {
        model: {
          type: 'capacity',
          tiers: [
            { limits: { users: 10 }, amount: 1 },
            { limits: { users: 5, constructor: 3 }, amount: 2 },
            { limits: { users: 5, constructor: 3 }, amount: 3 },
          ],
        },
      },
      paths: ['model.tiers.1.limits.users', 'model.tiers.1.limits.constructor', 'model.tiers.2.limits'],
    },
    {
      name: 'a discount above 100 %, and a factor of 0',
      body: {
        model: unit,
        modifiers: { percent_discount: '100.01', unit_conversion: { op: 'divide', factor: 0 } },
      },
      paths: ['modifiers.unit_conversion.factor', 'modifiers.percent_discount'],
    },
    {
      name: 'a minimum above the maximum',
      body: { model: unit, modifiers: { minimum_amount: 2, maximum_amount: '1.99' } },
      paths: ['modifiers.minimum_amount'],
    },
    {
      name: 'included units before volume tiers',
      body: { model: volume, modifiers: { included_quantity: 50 } },
      paths: ['modifiers.included_quantity'],
    },
    {
      name: 'units of a flat price',
      body: { model: { type: 'flat', amount: 1 }, modifiers: { usage_discount: 1 } },
      paths: ['modifiers.usage_discount'],
    },
    {
      name: 'usage in two forms',
      body: { model: unit, quantity: 1, quantities: [1] },
      paths: ['quantities'],
    },
    {
      name: 'groups without events, and of a percentage',
      body: { model: { type: 'percentage', rate_percent: 1 }, quantity: 1, group_by: ['a'] },
      paths: ['group_by', 'group_by'],
    },
    {
      name: 'a billed quantity beside buckets',
      body: { model: unit, quantities: [1], already_billed: { quantity: 1 } },
      paths: ['already_billed.amount'],
    },
    {
      name: 'more days than the period has',
      body: { model: unit, proration: { days: 32, period_days: 31 } },
      paths: ['proration.days'],
    },
    { name: 'an unknown model', body: { model: { type: 'stairs' } }, paths: ['model.type'] },
    { name: 'an unknown field', body: { model: { ...unit, free: 1 } }, paths: ['model'] },
  ])('$name', ({ body, paths }) => {
    const read = rateBody.safeParse({ currency: 'USD', ...body })
    expect(read.error?.issues.map(({ path }) => path.join('.'))).toEqual(paths)
  })

  it('numbers at the edge of what is read are priced, not failed on', () => {
    const least = '1e-60'
    const most = `${'9'.repeat(20)}e40`
    for (const model of [
      { ...unit, unit_amount: most },
      { ...packages, package_size: least, package_amount: least },
      { type: 'graduated', tiers: [{ up_to: least, unit_amount: most }, { up_to: null }] },
      { type: 'volume', tiers: [{ up_to: null, unit_amount: least, flat_amount: most }] },
    ]) {
      for (const quantity of [least, most, `-${most}`, '-0', -0]) {
        const modifiers = { unit_conversion: { op: 'divide', factor: least }, percent_discount: least }
        expect(ask({ model, modifiers, quantity }).rounded_amount).toMatch(/^-?\d+\.\d\d$/)
      }
    }
  })
})
