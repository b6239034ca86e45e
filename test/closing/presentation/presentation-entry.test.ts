import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Found, NOTHING_FOUND } from '../../../src/closing/presentation/presentation.ts'
import { NOTHING_BEFORE, presentationEntries } from '../../../src/closing/presentation/presentation-entry.ts'
import { sum } from '../../../src/kernel/money.ts'
import type { JournalEntry } from '../../../src/ledger/journal-entry.ts'

const OF = {
  entityRef: 'lumen',
  contractRef: 'acme',
  customerRef: 'acme-inc',
  currency: 'USD',
  month: '2026-02',
  run: 1,
  through: 0,
  recordedAt: 0,
}

const found = (primary: Partial<Found>, both?: Partial<Found>) => ({
  primary: { ...NOTHING_FOUND, ...primary },
  both: both && { ...NOTHING_FOUND, ...both },
})

const lines = ({ postings }: JournalEntry) => postings.map(({ account, amount }) => [account, amount])

describe('the entries of a contract at the end of a month', () => {
  it('stand on its last day, and are taken back on the next', () => {
    const entries = presentationEntries(OF, found({ net: -50_000n, accrued: 30_000n }), NOTHING_BEFORE)
    const dimensions = { contractRef: 'acme', customerRef: 'acme-inc' }
    expect(entries).toMatchObject([
      {
        event: 'position_presented',
        book: 'primary',
        postingDate: '2026-02-28',
        sourceId: '2026-02:USD:1:lumen:acme',
        postings: [
          { account: 'contract_position', amount: -50_000n, ...dimensions },
          { account: 'unbilled_receivable', amount: 30_000n, ...dimensions },
          { account: 'contract_asset', amount: 20_000n, ...dimensions },
        ],
      },
      { event: 'position_presentation_reversed', postingDate: '2026-03-01', reverses: entries[0]?.id },
    ])
  })

  it('are those of a late entry alone when the month is run again', () => {
    // 300.00 of usage were shown; an invoice over 120.00 of it comes late.
    const before = found({ net: -30_000n, accrued: 30_000n })
    const [late] = presentationEntries({ ...OF, run: 2 }, found({ net: -18_000n, accrued: 18_000n }), before)
    expect(late && lines(late)).toEqual([
      ['contract_position', 12_000n],
      ['unbilled_receivable', -12_000n],
    ])
    expect(late?.sourceId).toBe('2026-02:USD:2:lumen:acme')
  })

  it('move between accounts of the balance sheet what turned out to be another one', () => {
    const before = found({ net: -30_000n, accrued: 30_000n })
    const [late] = presentationEntries({ ...OF, run: 2 }, found({ net: -30_000n, accrued: 0n }), before)
    expect(late && lines(late)).toEqual([
      ['unbilled_receivable', -30_000n],
      ['contract_asset', 30_000n],
    ])
  })

  it('say in the second book what both together have otherwise', () => {
    // Without a contract under ASC 606 the 100.00 that were paid are a deposit; under IFRS 15 40.00 of them are revenue.
    const entries = presentationEntries(
      OF,
      found({ net: 10_000n, isContract: false }, { net: 6_000n }),
      NOTHING_BEFORE,
    )
    expect(entries.map((entry) => [entry.book, ...lines(entry)])).toEqual([
      ['primary', ['contract_position', 10_000n], ['deposit_liability', -10_000n]],
      ['primary', ['contract_position', -10_000n], ['deposit_liability', 10_000n]],
      ['secondary', ['contract_position', -10_000n], ['deposit_liability', 10_000n]],
      ['secondary', ['contract_position', 10_000n], ['deposit_liability', -10_000n]],
    ])
  })

  const amountArb = fc.bigInt(-(10n ** 9n), 10n ** 9n)
  const foundArb = fc.record({
    net: amountArb,
    accrued: amountArb,
    notDue: fc.bigInt(0n, 10n ** 9n),
    unpaid: fc.bigInt(0n, 10n ** 9n),
    isContract: fc.boolean(),
    expectedBack: amountArb,
  })
  const inBooksArb = fc.record({ primary: foundArb, both: fc.option(foundArb, { nil: undefined }) })

  /** What some entries leave on each account of each book up to a day. */
  const balances = (entries: readonly JournalEntry[], day: string) => {
    const left: Record<string, bigint> = {}
    for (const { book, postings } of entries.filter(({ postingDate }) => postingDate <= day))
      for (const { account, amount } of postings)
        left[`${book} ${account}`] = (left[`${book} ${account}`] ?? 0n) + amount
    return Object.fromEntries(Object.entries(left).filter(([, amount]) => amount !== 0n))
  }

  it('come to nothing with their reversals, line by line', () => {
    fc.assert(
      fc.property(inBooksArb, inBooksArb, (now, before) => {
        const entries = presentationEntries(OF, now, before)
        expect(balances(entries, '2026-03-01')).toEqual({})
        for (const { postings } of entries) expect(sum(postings.map(({ amount }) => amount))).toBe(0n)
      }),
    )
  })

  it('are none when nothing has changed', () => {
    fc.assert(
      fc.property(inBooksArb, (one) => {
        expect(presentationEntries(OF, one, one)).toEqual([])
      }),
    )
  })

  it('leave after any number of runs what one run would have posted', () => {
    fc.assert(
      fc.property(fc.array(inBooksArb, { minLength: 1, maxLength: 5 }), (runs) => {
        const entries = runs.flatMap((one, place) =>
          presentationEntries({ ...OF, run: place + 1 }, one, runs[place - 1] ?? NOTHING_BEFORE),
        )
        const once = presentationEntries(OF, runs.at(-1)!, NOTHING_BEFORE)
        expect(balances(entries, '2026-02-28')).toEqual(balances(once, '2026-02-28'))
      }),
    )
  })
})
