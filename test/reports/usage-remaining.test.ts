import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sum } from '../../src/kernel/money.ts'
import { remainingNotes } from '../../src/reports/remaining-notes.ts'
import { type ExpectedUsage, type OpenWindow, usageRemaining } from '../../src/reports/usage-remaining.ts'

/** A contract of 2026; what remains at the end of 30 June, with 184 of 365 days to come. */
const term = { start: '2026-01-01', end: '2027-01-01' }
const asked = { asOf: '2026-06-30', term }
const estimate = (amount: bigint, more: Partial<ExpectedUsage> = {}): ExpectedUsage => ({
  productRef: 'calls',
  amount,
  ...term,
  ...more,
})
const window = (left: bigint, more: Partial<OpenWindow> = {}): OpenWindow => ({
  ...{ start: '2026-07-01', end: '2026-10-01', left, productRef: undefined },
  ...more,
})

describe('usage to come', () => {
  it.each<[string, OpenWindow[], ExpectedUsage[], bigint, bigint]>([
    // 365.00 over 365 days, 1.00 a day: 184 days are to come.
    ['as estimated', [], [estimate(365_00n)], 0n, 184_00n],
    [
      'of several estimates',
      [],
      [estimate(365_00n), estimate(184_00n, { start: '2026-07-01' })],
      0n,
      368_00n,
    ],
    ['nothing of days that are over', [], [estimate(181_00n, { end: '2026-07-01' })], 0n, 0n],
    // The contract ends with September by now: 92 days of July to September.
    ['not beyond a term that was cut', [], [estimate(365_00n, { end: '2027-01-01' })], 0n, 184_00n],
    ['a minimum alone', [window(60_00n)], [], 60_00n, 0n],
    // 92.00 are expected in the 92 days of the window: 60.00 fill it, and 32.00 go beyond; 92.00 come after it.
    ['a minimum that is filled', [window(60_00n)], [estimate(365_00n)], 60_00n, 32_00n + 92_00n],
    // 92.00 do not fill 100.00: the larger counts, and the 92.00 after the window.
    ['a minimum that is not filled', [window(100_00n)], [estimate(365_00n)], 100_00n, 92_00n],
    [
      'a minimum of another product',
      [window(60_00n, { productRef: 'seats' })],
      [estimate(365_00n)],
      60_00n,
      184_00n,
    ],
    [
      'a minimum of the product',
      [window(60_00n, { productRef: 'calls' })],
      [estimate(365_00n)],
      60_00n,
      124_00n,
    ],
    ['a minimum that is filled already', [window(0n)], [estimate(365_00n)], 0n, 184_00n],
  ])('%s', (_, windows, expected, minimum, estimated) => {
    const bands = usageRemaining(asked, windows, expected)
    expect([sum(bands.minimum_commitments!), sum(bands.estimated_usage!)]).toEqual([minimum, estimated])
  })

  it('ends with the term', () => {
    const cut = { asOf: '2026-06-30', term: { ...term, end: '2026-10-01' } }
    expect(usageRemaining(cut, [], [estimate(365_00n)]).estimated_usage).toEqual([92_00n, 0n, 0n])
  })

  it('falls into bands by its days', () => {
    // 3 × 365 = 1,095 days at 1.00 from 2026 on; within a year of 30 June 2026, in the next, and beyond: 365, 366, 184.
    const years = { start: '2026-01-01', end: '2029-01-01' }
    const bands = usageRemaining(
      { asOf: '2026-06-30', term: years },
      [{ ...years, productRef: undefined, left: 915_00n }],
      [estimate(1_096_00n, years)],
    )
    // 2028 has a 29 February: 1,096 days, of which 915 are to come, and all of them fill the minimum.
    expect(bands).toEqual({
      minimum_commitments: [365_00n, 366_00n, 184_00n],
      estimated_usage: [0n, 0n, 0n],
    })
    const alone = usageRemaining(
      { asOf: '2026-06-30', term: years },
      [{ ...years, productRef: undefined, left: 915_00n }],
      [],
    )
    expect(alone.minimum_commitments).toEqual([365_00n, 366_00n, 184_00n])
  })

  it('is never less than the larger of minimum and estimate, never more than both, and never below zero', () => {
    const amount = fc.bigInt(0n, 1_000_000n)
    fc.assert(
      fc.property(amount, amount, fc.integer({ min: 0, max: 330 }), (left, expected, day) => {
        const asOf = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10)
        const windows = [window(left, { start: '2026-01-01', end: '2026-12-01' })]
        const bands = usageRemaining({ asOf, term }, windows, [estimate(expected)])
        const alone = sum(usageRemaining({ asOf, term }, [], [estimate(expected)]).estimated_usage!)
        const all = [...bands.minimum_commitments!, ...bands.estimated_usage!]
        expect(all.every((own) => own >= 0n)).toBe(true)
        expect(sum(bands.minimum_commitments!)).toBe(left)
        expect(sum(all) >= (left > alone ? left : alone)).toBe(true)
        expect(sum(all) <= left + alone).toBe(true)
      }),
    )
  })
})

describe('what is not among the figures', () => {
  const usage = (more: object) =>
    ({
      ...{ contractRef: 'deal', framework: 'IFRS15', policy: 'variable_allocation' },
      ...more,
    }) as never
  it.each([
    ['nothing', [], []],
    ['the right to invoice', [usage({ policy: 'right_to_invoice' })], [['IFRS 15.121(b)', []]]],
    [
      'under US GAAP',
      [usage({ policy: 'right_to_invoice', framework: 'ASC606' })],
      [['ASC 606-10-50-14(b)', []]],
    ],
    ['variable under US GAAP', [usage({ framework: 'ASC606' })], [['ASC 606-10-50-14A', []]]],
    ['without an estimate', [usage({}), usage({})], [['IFRS 15.122', ['deal']]]],
    ['estimated', [usage({ estimate: { isConstrained: false } })], []],
    ['constrained', [usage({ estimate: { isConstrained: true } })], [['IFRS 15.122', []]]],
  ])('%s', (_, given, said) => {
    expect(remainingNotes(given).map((note) => [note.paragraph, note.contract_refs])).toEqual(said)
  })
})
