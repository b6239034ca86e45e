import { expect, it } from 'vitest'
import type { PriceModel } from '../../src/catalog/price.ts'
import { decimal, formatDecimal } from '../../src/kernel/rational.ts'
import { type LinePosition, previewRate } from '../../src/rating/preview.ts'

const tiers: PriceModel = {
  type: 'graduated',
  tiers: [
    { up_to: '10', unit_amount: '2', flat_amount: '5' },
    { up_to: null, unit_amount: '1', flat_amount: '0' },
  ],
}
const advance: PriceModel = { type: 'flat', amount: '30', term: 'in_advance' }
const arrears: PriceModel = { type: 'flat', amount: '30', term: 'in_arrears' }

type Case = {
  name: string
  model: PriceModel
  quantity: string
  already?: { quantity: string; amount?: string }
  position?: LinePosition
  amount: string
  billable: string
}

it.each<Case>([
  { name: 'a whole: 5 + 10 × 2 + 2 × 1', model: tiers, quantity: '12', amount: '27', billable: '12' },
  {
    // price(12) − price(8) = 27 − (5 + 16)
    name: 'a later part: the flat amount is not due again',
    model: tiers,
    quantity: '4',
    already: { quantity: '8' },
    amount: '6',
    billable: '4',
  },
  {
    name: 'less than was billed: 27 − 35',
    model: tiers,
    quantity: '12',
    already: { quantity: '0', amount: '35' },
    amount: '-8',
    billable: '12',
  },
  {
    // price(5) − price(8) = (5 + 10) − (5 + 16)
    name: 'taken back',
    model: tiers,
    quantity: '-3',
    already: { quantity: '8' },
    amount: '-6',
    billable: '-3',
  },
  { name: 'flat, whatever was used', model: advance, quantity: '7', amount: '30', billable: '7' },
  {
    name: 'flat in advance, first line',
    model: advance,
    quantity: '0',
    position: 'first',
    amount: '30',
    billable: '0',
  },
  {
    name: 'flat in advance, last line',
    model: advance,
    quantity: '0',
    position: 'last',
    amount: '0',
    billable: '0',
  },
  {
    name: 'flat in arrears, middle line',
    model: arrears,
    quantity: '0',
    position: 'middle',
    amount: '0',
    billable: '0',
  },
  {
    name: 'flat in arrears, last line',
    model: arrears,
    quantity: '0',
    position: 'last',
    amount: '30',
    billable: '0',
  },
])('$name = $amount', ({ model, quantity, already, position = 'single', amount, billable }) => {
  const rated = previewRate({
    model,
    quantity: decimal(quantity),
    already: already && {
      quantity: decimal(already.quantity),
      amount: already.amount === undefined ? undefined : decimal(already.amount),
    },
    position,
  })
  expect(formatDecimal(rated.amount)).toBe(amount)
  expect(formatDecimal(rated.billableQuantity)).toBe(billable)
})
