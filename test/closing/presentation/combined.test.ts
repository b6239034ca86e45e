import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combine } from '../../../src/closing/presentation/combined.ts'
import type { FoundContract } from '../../../src/closing/presentation/found.ts'
import {
  NOTHING_FOUND,
  type Position,
  presentationOf,
  together,
} from '../../../src/closing/presentation/presentation.ts'
import { sum } from '../../../src/kernel/money.ts'
import { PRESENTED } from '../../../src/ledger/fx/open-item.ts'

const contract = (contractRef: string, position: Partial<Position>, currency = 'USD'): FoundContract => ({
  currency,
  contractRef,
  customerRef: 'acme',
  found: { primary: { ...NOTHING_FOUND, ...position }, both: undefined },
})

const ONE = new Map([
  ['a', 'a'],
  ['b', 'a'],
])

/** What each contract is shown on, without what it is not. */
const shown = (contracts: readonly FoundContract[], combined = ONE) =>
  combine(contracts, combined).map(({ contractRef, found }) => [
    contractRef,
    Object.fromEntries(Object.entries(presentationOf(found.primary)).filter(([, amount]) => amount !== 0n)),
  ])

describe('contracts that are accounted for as one', () => {
  it('set off what is billed ahead under the one against what the other has earned', () => {
    // 500.00 in credit and 300.00 of usage: 200.00 are a contract liability, and nothing is unbilled.
    const contracts = [contract('a', { net: 50_000n }), contract('b', { net: -30_000n, accrued: 30_000n })]
    expect(shown(contracts)).toEqual([
      ['a', {}],
      ['b', {}],
    ])
  })

  it('are one asset where they are in debit together', () => {
    const contracts = [contract('a', { net: 10_000n }), contract('b', { net: -30_000n })]
    // 300.00 less 100.00, and no position is left on both together.
    expect(shown(contracts)).toEqual([
      ['a', {}],
      ['b', { contract_asset: 20_000n }],
    ])
  })

  it('are one deposit while the criteria are not met', () => {
    const contracts = [
      contract('a', { net: 10_000n, unpaid: 4_000n, isContract: false }),
      contract('b', { net: 5_000n, isContract: false }),
    ]
    expect(shown(contracts)).toEqual([
      ['a', { advances_not_due: -4_000n, deposit_liability: -6_000n }],
      ['b', { deposit_liability: -5_000n }],
    ])
  })

  it('stay apart in different currencies, and from all others', () => {
    const contracts = [
      contract('a', { net: 10_000n }),
      contract('b', { net: -30_000n }, 'EUR'),
      contract('c', { net: -20_000n }),
    ]
    expect(shown(contracts)).toEqual([
      ['a', {}],
      ['b', { contract_asset: 30_000n }],
      ['c', { contract_asset: 20_000n }],
    ])
    expect(shown([contract('a', { net: 10_000n }), contract('c', { net: -20_000n })], new Map())).toEqual([
      ['a', {}],
      ['c', { contract_asset: 20_000n }],
    ])
  })

  it('show together what one contract with all of it would show, in whatever order they are found', () => {
    const amount = fc.bigInt(-100_000n, 100_000n)
    const least = fc.bigInt(0n, 50_000n)
    const position = fc.record({
      net: amount,
      accrued: least,
      notDue: least,
      unpaid: least,
      expectedBack: least,
    })
    fc.assert(
      fc.property(
        fc.array(position, { minLength: 2, maxLength: 5 }),
        fc.boolean(),
        (positions, isContract) => {
          const own = positions.map((one) => ({ ...one, isContract }))
          const refs = own.map((_, place) => `k${place}`)
          const combined = new Map(refs.map((ref) => [ref, 'k0']))
          const found = combine(
            own.map((one, place) => contract(refs[place]!, one)),
            combined,
          )
          const whole = presentationOf(own.reduce(together, NOTHING_FOUND))
          for (const account of PRESENTED) {
            const parts = found.map((one) => presentationOf(one.found.primary)[account])
            expect(sum(parts)).toBe(whole[account])
          }
        },
      ),
    )
  })
})
