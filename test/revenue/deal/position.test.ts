import { expect, it } from 'vitest'
import { presentPosition } from '../../../src/revenue/deal/position.ts'

it.each([
  {
    // Revenue 300 due by time alone, 1,000 against 400 billed, 100 against 500 billed: 900 less 1,400.
    name: 'in debit beyond what is due by time',
    net: -500n,
    unconditional: 300n,
    gives: { contractLiability: 0n, contractAsset: 200n, unbilledReceivable: 300n },
  },
  {
    name: 'in debit, all of it due by time',
    net: -500n,
    unconditional: 900n,
    gives: { contractLiability: 0n, contractAsset: 0n, unbilledReceivable: 500n },
  },
  {
    name: 'in credit',
    net: 500n,
    unconditional: 300n,
    gives: { contractLiability: 500n, contractAsset: 0n, unbilledReceivable: 0n },
  },
  {
    name: 'billed ahead of use',
    net: -5n,
    unconditional: -10n,
    gives: { contractLiability: 0n, contractAsset: 5n, unbilledReceivable: 0n },
  },
])('a position $name', ({ net, unconditional, gives }) => {
  expect(presentPosition(net, unconditional)).toEqual(gives)
})
