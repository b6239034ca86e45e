import { expect, it } from 'vitest'
import { lateContracts } from '../../src/usage/late-contracts.store.ts'
import { billingOf, meterCalendar } from '../../src/usage/meter-calendar.ts'
import { contract } from './contract.ts'

const at = Date.parse

/** Cycles of UTC from the 15th to the 15th; the invoice is due 2 days and 6 hours after its cycle. */
const terms = { timezone: 'UTC', issue_offset_days: 2, grace_hours: 6 }
const calendar = meterCalendar([contract('c1', terms)], new Map())
const late = (used: string[], receivedAt: string) =>
  lateContracts(
    { cells: used.map((bucket) => ['units', at(bucket)]), receivedAt: at(receivedAt) },
    (productRef, instant) => billingOf(calendar, productRef, instant),
  )

it.each([
  ['of the cycle that runs', ['2024-02-20T00:00:00Z'], '2024-02-20T00:01:00Z', []],
  ['that the invoice to come waits for', ['2024-02-14T23:45:00Z'], '2024-02-17T05:59:59Z', []],
  ['when the invoice is due', ['2024-02-14T23:45:00Z'], '2024-02-17T06:00:00Z', ['2024-02-17']],
  [
    'with other usage',
    ['2024-02-20T00:00:00Z', '2024-01-20T00:00:00Z'],
    '2024-03-01T23:59:00Z',
    ['2024-03-01'],
  ],
  ['twice', ['2024-01-20T00:00:00Z', '2024-01-21T00:00:00Z'], '2024-03-01T00:00:00Z', ['2024-03-01']],
  ['before the contract', ['2024-01-14T00:00:00Z'], '2024-03-01T00:00:00Z', []],
])('usage %s', (_, used, receivedAt, days) => {
  expect(late(used, receivedAt)).toEqual(days.map((receivedOn) => ({ contractRef: 'c1', receivedOn })))
})
