import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { burnEntries, expiredEntries, soldEntries, voidedEntries } from '../../src/credits/credit-entry.ts'
import type { CreditGrant } from '../../src/credits/grant.ts'
import { planDue } from '../../src/credits/lapse.ts'
import {
  balanceOf,
  type GrantState,
  type Moved,
  move,
  owedOf,
  replay,
  untouched,
} from '../../src/credits/movement.ts'
import { planReinstate } from '../../src/credits/reinstate.ts'
import { planVoid } from '../../src/credits/void-grant.ts'
import { creditParts } from '../../src/invoicing/assembly/credit-part.ts'
import { sum } from '../../src/kernel/money.ts'
import type { JournalEntry } from '../../src/ledger/journal-entry.ts'
import { at, grantOf, paidGrant } from './grants.ts'

const INVOICE = { id: 'inv', number: 'INV1', contractRef: 'c', issueDate: '2026-02-01' }
const NOW = at('2026-02-01')
const ENDS = { expiresAt: at('2026-07-01'), billedWithinDays: 0 }

const burn = (state: GrantState, amount: bigint) =>
  move(state, { kind: 'burnt', amount, invoiceId: 'inv', actor: 'billing', at: NOW })

/** Burns one amount after the other. */
function burns(grant: CreditGrant, amounts: bigint[]): Moved[] {
  let state = untouched(grant)
  return amounts.map((amount) => {
    const moved = burn(state, amount)
    state = moved.state
    return moved
  })
}

const CALLS = {
  lineId: 'line',
  productRef: 'calls',
  serviceStart: '2026-01-01',
  serviceEnd: '2026-02-01',
  usageByMonth: {},
}

/** The entry of credit that pays, or is given back, for one line alone. */
const usedFor = (moved: Moved): JournalEntry[] =>
  burnEntries(moved, INVOICE, creditParts(moved, INVOICE, [{ ...CALLS, paid: moved.movement.amount }], null))

const postings = (entries: JournalEntry[]) =>
  entries.flatMap((entry) => entry.postings.map(({ account, amount }) => [account, amount]))

describe('what is owed for credit', () => {
  it('is earned with its use, and what is expected to be left in proportion: 1,000.00 of which 900 are used', () => {
    const grant = paidGrant({ amount: 100_000n, expectedUse: 90_000n, ...ENDS })
    const used = burns(grant, [45_000n, 30_000n, 10_000n])
    // 1,000 × 450/900, × 750/900 and × 850/900 are 500.00, 833.33 and 944.44.
    expect(used.map(({ movement }) => movement.released)).toEqual([50_000n, 33_333n, 11_111n])
    const end = planDue(used.at(-1)!.state, at('2026-07-01')).moved[0]!
    // 150.00 are left, for which 1,000.00 - 944.44 are still owed.
    expect([end.movement.amount, end.movement.released]).toEqual([15_000n, 5_556n])
    expect(postings(usedFor(used[0]!))).toEqual([
      ['customer_credit', 50_000n],
      ['accounts_receivable', -45_000n],
      ['contract_position', -5_000n],
    ])
    expect(postings(expiredEntries(end))).toEqual([
      ['customer_credit', 5_556n],
      ['revenue', -5_556n],
    ])
  })

  it.each([
    ['its last day, though it waits for invoices', '2026-07-08', '2026-06-30'],
    ['the day it lapses where that is later, as with credit that is paid late', '2026-07-09', '2026-07-09'],
  ])('of what is left belongs to %s', (_, lapses, day) => {
    const grant = paidGrant({ expiresAt: at('2026-07-01'), billedWithinDays: 7 })
    const [expired] = planDue(untouched(grant), at(lapses)).moved
    expect(expiredEntries(expired!).map(({ postingDate }) => postingDate)).toEqual([day])
  })

  it('falls to nothing when more is used than was expected, and never below', () => {
    const grant = paidGrant({ amount: 100_000n, expectedUse: 90_000n })
    const [first, last] = burns(grant, [95_000n, 5_000n])
    expect([first!.movement.released, last!.movement.released]).toEqual([100_000n, 0n])
    // Breakage of 50.00 was earned too early: the last 50.00 take it back.
    expect(postings(usedFor(last!))).toEqual([
      ['accounts_receivable', -5_000n],
      ['contract_position', 5_000n],
    ])
  })

  it('is its price and not its face value: 1,200.00 for 1,000.00, of which 600.00 are used', () => {
    const [moved] = burns(paidGrant({ amount: 120_000n, costBasis: 100_000n }), [60_000n])
    expect(postings(usedFor(moved!))).toEqual([
      ['customer_credit', 50_000n],
      ['accounts_receivable', -60_000n],
      ['contract_position', 10_000n],
    ])
  })

  it('rounds the price once, on all that was used: 10.00 for 0.03 in three uses', () => {
    const used = burns(paidGrant({ amount: 3n, costBasis: 1n }), [1n, 1n, 1n])
    // 1/3, 2/3 and 3/3 of a cent are 0, 1 and 1.
    expect(used.map(({ movement }) => movement.released)).toEqual([0n, 1n, 0n])
  })

  it('is nothing for promotional credit: its use lowers what is billed', () => {
    const [moved] = burns(grantOf(), [3_000n])
    expect(postings(usedFor(moved!))).toEqual([
      ['accounts_receivable', -3_000n],
      ['contract_position', 3_000n],
    ])
    expect(soldEntries(grantOf(), 'Ann')).toEqual([])
    const end = planDue(untouched(grantOf(ENDS)), at('2026-07-01')).moved
    expect(end.flatMap(expiredEntries)).toEqual([])
  })

  it('before tax is billed on top of an invoice that is lower already', () => {
    const [paid] = burns(paidGrant({ amount: 12_000n, costBasis: 10_000n, beforeTax: true }), [6_000n])
    expect(postings(usedFor(paid!))).toEqual([
      ['customer_credit', 5_000n],
      ['contract_position', -5_000n],
    ])
    const [promised] = burns(grantOf({ beforeTax: true }), [6_000n])
    expect(usedFor(promised!)).toEqual([])
  })

  it('begins when credit is sold, and ends when it is paid back or kept', () => {
    const grant = paidGrant({ costBasis: 8_000n })
    expect(postings(soldEntries(grant, 'Ann'))).toEqual([
      ['bank_clearing', 8_000n],
      ['customer_credit', -8_000n],
    ])
    const moved = planVoid(burns(grant, [2_500n])[0]!.state, { actor: 'Ann', at: NOW, reason: null })!
    // 80.00 less a quarter.
    expect(postings(voidedEntries(moved, 'refund'))).toEqual([
      ['customer_credit', 6_000n],
      ['bank_clearing', -6_000n],
    ])
    expect(postings(voidedEntries(moved, 'forfeit'))).toEqual([
      ['customer_credit', 6_000n],
      ['revenue', -6_000n],
    ])
    expect(voidedEntries(moved, 'refund')[0]).toMatchObject({ postedBy: 'Ann', event: 'credit_voided' })
  })

  it('is owed again when the invoice is voided, by the mirror of what was posted', () => {
    const [moved] = burns(paidGrant({ amount: 12_000n, costBasis: 10_000n }), [6_000n])
    const used = { states: [moved!.state], movements: [moved!.movement] }
    const voided = { invoiceId: 'inv', reason: 'wrong', actor: 'Ann', at: NOW }
    const [back] = planReinstate(used, voided)
    expect(balanceOf(back!.state)).toBe(12_000n)
    expect(owedOf(back!.state)).toBe(10_000n)
    const negated = postings(usedFor(moved!)).map(([account, amount]) => [account, -(amount as bigint)])
    expect(postings(usedFor(back!))).toEqual(negated)
    const again = { states: [back!.state], movements: [moved!.movement, back!.movement] }
    expect(planReinstate(again, voided)).toEqual([])
  })
})

type Step = { kind: 'burn' | 'void' | 'give back' | 'end'; amount: bigint }
const anyStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('burn', 'burn', 'burn', 'void', 'give back', 'end'),
  amount: fc.bigInt({ min: 1n, max: 4_000n }),
})
const anyGrant = fc
  .record({
    amount: fc.bigInt({ min: 1n, max: 10_000n }),
    cost: fc.bigInt({ min: 0n, max: 100n }),
    expected: fc.option(fc.bigInt({ min: 1n, max: 100n })),
  })
  .map(({ amount, cost, expected }) =>
    paidGrant({
      amount,
      costBasis: (amount * cost) / 100n,
      expectedUse: expected === null ? null : (amount * expected + 99n) / 100n,
      ...ENDS,
    }),
  )

/** Does a step as far as it can be done. */
function take(state: GrantState, { kind, amount }: Step): Moved[] {
  const balance = balanceOf(state)
  const most = (bound: bigint) => (amount < bound ? amount : bound)
  const by = { actor: 'Ann', at: NOW }
  if (kind === 'end') return planDue(state, at('2026-07-01')).moved
  if (kind === 'void') return [planVoid(state, { ...by, amount, reason: null })].filter((each) => !!each)
  if (kind === 'burn') return balance > 0n ? [burn(state, most(balance))] : []
  return state.burnt > 0n ? [move(state, { kind: 'reinstated', amount: most(state.burnt), ...by })] : []
}

function play(grant: CreditGrant, steps: readonly Step[], check: (state: GrantState) => void): Moved[] {
  let state = untouched(grant)
  return steps.flatMap((step) => {
    const moved = take(state, step)
    state = moved.at(-1)?.state ?? state
    check(state)
    return moved
  })
}

describe('credit, whatever happens to it', () => {
  it('adds up: balance + burnt + expired + voided = granted, and 0 <= owed <= paid', () => {
    fc.assert(
      fc.property(anyGrant, fc.array(anyStep, { maxLength: 12 }), (grant, steps) => {
        play(grant, steps, (state) => {
          expect(balanceOf(state) + state.burnt + state.expired + state.voided).toBe(grant.amount)
          expect(balanceOf(state)).toBeGreaterThanOrEqual(0n)
          expect(owedOf(state)).toBeGreaterThanOrEqual(0n)
          expect(owedOf(state)).toBeLessThanOrEqual(grant.costBasis)
          if (balanceOf(state) === 0n) expect(owedOf(state)).toBe(0n)
        })
      }),
    )
  })

  it('owes what the books owe: every entry balances, and customer credit is the sum of what is owed', () => {
    fc.assert(
      fc.property(anyGrant, fc.array(anyStep, { maxLength: 12 }), (grant, steps) => {
        let last = untouched(grant)
        const moved = play(grant, steps, (state) => {
          last = state
        })
        const entries = [
          ...soldEntries(grant, 'Ann'),
          ...moved.flatMap((each) =>
            each.movement.kind === 'voided'
              ? voidedEntries(each, 'forfeit')
              : each.movement.kind === 'expired'
                ? expiredEntries(each)
                : usedFor(each),
          ),
        ]
        const owed = entries.flatMap((entry) =>
          entry.postings.filter(({ account }) => account === 'customer_credit'),
        )
        expect(sum(owed.map(({ amount }) => -amount))).toBe(owedOf(last))
        expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
      }),
    )
  })

  it('is told by its movements, in whichever order they are read', () => {
    fc.assert(
      fc.property(anyGrant, fc.array(anyStep, { maxLength: 12 }), (grant, steps) => {
        let last = untouched(grant)
        const moved = play(grant, steps, (state) => {
          last = state
        })
        const movements = moved.map(({ movement }) => movement)
        expect(replay(grant, movements)).toEqual(last)
        expect(replay(grant, movements.toReversed())).toEqual(last)
        expect(movements.map(({ sequence }) => sequence)).toEqual(movements.map((_, place) => place + 1))
      }),
    )
  })
})
