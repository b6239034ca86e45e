import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planDue } from '../../src/credits/lapse.ts'
import {
  balanceOf,
  type GrantState,
  type Moved,
  move,
  owedOf,
  untouched,
} from '../../src/credits/movement.ts'
import { takeable, takeBack } from '../../src/credits/take-back.ts'
import { at, paidGrant } from './grants.ts'

const TAKEN = { reason: 'not wanted', actor: 'Ann', at: 2 }
const burn = (state: GrantState, amount: bigint) =>
  move(state, { kind: 'burnt', amount, invoiceId: 'inv', actor: 'billing', at: 1 }).state

/** 1,200.00 of credit for 1,000.00, of which some is used. */
const pack = (used: bigint) => {
  const grant = untouched(paidGrant({ amount: 120_000n, costBasis: 100_000n }))
  return used > 0n ? burn(grant, used) : grant
}

describe('credit that is taken back', () => {
  it.each([
    // 300.00 of credit cost 300 × 1,000/1,200 = 250.00.
    ['a part by its price', 30_000n, 75_000n, 25_000n, 30_000n],
    ['all that is left', 30_000n, 75_000n, 75_000n, 90_000n],
    ['all of it', 0n, 100_000n, 100_000n, 120_000n],
    // 0.01 × 1.2 = 0.012: a single cent of credit costs round(0.83) = 0.01.
    ['a cent', 0n, 100_000n, 1n, 1n],
  ])('takes %s', (_, used, most, cost, face) => {
    const state = pack(used)
    expect(takeable([state])).toBe(most)
    expect(takeBack([state], cost, TAKEN).map(({ movement }) => movement)).toMatchObject([
      { kind: 'voided', amount: face, released: cost, settlement: null, reason: 'not wanted' },
    ])
  })

  it('takes what rolled over too, after what is left of the first grant', () => {
    const [first, rolled] = [
      pack(60_000n),
      untouched(paidGrant({ ref: 'r', amount: 24_000n, costBasis: 20_000n })),
    ]
    // 600.00 of the first are left, for 500.00; of the 120.00 more 144.00 of credit.
    expect(takeable([first, rolled])).toBe(70_000n)
    expect(
      takeBack([first, rolled], 62_000n, TAKEN).map(({ movement }) => [movement.grantRef, movement.amount]),
    ).toEqual([
      ['g', 60_000n],
      ['r', 14_400n],
    ])
  })

  it('takes nothing for nothing, and no more than there is', () => {
    expect(takeBack([pack(0n)], 0n, TAKEN)).toEqual([])
    expect(() => takeBack([pack(30_000n)], 75_001n, TAKEN)).toThrow('1 more are taken back')
  })

  it('leaves alone what was earned of breakage before', () => {
    // 900.00 of 1,000.00 are expected to be used: 450.00 earn 500.00, so 500.00 are owed for the 550.00 that are left.
    const grant = paidGrant({ amount: 100_000n, costBasis: 100_000n, expectedUse: 90_000n })
    const used = burn(untouched(grant), 45_000n)
    expect(takeable([used])).toBe(50_000n)
    const [taken] = takeBack([used], 50_000n, TAKEN)
    expect([taken!.movement.amount, owedOf(taken!.state)]).toEqual([55_000n, 0n])
  })
})

/** Steps of a history: an amount of it, in thousandths of what there is. */
const anyStep = fc.record({
  does: fc.constantFrom('use', 'give back', 'take', 'roll' as const),
  part: fc.integer({ min: 1, max: 1_000 }),
})
const anyPack = fc
  .tuple(fc.bigInt(1n, 1_000_000n), fc.bigInt(0n, 1_000_000n), fc.option(fc.integer({ min: 1, max: 100 })))
  .map(([amount, cost, use]) =>
    paidGrant({
      amount,
      costBasis: cost < amount ? cost : amount,
      expectedUse: use === null ? null : (amount * BigInt(use) + 99n) / 100n,
      source: 'invoice',
      sourceId: 'line',
      invoiceId: 'inv-1',
      expiresAt: at('2026-02-01'),
      recurrence: {
        unit: 'MONTHLY',
        every: 1,
        anchor: '2026-01-01',
        until: null,
        rollover: { sharePercent: '60', cap: null },
      },
    }),
  )

const partOf = (whole: bigint, part: number) => (whole * BigInt(part)) / 1_000n

/** What a step moves of the grants; what it makes of them stands in their place. */
function played(states: GrantState[], { does, part }: { does: string; part: number }): Moved[] {
  const first = states.find((state) => balanceOf(state) > 0n)
  switch (does) {
    case 'use': {
      const amount = first ? partOf(balanceOf(first), part) : 0n
      const change = { kind: 'burnt' as const, amount, invoiceId: 'x', actor: 'billing', at: 1 }
      return first && amount > 0n ? [move(first, change)] : []
    }
    case 'give back': {
      const used = states.find(({ burnt }) => burnt > 0n)
      const amount = used ? partOf(used.burnt, part) : 0n
      const change = { kind: 'reinstated' as const, amount, invoiceId: 'x', actor: 'billing', at: 1 }
      return used && amount > 0n ? [move(used, change)] : []
    }
    case 'take':
      return takeBack(states, partOf(takeable(states), part), TAKEN)
    default: {
      const { grants, moved } = first ? planDue(first, at('2026-02-09')) : { grants: [], moved: [] }
      states.push(...grants.filter(({ source }) => source === 'rollover').map(untouched))
      return moved
    }
  }
}

describe('the laws of credit that an invoice sold', () => {
  it('keep all credit, and owe what of its price no step has released', () => {
    fc.assert(
      fc.property(anyPack, fc.array(anyStep, { maxLength: 15 }), (grant, steps) => {
        const states = [untouched(grant)]
        let liability = grant.costBasis
        for (const step of steps) {
          const asked = step.does === 'take' ? partOf(takeable(states), step.part) : undefined
          const moved = played(states, step)
          for (const { state } of moved)
            states[states.findIndex((one) => one.grant.ref === state.grant.ref)] = state
          // What is rolled over stays owed, as another grant.
          const released = moved
            .filter(({ movement }) => movement.kind !== 'rolled_over')
            .reduce((sum, { movement }) => sum + movement.released, 0n)
          if (asked !== undefined) expect(released).toBe(asked)
          liability -= released
          const total = (of: (state: GrantState) => bigint) =>
            states.reduce((sum, state) => sum + of(state), 0n)
          const gone = total((state) => state.burnt + state.expired + state.voided)
          expect(gone + total(balanceOf)).toBe(grant.amount)
          expect(takeable(states)).toBe(liability)
          expect(liability).toBeGreaterThanOrEqual(0n)
        }
      }),
    )
  })
})
