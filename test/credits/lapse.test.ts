import { describe, expect, it } from 'vitest'
import type { Recurrence } from '../../src/credits/grant.ts'
import { planDue } from '../../src/credits/lapse.ts'
import { balanceOf, type GrantState, move, untouched } from '../../src/credits/movement.ts'
import { occurrenceStart, successorOf } from '../../src/credits/recurrence.ts'
import { walletBalances } from '../../src/credits/wallet.ts'
import { walletAt } from '../../src/credits/wallet-at.ts'
import { at, grantOf, paidGrant } from './grants.ts'

const monthly = (anchor: string, more: Partial<Recurrence> = {}): Recurrence => ({
  unit: 'MONTHLY',
  every: 1,
  anchor,
  until: null,
  rollover: null,
  ...more,
})

/** 100.00 a month from 1 January 2026 on; what is left lapses on the 8th of the month after. */
const series = (more: Partial<Recurrence> = {}) =>
  grantOf({ expiresAt: at('2026-02-01'), recurrence: monthly('2026-01-01', more) })

const used = (state: GrantState, amount: bigint) =>
  move(state, { kind: 'burnt', amount, actor: 'billing', at: at('2026-02-01') }).state

describe('a series of grants', () => {
  it.each([
    [
      'on the 31st, as far as months have one',
      monthly('2026-01-31'),
      ['2026-02-28', '2026-03-31', '2026-04-30'],
    ],
    ['every week', monthly('2026-01-01', { unit: 'WEEKLY' }), ['2026-01-08', '2026-01-15', '2026-01-22']],
    ['every second month', monthly('2026-01-01', { every: 2 }), ['2026-03-01', '2026-05-01', '2026-07-01']],
  ])('is counted from its anchor: %s', (_, recurrence, dates) => {
    expect([1, 2, 3].map((k) => occurrenceStart(recurrence, 'UTC', k))).toEqual(dates.map(at))
  })

  it('begins at the start of the day in the zone of the seller, on both sides of a clock change', () => {
    const starts = [1, 2].map((k) => occurrenceStart(monthly('2026-02-08'), 'America/New_York', k))
    // Clocks go forward on 8 March at 02:00: its midnight is still five hours behind UTC.
    expect(starts).toEqual([at('2026-03-08T05:00:00Z'), at('2026-04-08T04:00:00Z')])
  })

  it('makes the same next grant however often it is made', () => {
    const next = successorOf(series())!
    expect(next).toMatchObject({
      amount: 10_000n,
      occurrence: 1,
      source: 'recurring',
      effectiveAt: at('2026-02-01'),
      expiresAt: at('2026-03-01'),
    })
    expect(successorOf(series())).toEqual(next)
    expect(successorOf(next)!.ref).not.toBe(next.ref)
  })

  it('ends before the grant that would begin with its end', () => {
    expect(successorOf(series({ until: at('2026-02-01') }))).toBeUndefined()
    expect(successorOf(series({ until: at('2026-02-01') + 1 }))).toBeDefined()
  })
})

describe('what is due of a grant', () => {
  it('is nothing before it expires', () => {
    expect(planDue(untouched(series()), at('2026-01-31'))).toEqual({
      grants: [],
      moved: [],
      dueAt: at('2026-02-01'),
    })
  })

  it('is the next grant when it expires, and its leftover when the invoices for it are made', () => {
    const first = planDue(untouched(series()), at('2026-02-01'))
    expect([first.grants.length, first.moved, first.dueAt]).toEqual([1, [], at('2026-02-08')])
    const lapse = planDue(untouched(series()), at('2026-02-08'))
    expect(lapse.grants).toEqual(first.grants)
    expect(lapse.moved.map(({ movement }) => [movement.kind, movement.amount])).toEqual([
      ['expired', 10_000n],
    ])
    expect(lapse.dueAt).toBeNull()
  })

  const ROLLOVERS: [rule: string, rollover: Recurrence['rollover'], left: bigint, over: bigint][] = [
    ['90.00 up to 50.00', { sharePercent: '100', cap: '5000' }, 9_000n, 5_000n],
    ['30.00 up to 50.00', { sharePercent: '100', cap: '5000' }, 3_000n, 3_000n],
    ['half of 90.01, rounded down', { sharePercent: '50', cap: null }, 9_001n, 4_500n],
    ['none of it', { sharePercent: '0', cap: null }, 9_000n, 0n],
  ]
  it.each(ROLLOVERS)('carries over %s', (_, rollover, left, over) => {
    const state = used(untouched(series({ rollover })), 10_000n - left)
    const { grants, moved } = planDue(state, at('2026-02-08'))
    const carried = grants.filter(({ source }) => source === 'rollover')
    expect(carried.map(({ amount }) => amount)).toEqual(over > 0n ? [over] : [])
    const amounts = moved.map(({ movement }) => [movement.kind, movement.amount])
    expect(amounts).toEqual(
      [['rolled_over', over] as const, ['expired', left - over] as const].filter(([, amount]) => amount > 0n),
    )
    expect(balanceOf(moved.at(-1)!.state)).toBe(0n)
    for (const grant of carried) {
      expect(grant).toMatchObject({
        recurrence: null,
        effectiveAt: at('2026-02-01'),
        expiresAt: at('2026-03-01'),
      })
    }
  })

  it('names what is carried over otherwise than what follows: the first of a series and its next grant', () => {
    const state = untouched(series({ rollover: { sharePercent: '100', cap: null } }))
    const refs = planDue(state, at('2026-02-08')).grants.map(({ ref }) => ref)
    expect(new Set(refs).size).toBe(2)
  })

  it('carries nothing over when the series ends', () => {
    const ending = series({ until: at('2026-02-01'), rollover: { sharePercent: '100', cap: null } })
    const { grants, moved } = planDue(untouched(ending), at('2026-02-08'))
    expect(grants).toEqual([])
    expect(moved.map(({ movement }) => movement.kind)).toEqual(['expired'])
  })

  it('carries the price of paid credit over with it', () => {
    const state = untouched(
      paidGrant({
        costBasis: 8_000n,
        expiresAt: at('2026-02-01'),
        recurrence: monthly('2026-01-01', { rollover: { sharePercent: '50', cap: null } }),
      }),
    )
    const { grants } = planDue(state, at('2026-02-08'))
    expect(grants.at(-1)).toMatchObject({ source: 'rollover', amount: 5_000n, costBasis: 4_000n })
  })
})

describe('a wallet', () => {
  const wallet = [
    untouched(series()),
    untouched(grantOf({ ref: 'later', effectiveAt: at('2026-03-15'), amount: 700n })),
    used(untouched(paidGrant({ ref: 'paid', costBasis: 8_000n })), 2_500n),
    untouched(grantOf({ ref: 'euro', currency: 'EUR', amount: 50n })),
  ]

  it('shows what can be used now in each currency, and what expires next', () => {
    expect(walletBalances(wallet, at('2026-01-10'))).toEqual([
      {
        currency: 'EUR',
        balance: 50n,
        paid: 0n,
        upcoming: 0n,
        awaitingPayment: 0n,
        owed: 0n,
        nextExpiry: null,
      },
      {
        currency: 'USD',
        // 100.00 of the series, and 75.00 of what was paid for, which cost 60.00.
        balance: 17_500n,
        paid: 7_500n,
        upcoming: 700n,
        awaitingPayment: 0n,
        owed: 6_000n,
        nextExpiry: { at: at('2026-02-01'), amount: 10_000n },
      },
    ])
  })

  it('is looked ahead at as it will be: months later the series is at its third grant', () => {
    const later = walletAt(wallet, at('2026-03-20'))
    const usd = walletBalances(later, at('2026-03-20')).at(-1)!
    // 100.00 of March, 75.00 that were paid for and 7.00 that are in force by then; January and February have lapsed.
    expect([usd.balance, usd.nextExpiry]).toEqual([18_200n, { at: at('2026-04-01'), amount: 10_000n }])
  })

  it('does not grant again what has followed already, and was used', () => {
    const first = untouched(series())
    const second = used(untouched(successorOf(first.grant)!), 10_000n)
    const [usd] = walletBalances(walletAt([first, second], at('2026-02-03')), at('2026-02-03'))
    expect(usd!.balance).toBe(10_000n)
  })
})
