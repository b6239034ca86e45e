import { expect, it } from 'vitest'
import type { Price } from '../../src/catalog/price.ts'
import { priceInWords } from '../../src/console/price-words.ts'

const tiers = [
  { up_to: '1000', unit_amount: '0.10', flat_amount: '0' },
  { up_to: '10000', unit_amount: '0.08', flat_amount: '5' },
  { up_to: null, unit_amount: '0.05', flat_amount: '0' },
]

it.each<{ name: string; price: Price; words: string[] }>([
  {
    name: 'keeps every digit of a unit price',
    price: { model: { type: 'unit', unit_amount: '0.0004' } },
    words: ['$0.0004 per call'],
  },
  {
    name: 'says when a flat fee is billed',
    price: { model: { type: 'flat', amount: '1050', term: 'in_advance' } },
    words: ['$1,050.00, billed in advance'],
  },
  {
    name: 'says the bounds of tiers, which begin above the tier before',
    price: { model: { type: 'graduated', tiers } },
    words: [
      'First 1,000: $0.10 per call',
      'Above 1,000, to 10,000: $0.08 per call plus $5.00',
      'Above 10,000: $0.05 per call',
    ],
  },
  {
    name: 'says that a volume tier is for all units',
    price: { model: { type: 'volume', tiers: [tiers[2]!] } },
    words: ['All: $0.05 per call, for all'],
  },
  {
    name: 'says percentages of tiers',
    price: {
      model: {
        type: 'graduated_percentage',
        tiers: [
          { up_to: '500', rate_percent: '2', flat_amount: '1' },
          { up_to: null, rate_percent: '1', flat_amount: '0' },
        ],
      },
    },
    words: ['First 500: 2 % plus $1.00', 'Above 500: 1 %'],
  },
  {
    name: 'says the free part of a percentage and its bounds',
    price: {
      model: {
        type: 'percentage',
        rate_percent: '1.3',
        fixed_per_event: '2',
        free_events: '3',
        free_amount: '250',
        min_per_event: '1.75',
        max_per_event: '12',
      },
    },
    words: [
      '1.3 % plus $2.00 per event',
      'First 3 events free',
      'First $250.00 free',
      'At least $1.75 per event',
      'At most $12.00 per event',
    ],
  },
  {
    name: 'says packages and modifiers',
    price: {
      model: {
        type: 'package',
        package_size: '1000',
        package_amount: '5',
        included_quantity: '200',
        rounding: 'up',
      },
      modifiers: {
        unit_conversion: { op: 'divide', factor: '1000', rounding: 'none' },
        included_quantity: '1',
        usage_discount: '2',
        amount_discount: '3',
        percent_discount: '10',
        maximum_amount: '100',
        minimum_amount: '20',
      },
    },
    words: [
      '$5.00 per 1,000 of call',
      '200 included',
      'Quantity ÷ 1,000',
      '1 call included',
      '2 call given away',
      '$3.00 off',
      '10 % off',
      'At most $100.00',
      'At least $20.00',
    ],
  },
  {
    name: 'says the amounts of events',
    price: { model: { type: 'event_amounts', multiplier: '0.01' } },
    words: ['Amounts of events × 0.01'],
  },
  {
    name: 'says the rows of a matrix',
    price: {
      model: {
        type: 'matrix',
        rows: [{ name: 'Europe', match: { region: ['eu'] }, unit_amount: '2' }],
        default_unit_amount: '1',
      },
    },
    words: ['Europe: $2.00', 'All other: $1.00'],
  },
  {
    name: 'says blocks',
    price: {
      model: {
        type: 'block_tiers',
        mode: 'volume',
        tiers: [
          { block_size: '100', max_blocks: '2', block_amount: '5' },
          { block_size: '1000', max_blocks: null, block_amount: '30' },
        ],
      },
    },
    words: ['2 blocks of 100: $5.00 each, for all', 'Further blocks of 1,000: $30.00 each, for all'],
  },
  {
    name: 'says limits of capacity',
    price: {
      model: {
        type: 'capacity',
        tiers: [
          { limits: { users: '10', GB: '5' }, amount: '50' },
          { limits: {}, amount: '200' },
        ],
      },
    },
    words: ['Up to 10 users, 5 GB: $50.00', 'Any: $200.00'],
  },
])('$name', ({ price, words }) => {
  expect(priceInWords(price, 'USD', 'call')).toEqual(words)
})
