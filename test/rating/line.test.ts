import { describe, expect, it } from 'vitest'
import type { Price, PriceModel } from '../../src/catalog/price.ts'
import { fromMinor, toMinor } from '../../src/kernel/money.ts'
import { decimal, formatDecimal, type Rational, subtract, ZERO } from '../../src/kernel/rational.ts'
import { type LinePosition, rateLine } from '../../src/rating/line.ts'
import { chargeEvent, NOTHING_CHARGED } from '../../src/rating/per-event.ts'
import { ofQuantity } from '../../src/rating/rated-usage.ts'
import { rateSplit } from '../../src/rating/split.ts'
import { flat, graduated, packages, percentage, unit, volume } from './prices.ts'

const shown = (values: readonly Rational[]): string[] => values.map((value) => formatDecimal(value))

const tiers = graduated(['10', '2', '5'], [null, '1'])
const bulk = volume(['15', '10'], [null, '5'])
const limits = { percent_discount: '50', maximum_amount: '100' }
const thousands = { unit_conversion: { op: 'divide', factor: '1000', rounding: 'ceil' } } as const
const peak: PriceModel = {
  type: 'capacity',
  tiers: [
    { limits: { users: '10' }, amount: '50' },
    { limits: {}, amount: '200' },
  ],
}

type Case = {
  name: string
  price: Price
  quantity: string
  already?: { quantity: string; amount?: string }
  position?: LinePosition
  amount: string
  billable: string
}

describe('a line', () => {
  it.each<Case>([
    {
      name: 'a whole: 5 + 10 × 2 + 2',
      price: { model: tiers },
      quantity: '12',
      amount: '27',
      billable: '12',
    },
    {
      // price(12) − price(8) = 27 − (5 + 16)
      name: 'a later part: the flat amount is not due again',
      price: { model: tiers },
      quantity: '4',
      already: { quantity: '8' },
      amount: '6',
      billable: '4',
    },
    {
      name: 'a middle part of nothing',
      price: { model: tiers },
      quantity: '0',
      position: 'middle',
      amount: '0',
      billable: '0',
    },
    {
      name: 'less than was billed: 27 − 35',
      price: { model: tiers },
      quantity: '12',
      already: { quantity: '0', amount: '35' },
      amount: '-8',
      billable: '12',
    },
    {
      // price(5) − price(8) = (5 + 10) − (5 + 16)
      name: 'taken back',
      price: { model: tiers },
      quantity: '-3',
      already: { quantity: '8' },
      amount: '-6',
      billable: '-3',
    },
    {
      name: 'packages: ⌈22/10⌉ − ⌈17/10⌉ = 1 more',
      price: { model: packages('10', '5') },
      quantity: '5',
      already: { quantity: '17' },
      amount: '5',
      billable: '5',
    },
    {
      name: 'a cap after a percentage: 20 × 10 × 50 % = 100, at most 100, less 35',
      price: { model: unit('10'), modifiers: limits },
      quantity: '20',
      already: { quantity: '0', amount: '35' },
      amount: '65',
      billable: '20',
    },
    {
      name: 'the same after 7 units, 27 × 10 × 50 % = 135, at most 100, less 7 × 10 × 50 %',
      price: { model: unit('10'), modifiers: limits },
      quantity: '20',
      already: { quantity: '7' },
      position: 'last',
      amount: '65',
      billable: '20',
    },
    {
      name: 'conversion of the whole: ⌈2.7⌉ − ⌈1.4⌉ = 1',
      price: { model: unit('4'), modifiers: thousands },
      quantity: '1300',
      already: { quantity: '1400' },
      amount: '4',
      billable: '1',
    },
    {
      name: 'volume, rated again: 16 × 5 − 150',
      price: { model: bulk },
      quantity: '1',
      already: { quantity: '15', amount: '150' },
      amount: '-70',
      billable: '1',
    },
    {
      name: 'volume, rated again by quantity: 16 × 5 − 15 × 10',
      price: { model: bulk },
      quantity: '1',
      already: { quantity: '15' },
      amount: '-70',
      billable: '1',
    },
    {
      name: 'volume waits for the last line',
      price: { model: bulk },
      quantity: '15',
      position: 'first',
      amount: '0',
      billable: '15',
    },
    {
      name: 'volume on the last line: 16 × 5',
      price: { model: bulk },
      quantity: '1',
      already: { quantity: '15' },
      position: 'last',
      amount: '80',
      billable: '1',
    },
    {
      name: 'the minimum waits for the last line',
      price: { model: unit('1'), modifiers: { minimum_amount: '10' } },
      quantity: '3',
      position: 'first',
      amount: '3',
      billable: '3',
    },
    {
      // at least 10, of which 3 + 2 are billed
      name: 'the minimum on the last line: 10 − 5',
      price: { model: unit('1'), modifiers: { minimum_amount: '10' } },
      quantity: '0',
      already: { quantity: '5' },
      position: 'last',
      amount: '5',
      billable: '0',
    },
    {
      name: 'peaks do not add up: the tier of 12, less that of 9',
      price: { model: peak },
      quantity: '12',
      already: { quantity: '9' },
      amount: '150',
      billable: '3',
    },
    {
      name: 'flat, whatever was used',
      price: { model: flat('30') },
      quantity: '7',
      amount: '30',
      billable: '7',
    },
    ...(['first', 'middle', 'last'] as const).map((position) => ({
      name: `flat in advance, ${position} line`,
      price: { model: flat('30') },
      quantity: '0',
      position,
      amount: position === 'first' ? '30' : '0',
      billable: '0',
    })),
    ...(['first', 'middle', 'last'] as const).map((position) => ({
      name: `flat in arrears, ${position} line`,
      price: { model: flat('30', 'in_arrears') },
      quantity: '0',
      position,
      amount: position === 'last' ? '30' : '0',
      billable: '0',
    })),
  ])('$name = $amount', ({ price, quantity, already, position = 'single', amount, billable }) => {
    const line = rateLine({
      price,
      usage: ofQuantity(decimal(quantity)),
      already: already && {
        quantity: decimal(already.quantity),
        amount: already.amount === undefined ? undefined : decimal(already.amount),
      },
      position,
    })
    expect(shown([line.amount, line.billableQuantity])).toEqual([amount, billable])
    expect(formatDecimal(line.detail.reduce((left, row) => subtract(left, row.amount), line.amount))).toBe(
      '0',
    )
  })

  it('settles rounding in the next run: 0.333 is 0.33, then 0.666 − 0.33 is 0.34', () => {
    const price = { model: unit('0.333') }
    const one = ofQuantity(decimal('1'))
    const first = rateLine({ price, usage: one, position: 'single' })
    const billed = toMinor(first.amount, 'USD')
    const already = { quantity: decimal('1'), amount: fromMinor(billed, 'USD') }
    const second = rateLine({ price, usage: one, already, position: 'single' })
    expect([billed, toMinor(second.amount, 'USD')]).toEqual([33n, 34n])
  })
})

describe('consecutive parts', () => {
  const capped: Price = { model: unit('10'), modifiers: { maximum_amount: '50' } }
  const runs = [['3'], ['3', '6'], ['4', '7', '7']]

  it('bill late usage as differences of whole ratings, and use up a cap in their order', () => {
    // [3]: 30. [3, 6]: 30 and 50 − 30. [4, 7, 7]: 40, 10, 0, so + 10, − 10, 0 to what was billed.
    let billed: Rational[] = []
    const posted = runs.map((run) => {
      const amounts = rateSplit(capped, run.map(decimal))
      const differences = amounts.map((amount, place) => subtract(amount, billed[place] ?? ZERO))
      billed = amounts
      return shown(differences)
    })
    expect(posted).toEqual([['30'], ['0', '20'], ['10', '-10', '0']])
  })

  it('share tiers over the periods of a contract', () => {
    // 600 × 0.10; 400 × 0.10 + 200 × 0.05; 600 × 0.05
    const price = { model: graduated(['1000', '0.10'], [null, '0.05']) }
    expect(shown(rateSplit(price, ['600', '600', '600'].map(decimal)))).toEqual(['60', '50', '30'])
  })

  it('of a volume price are billed with the last', () => {
    expect(shown(rateSplit({ model: bulk }, ['15', '1'].map(decimal)))).toEqual(['0', '80'])
  })
})

describe('an event charged at once', () => {
  const charges = (price: Price, changes: string[]): string[] => {
    let so = NOTHING_CHARGED
    return changes.map((change) => {
      const { amount, after } = chargeEvent(price, so, decimal(change))
      so = after
      return formatDecimal(amount)
    })
  }
  it.each([
    { name: 'never below the highest: 10, 6, 14', price: { model: unit('1') }, changes: ['10', '-4', '8'] },
  ])('$name', ({ price, changes }) => expect(charges(price, changes)).toEqual(['10', '0', '4']))

  it('a key that is removed and added again is free', () => {
    expect(charges({ model: unit('2') }, ['1', '1', '-1', '1'])).toEqual(['2', '2', '0', '0'])
  })

  it('the first flat amount is due with the first event, a minimum with none', () => {
    // 5 + 4 × 2, then 6 × 2 + 1
    const price = { model: tiers, modifiers: { minimum_amount: '100' } }
    expect(charges(price, ['4', '7'])).toEqual(['13', '13'])
  })

  it('a percentage of the running sum', () => {
    // 100 × 2 %, then (250 − 100) × 2 %
    expect(charges({ model: percentage('2') }, ['100', '150'])).toEqual(['2', '3'])
  })

  it('refuses a volume price', () => {
    expect(() => charges({ model: bulk }, ['1'])).toThrow('volume')
  })
})
