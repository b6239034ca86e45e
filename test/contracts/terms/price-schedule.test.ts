import { describe, expect, it } from 'vitest'
import type { PriceModel } from '../../../src/catalog/price.ts'
import type { ContractProduct, ContractTerms } from '../../../src/contracts/contract.ts'
import { faultsOfTerms } from '../../../src/contracts/terms/faults.ts'
import { priceOn, pricesOver } from '../../../src/contracts/terms/price-schedule.ts'
import type { SoldProduct } from '../../../src/contracts/terms/rule.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'

const fee = (amount: string): PriceModel => ({ type: 'flat', amount, term: 'in_advance' })
const unit = (unit_amount: string): PriceModel => ({ type: 'unit', unit_amount })
const terms = termsOf([])
const april = { start: '2026-04-01', end: '2026-05-01' }

const amountOf = ({ model }: ContractProduct) =>
  model.type === 'flat' ? model.amount : model.type === 'unit' ? model.unit_amount : undefined

describe('a ramp', () => {
  const ramped = sold('seats', fee('100'), {
    quantity: '5',
    ramp: [
      { from: '2026-04-16', model: fee('120') },
      { from: 6, quantity: '8' },
    ],
  })

  it('splits the cycle in which a price changes, at the day of the change', () => {
    expect(pricesOver(terms, ramped, april)).toEqual([
      sold('seats', fee('100'), { quantity: '5', billing_end_date: '2026-04-16' }),
      sold('seats', fee('120'), { quantity: '5', billing_start_date: '2026-04-16' }),
    ])
  })

  it('keeps what a step leaves out, and counts cycles from the contract’s start', () => {
    // The sixth cycle is June: still 120, for eight seats.
    expect(pricesOver(terms, ramped, { start: '2026-06-01', end: '2026-07-01' })).toEqual([
      sold('seats', fee('120'), { quantity: '8', billing_start_date: '2026-06-01' }),
    ])
  })

  it('is cut by the dates of its product', () => {
    const ended = { ...ramped, billing_end_date: '2026-04-20' }
    expect(pricesOver(terms, ended, april).map(({ billing_end_date }) => billing_end_date)).toEqual([
      '2026-04-16',
      '2026-04-20',
    ])
  })

  it('gives usage the price of the day on which its cycle begins', () => {
    const calls = sold('calls', unit('0.10'), { ramp: [{ from: '2026-04-16', model: unit('0.08') }] })
    const days = ['2026-04-01', '2026-04-15', '2026-04-16', '2026-05-01']
    expect(days.map((day) => amountOf(priceOn(terms, calls, day)))).toEqual(['0.10', '0.10', '0.08', '0.08'])
  })

  it('brings the modifiers of a new model with it', () => {
    const calls = sold('calls', unit('1'), {
      modifiers: { percent_discount: '10' },
      ramp: [
        { from: 2, modifiers: { percent_discount: '5' } },
        { from: 3, model: unit('2') },
      ],
    })
    const on = (day: string) => priceOn(terms, calls, day).modifiers
    expect([on('2026-01-01'), on('2026-02-01'), on('2026-03-01')]).toEqual([
      { percent_discount: '10' },
      { percent_discount: '5' },
      undefined,
    ])
  })
})

describe('an escalator', () => {
  it.each([
    // 100 × 1.03 = 103, × 1.03 = 106.09
    { name: 'a percentage a year, compounding', by: { percent: '3' }, amounts: ['100', '103', '106.09'] },
    { name: 'an amount a year', by: { amount: '4.50' }, amounts: ['100', '104.5', '109'] },
    // 100 × 1.021 = 102.1, × 0.99 = 101.079; no third rate, so it stays.
    {
      name: 'an index, down too, and no further than it goes',
      by: { index: ['2.1', '-1'] },
      amounts: ['100', '102.1', '101.079', '101.079'],
    },
  ])('raises by $name', ({ by, amounts }) => {
    for (const every of [
      { every: 12, unit: 'months' },
      { every: 12, unit: 'cycles' },
    ] as const) {
      const product = sold('seats', fee('100'), { escalator: { ...every, ...by } })
      const priced = amounts.map((_, year) => priceOn(terms, product, `${2026 + year}-01-01`))
      expect(priced.map(amountOf)).toEqual(amounts)
      expect(amountOf(priceOn(terms, product, '2026-12-31'))).toBe('100')
    }
  })

  it('counts months from the day the price began, and splits a fee on that day', () => {
    // Billed from 31 March: three months later is 30 June.
    const product = sold('seats', fee('10'), {
      billing_start_date: '2026-03-31',
      escalator: { every: 3, unit: 'months', percent: '10' },
    })
    const june = pricesOver(terms, product, { start: '2026-06-01', end: '2026-07-01' })
    expect(june.map((one) => [amountOf(one), one.billing_start_date, one.billing_end_date])).toEqual([
      ['10', '2026-03-31', '2026-06-30'],
      ['11', '2026-06-30', null],
    ])
  })

  it('that is due beyond all dates never comes', () => {
    const rare = sold('seats', fee('10'), { escalator: { every: 1200, unit: 'cycles', percent: '10' } })
    const ages = termsOf([], { billing_cycle: { unit: 'YEARLY', cycle: 120 } })
    expect(amountOf(priceOn(ages, rare, '2999-01-01'))).toBe('10')
  })

  it('raises every amount of a price, its limits too, and no bound or rate', () => {
    const tiers = [
      { up_to: '100', unit_amount: '0.10', flat_amount: '5' },
      { up_to: null, unit_amount: '0.05', flat_amount: '0' },
    ]
    const product = sold(
      'calls',
      { type: 'graduated', tiers },
      {
        modifiers: { minimum_amount: '50', percent_discount: '10' },
        escalator: { every: 1, unit: 'cycles', percent: '10' },
      },
    )
    expect(priceOn(terms, product, '2026-02-01')).toMatchObject({
      model: {
        tiers: [
          { up_to: '100', unit_amount: '0.11', flat_amount: '5.5' },
          { up_to: null, unit_amount: '0.055', flat_amount: '0' },
        ],
      },
      modifiers: { minimum_amount: '55', percent_discount: '10' },
    })
  })
})

const PRODUCTS = new Map<string, SoldProduct>([
  ['calls', { kind: 'usage', metric: { type: 'sum' } }],
  ['peak', { kind: 'usage', metric: { type: 'max' } }],
  ['seats', { kind: 'recurring', metric: null }],
  ['setup', { kind: 'one_time', metric: null }],
])
const yearly = { every: 12, unit: 'months', percent: '3' } as const
const tiers = [{ up_to: null, unit_amount: '1', flat_amount: '0' }]

it.each<{ name: string; product: ContractProduct; paths: string[]; more?: Partial<ContractTerms> }>([
  {
    name: 'steps that do not rise, and a fee that changes its term',
    product: sold('seats', fee('1'), {
      ramp: [
        { from: '2026-01-01', quantity: '2' },
        { from: 3, model: { ...fee('2'), term: 'in_arrears' } as PriceModel },
        { from: '2026-02-01', quantity: '3' },
      ],
    }),
    paths: ['ramp.0.from', 'ramp.1.model.term', 'ramp.2.from'],
  },
  {
    name: 'steps that do not suit the product',
    product: sold('calls', unit('1'), {
      ramp: [
        { from: 2, quantity: '2' },
        { from: 3, model: unit('2'), modifiers: { minimum_amount: '2', maximum_amount: '1' } },
        { from: 4, model: fee('2') },
      ],
    }),
    paths: ['ramp.0.quantity', 'ramp.1.modifiers.minimum_amount', 'ramp.2.model.term', 'ramp.2.model'],
  },
  {
    name: 'a cycle beyond all dates',
    product: sold('seats', fee('1'), { ramp: [{ from: 1200, quantity: '2' }] }),
    more: { billing_cycle: { unit: 'YEARLY', cycle: 120 } },
    paths: ['ramp.0.from'],
  },
  {
    name: 'a ramp with an escalator',
    product: sold('seats', fee('1'), { escalator: yearly, ramp: [{ from: 2, quantity: '2' }] }),
    paths: ['ramp'],
  },
  {
    name: 'a schedule of what is due once',
    product: sold('setup', fee('1'), { escalator: yearly, ramp: [{ from: 2, quantity: '2' }] }),
    paths: ['ramp', 'escalator'],
  },
  {
    name: 'a rate that is raised',
    product: sold('calls', { type: 'event_amounts', multiplier: '1' }, { escalator: yearly }),
    paths: ['escalator'],
  },
  {
    name: 'an amount added to tiers',
    product: sold(
      'calls',
      { type: 'graduated', tiers },
      { escalator: { every: 1, unit: 'cycles', amount: '1' } },
    ),
    paths: ['escalator.amount'],
  },
  {
    name: 'volume tiers that accumulate',
    product: sold('calls', { type: 'volume', tiers }, { accumulate: 'contract' }),
    paths: ['accumulate'],
  },
  {
    name: 'a peak that accumulates',
    product: sold('peak', { type: 'graduated', tiers }, { accumulate: 'contract' }),
    paths: ['accumulate'],
  },
  {
    name: 'a minimum of a cycle with tiers of the contract',
    product: sold(
      'calls',
      { type: 'graduated', tiers },
      {
        accumulate: 'contract',
        modifiers: { minimum_amount: '5', percent_discount: '1' },
      },
    ),
    paths: ['modifiers.minimum_amount'],
  },
  {
    name: 'no fault in a ramp that an amendment ended',
    product: sold('seats', fee('1'), {
      billing_end_date: '2026-02-01',
      ramp: [{ from: '2026-03-01', quantity: '2' }],
    }),
    paths: [],
  },
])('finds $name', ({ product, paths, more }) => {
  const faults = faultsOfTerms(termsOf([product], more), PRODUCTS)
  expect(faults.map(({ path }) => path)).toEqual(paths.map((path) => `products.0.${path}`))
})
