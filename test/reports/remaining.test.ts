import { expect, it } from 'vitest'
import { type Remaining, remainingAsOne, remainingOf } from '../../src/reports/remaining.ts'

const row = (contractRef: string, bands: Remaining['bands']): Remaining => ({
  contractRef,
  customerRef: 'acme',
  currency: 'USD',
  bands,
})

it('what remains of contracts that are accounted for as one stands under the first of them', () => {
  const combined = new Map([
    ['seats', 'plan'],
    ['plan', 'plan'],
  ])
  const rows = [
    row('seats', { unbilled: [90_00n, 0n, 0n] }),
    row('alone', { billed: [1_00n, 0n, 0n] }),
    row('plan', { billed: [10_00n, 0n, 0n], unbilled: [0n, 20_00n, 5_00n] }),
  ]
  const { rows: shown, totals } = remainingOf(remainingAsOne(rows, combined))
  expect(shown.map((one) => [one.contract_ref, one.billed, one.unbilled, one.total])).toEqual([
    ['alone', '1.00', '0.00', '1.00'],
    // 90.00 + 20.00 + 5.00 are not billed, 10.00 are.
    ['plan', '10.00', '115.00', '125.00'],
  ])
  expect(totals).toMatchObject([
    { within_12_months: '101.00', months_13_to_24: '20.00', beyond: '5.00', total: '126.00' },
  ])
})
