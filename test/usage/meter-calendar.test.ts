import { expect, it } from 'vitest'
import type { Contract } from '../../src/contracts/contract.ts'
import { billingOf, meterCalendar, rememberedBilling } from '../../src/usage/meter-calendar.ts'
import { contract, product } from './contract.ts'

const at = Date.parse
const calendarOf = (contracts: Contract[]) => meterCalendar(contracts, new Map())

/** New York is 5 hours behind UTC in winter and 4 from 10 March 2024 on, so a local midnight is 05:00Z or 04:00Z. */
it.each([
  ['before the contract', '2024-01-15T04:59:59.999Z', null],
  ['its first instant', '2024-01-15T05:00:00Z', ['2024-01-15T05:00:00Z', '2024-02-15T05:00:00Z']],
  [
    'the last of the first cycle',
    '2024-02-15T04:59:59.999Z',
    ['2024-01-15T05:00:00Z', '2024-02-15T05:00:00Z'],
  ],
  ['the first of the second', '2024-02-15T05:00:00Z', ['2024-02-15T05:00:00Z', '2024-03-15T04:00:00Z']],
  ['years later', '2030-07-20T00:00:00Z', ['2030-07-15T04:00:00Z', '2030-08-15T04:00:00Z']],
])('finds the cycle of %s', (_, instant, cycle) => {
  const calendar = calendarOf([contract('c1')])
  expect(billingOf(calendar, 'units', at(instant))?.cycle).toEqual(
    cycle ? { start: at(cycle[0]!), end: at(cycle[1]!) } : undefined,
  )
})

it('bills a product only on its own days, and nothing after the end of the contract', () => {
  const calendar = calendarOf([
    contract('c1', { end_date: '2024-06-01', products: [product('units', '2024-02-01', '2024-03-01')] }),
    contract('c2', { end_date: '2024-06-01', start_date: '2024-05-01', anchor_date: '2024-05-01' }),
  ])
  const billedBy = (instant: string) => billingOf(calendar, 'units', at(instant))?.contractRef
  expect(billedBy('2024-01-31T12:00:00Z')).toBeUndefined()
  expect(billedBy('2024-02-01T12:00:00Z')).toBe('c1')
  expect(billedBy('2024-03-01T12:00:00Z')).toBeUndefined()
  expect(billedBy('2024-05-31T12:00:00Z')).toBe('c2')
  expect(billedBy('2024-06-01T12:00:00Z')).toBeUndefined()
  expect(billingOf(calendar, 'others', at('2024-02-02T12:00:00Z'))).toBeUndefined()
})

it('takes the contract that started first where several bill a product', () => {
  const early = contract('z', { start_date: '2024-01-01', anchor_date: '2024-01-01' })
  const calendar = calendarOf([contract('a'), early])
  expect(billingOf(calendar, 'units', at('2024-02-01T12:00:00Z'))?.contractRef).toBe('z')
})

it('remembers without mixing up: the same answers as without memory', () => {
  const calendar = calendarOf([
    contract('c1', { end_date: '2024-02-20' }),
    contract('c2', { start_date: '2024-02-10', anchor_date: '2024-02-10', timezone: 'Asia/Kathmandu' }),
  ])
  const billing = rememberedBilling(calendar)
  for (
    let instant = at('2024-02-25T00:00:00Z');
    instant > at('2024-02-01T00:00:00Z');
    instant -= 47 * 60_000
  ) {
    expect(billing('units', instant)).toEqual(billingOf(calendar, 'units', instant))
    expect(billing('others', instant)).toBeUndefined()
  }
})

it('has a revision that rises with every version of every contract', () => {
  const revision = (...versions: number[]) =>
    calendarOf(versions.map((version, place) => contract(`c${place}`, {}, version))).revision
  expect([revision(), revision(1), revision(2), revision(2, 1), revision(2, 2)]).toEqual([0, 1, 2, 3, 4])
})
