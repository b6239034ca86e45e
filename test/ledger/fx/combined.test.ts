import { describe, expect, it } from 'vitest'
import type { Minor } from '../../../src/kernel/money.ts'
import type { AccountRole } from '../../../src/ledger/account.ts'
import { credit, debit } from '../../../src/ledger/journal-entry.ts'
import { balanceOn, closed, combined, eurUsd, measured, of, posted } from './foreign-books.ts'

const invoice = (date: string, id: string, amount: Minor, reverses: string | null = null) =>
  posted(
    date,
    reverses === null ? `invoice ${id}` : `void ${id}`,
    [debit('accounts_receivable', amount, of(id)), credit('contract_position', amount, of(id))],
    reverses,
  )

const revenue = (date: string, id: string, amount: Minor) =>
  posted(date, `revenue ${id} ${date} ${amount}`, [
    debit('contract_position', amount, of(id)),
    credit('revenue', amount, of(id)),
  ])

type Lines = ReturnType<typeof measured>

const shown = (lines: Lines) =>
  lines.map(({ account, contractRef, functionalAmount }) => [account, contractRef, functionalAmount])

/** What accounts hold in cents of the functional currency. */
const on = (lines: Lines, date: string, ...accounts: AccountRole[]) =>
  accounts.map((account) => balanceOn(lines, account, date))

const END = '9999-12-31'

describe('contracts that are accounted for as one', () => {
  // 1,000.00 EUR are billed ahead under one contract at 1.20; what the other earns is not billed.
  const rates = eurUsd({
    '2026-01-01': '1.20',
    '2026-01-15': '1.10',
    '2026-01-31': '1.15',
    '2026-02-05': '1.30',
  })
  const one = combined('2026-01-01', 'k-a', 'k-b')
  const advance = invoice('2026-01-01', 'a', 100_000n)

  it('give the rate of an advance of one to what another earns', () => {
    // 300.00 of the 1,000.00 x 1.20. Alone they would be 300.00 x 1.10.
    const earned = revenue('2026-01-15', 'b', 30_000n)
    const together = measured([one.entry, advance, earned], rates, one.joinings)
    expect(on(together, END, 'revenue', 'contract_position', 'fx_gain_loss')).toEqual([
      -36_000n,
      -84_000n,
      0n,
    ])
    const apart = measured([advance, earned], rates)
    expect(on(apart, END, 'revenue', 'contract_position')).toEqual([-33_000n, -87_000n])
  })

  it('have the rate of the day for what goes beyond the advances of all, until it is billed by any', () => {
    const lines = measured(
      [one.entry, advance, revenue('2026-01-15', 'b', 120_000n), invoice('2026-02-05', 'b', 20_000n)],
      rates,
      one.joinings,
    )
    // 1,000.00 x 1.20, and 200.00 x 1.10, billed at 1.30: a gain of 40.00.
    expect(on(lines, END, 'revenue', 'contract_position', 'fx_gain_loss')).toEqual([-142_000n, 0n, -4_000n])
  })

  it('return what is taken back to the advances of all', () => {
    const lines = measured(
      [one.entry, advance, revenue('2026-01-15', 'b', 30_000n), revenue('2026-01-31', 'b', -10_000n)],
      rates,
      one.joinings,
    )
    // 200.00 x 1.20, and 800.00 x 1.20 are left.
    expect(on(lines, END, 'revenue', 'contract_position')).toEqual([-24_000n, -96_000n])
  })

  it('earn and bill in one entry as one', () => {
    const both = posted('2026-01-15', 'both', [
      debit('contract_position', 60_000n, of('a')),
      debit('contract_position', 60_000n, of('b')),
      credit('revenue', 120_000n),
    ])
    const lines = measured([one.entry, advance, both], rates, one.joinings)
    // The first takes 720.00 of 1,200.00, the second the 480.00 that are left and 200.00 x 1.10.
    expect(shown(lines.filter(({ amount }) => amount === 60_000n))).toEqual([
      ['contract_position', 'k-a', 72_000n],
      ['contract_position', 'k-b', 70_000n],
    ])
    expect(balanceOn(lines, 'revenue')).toBe(-142_000n)
  })

  it('keep their rate at the end of a month while they are a liability together', () => {
    const lines = measured([one.entry, advance, revenue('2026-01-15', 'b', 30_000n)], rates, one.joinings)
    const end = closed(lines, '2026-01', rates, one.joinings)
    // The receivable alone: 1,000.00 x (1.15 - 1.20).
    expect(on(end, '2026-01-31', 'contract_position', 'fx_gain_loss')).toEqual([-84_000n, 5_000n])
  })

  it('take the closing rate for what they are in debit with together, under the first of them', () => {
    const lines = measured([one.entry, advance, revenue('2026-01-15', 'b', 120_000n)], rates, one.joinings)
    const end = closed(lines, '2026-01', rates, one.joinings)
    // 200.00 x (1.15 - 1.10), beside the 50.00 that the receivable loses.
    expect(on(end, '2026-01-31', 'contract_position', 'fx_gain_loss')).toEqual([23_000n, 4_000n])
    const added = end.filter(
      ({ account, item, date }) => account === 'contract_position' && item === null && date === '2026-01-31',
    )
    expect(shown(added)).toEqual([['contract_position', 'k-a', 1_000n]])
    expect(balanceOn(end, 'contract_position', '2026-02-01')).toBe(22_000n)
  })
})

describe('contracts that become one', () => {
  const rates = eurUsd({
    '2026-01-01': '1.20',
    '2026-01-15': '1.10',
    '2026-01-20': '1.30',
    '2026-02-05': '1.50',
  })
  const joined = combined('2026-02-05', 'k-a', 'k-b')
  const before = (billed: Minor, earned: Minor) => [
    invoice('2026-01-01', 'a', billed),
    revenue('2026-01-15', 'b', earned),
  ]

  it.each([
    // 300.00 x (1.20 - 1.10): what was earned is settled at the rate of the advance.
    { what: 'a liability', billed: 100_000n, earned: 30_000n, lines: [0n, 3_000n, -3_000n], left: -84_000n },
    // 100.00 x (1.20 - 1.10): what was billed is settled at the rate of what was earned.
    { what: 'an asset', billed: 10_000n, earned: 30_000n, lines: [1_000n, 0n, -1_000n], left: 22_000n },
    { what: 'nothing', billed: 30_000n, earned: 30_000n, lines: [0n, 3_000n, -3_000n], left: 0n },
  ])('settle what they hold against each other, and $what is left', ({ billed, earned, lines, left }) => {
    const all = measured([...before(billed, earned), joined.entry], rates, joined.joinings)
    expect(shown(all.slice(4))).toEqual([
      ['contract_position', 'k-a', lines[0]],
      ['contract_position', 'k-b', lines[1]],
      ['fx_gain_loss', null, lines[2]],
    ])
    // What was measured before stays as it was: 1.10.
    expect(balanceOn(all, 'revenue')).toBe(-(earned * 11n) / 10n)
    expect(balanceOn(all, 'contract_position')).toBe(left)
  })

  it('have one rate from then on, weighted where both were billed ahead', () => {
    const lines = measured(
      [
        invoice('2026-01-01', 'a', 100_000n),
        invoice('2026-01-20', 'b', 100_000n),
        joined.entry,
        revenue('2026-02-05', 'b', 50_000n),
      ],
      rates,
      joined.joinings,
    )
    // 1,200.00 + 1,300.00 for 2,000.00: 500.00 are 625.00, and nothing was settled.
    expect(on(lines, END, 'revenue', 'fx_gain_loss')).toEqual([-62_500n, 0n])
  })

  it('merge with those that each of them was one with', () => {
    const [first, second, merged] = [
      combined('2026-01-01', 'k-a', 'k-b'),
      combined('2026-01-20', 'k-c', 'k-d'),
      combined('2026-02-05', 'k-a', 'k-c', 'k-d'),
    ]
    const lines = measured(
      [
        first.entry,
        invoice('2026-01-01', 'a', 100_000n),
        revenue('2026-01-15', 'b', 30_000n),
        revenue('2026-01-15', 'c', 20_000n),
        invoice('2026-01-20', 'd', 50_000n),
        second.entry,
        merged.entry,
        revenue('2026-02-05', 'd', 10_000n),
      ],
      rates,
      [...first.joinings, ...second.joinings, ...merged.joinings],
    )
    // a and b: 700.00 at 840.00. c and d: 300.00 of 650.00 for 500.00, 390.00, with a gain of 200.00 x (1.30 - 1.10).
    // All: 1,000.00 at 1,230.00, of which 100.00 are earned.
    expect(lines.slice(-2).map(({ functionalAmount }) => functionalAmount)).toEqual([12_300n, -12_300n])
    expect(on(lines, END, 'contract_position', 'fx_gain_loss')).toEqual([-110_700n, -4_000n])
  })

  it('take back what was posted before at what it was measured at', () => {
    const [billed, other] = [invoice('2026-01-01', 'a', 100_000n), invoice('2026-01-20', 'b', 50_000n)]
    const taken = invoice('2026-02-05', 'a', -100_000n, billed.id)
    const lines = measured([billed, other, joined.entry, taken], rates, joined.joinings)
    // 500.00 x 1.30 are left.
    expect(on(lines, END, 'accounts_receivable', 'contract_position', 'fx_gain_loss')).toEqual([
      65_000n,
      -65_000n,
      0n,
    ])
  })

  it('have one pool of advances for days before, whatever each of them held then', () => {
    const lines = measured(
      [
        invoice('2026-01-20', 'b', 100_000n),
        revenue('2026-01-15', 'a', 99_900n),
        invoice('2026-02-04', 'a', 150_000n),
        joined.entry,
        revenue('2026-01-31', 'b', -50_000n),
      ],
      eurUsd({ '2026-01-15': '1.10', '2026-01-20': '1.30', '2026-01-31': '1.25', '2026-02-04': '1.20' }),
      joined.joinings,
    )
    // On 31 January the one was 1,000.00 in credit and the other 999.00 in debit: 1.00 that no rate follows from. Together
    // they hold 1,000.00 x 1.30 and 501.00 x 1.20 by the day that they became one: 500.00 of 1,501.00 at 1,901.20.
    expect(lines.slice(-2).map(({ functionalAmount }) => functionalAmount)).toEqual([-63_331n, 63_331n])
  })
})
