import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Minor } from '../../../src/kernel/money.ts'
import type { ForeignEntry } from '../../../src/ledger/fx/functional-line.ts'
import { credit, debit } from '../../../src/ledger/journal-entry.ts'
import { balanceOn, closed, eurUsd, measured, of, posted } from './foreign-books.ts'

const invoice = (date: string, amount: Minor) =>
  posted(date, `invoice ${date}`, [
    debit('accounts_receivable', amount, { ...of('k'), invoiceId: date }),
    credit('contract_position', amount, { ...of('k'), invoiceId: date }),
  ])

const revenue = (date: string, what: string, amount: Minor) =>
  posted(date, `${what} ${date}`, [
    debit('contract_position', amount, of('k')),
    credit('revenue', amount, of('k')),
  ])

describe('usage of January that an invoice of February bills', () => {
  // 500.00 EUR of fees are billed ahead on the first of each month, and with them 300.00 of usage in January.
  const rates = eurUsd({ '2026-01-01': '1.00', '2026-01-31': '1.10', '2026-02-01': '1.20' })
  const january = invoice('2026-01-01', 50_000n)
  const february = invoice('2026-02-01', 80_000n)
  const fee = revenue('2026-01-31', 'fee', 50_000n)
  const usage = revenue('2026-01-31', 'usage', 30_000n)
  const linesOf = (entries: readonly ForeignEntry[]) => closed(measured(entries, rates), '2026-01', rates)

  it('is revenue at the rate of January, also where that invoice is measured first', () => {
    // The usage: 300.00 x 1.10. The position: 300.00 of the 800.00 x 1.20 that stand billed.
    const lines = measured([january, february, fee, usage], rates)
    expect(lines.slice(6).map(({ account, functionalAmount }) => [account, functionalAmount])).toEqual([
      ['contract_position', 36_000n],
      ['revenue', -33_000n],
      ['fx_gain_loss', -3_000n],
    ])
  })

  it.each([
    ['in the order of days', [january, fee, usage, february]],
    ['with the invoice between', [january, fee, february, usage]],
    ['with the invoice first', [january, february, fee, usage]],
    ['with the usage before the fee', [january, february, usage, fee]],
  ])('gives each month the same revenue, gain and balances: %s', (_, entries) => {
    const lines = linesOf(entries)
    // 500.00 x 1.00 and 300.00 x 1.10.
    expect(balanceOn(lines, 'revenue')).toBe(-83_000n)
    // At the closing rate: 300.00 of usage x 1.10, and 500.00 of receivable x 1.10, a gain of 50.00 on it.
    expect(balanceOn(lines, 'contract_position', '2026-01-31')).toBe(33_000n)
    expect(balanceOn(lines, 'fx_gain_loss', '2026-01-31')).toBe(-5_000n)
    // February takes the 50.00 back, and brings 300.00 x (1.20 - 1.10) as its usage becomes a receivable.
    expect(balanceOn(lines, 'fx_gain_loss')).toBe(-3_000n)
    // The fee of February: 500.00 x 1.20.
    expect(balanceOn(lines, 'contract_position')).toBe(-60_000n)
  })

  it('is taken back for what was billed of it, and nothing but the rates of days shows', () => {
    // Accrued are 300.00, billed 320.00: 20.00 more at 1.10, in place of the accrual.
    const billed = invoice('2026-02-01', 82_000n)
    const taken = revenue('2026-01-31', 'taken back', -30_000n)
    const instead = revenue('2026-01-31', 'billed', 32_000n)
    for (const both of [
      [taken, instead],
      [instead, taken],
    ]) {
      const lines = linesOf([january, fee, usage, billed, ...both])
      expect(balanceOn(lines, 'revenue')).toBe(-85_200n)
      expect(balanceOn(lines, 'contract_position', '2026-01-31')).toBe(35_200n)
      // 320.00 x (1.20 - 1.10).
      expect(balanceOn(lines, 'fx_gain_loss')).toBe(-3_200n)
      expect(balanceOn(lines, 'contract_position')).toBe(-60_000n)
    }
  })

  it('waits for the rate of its day', () => {
    const unknown = eurUsd({ '2026-01-20': '1.10' })
    const early = revenue('2026-01-10', 'usage', 30_000n)
    expect(measured([invoice('2026-01-20', 30_000n), early], unknown)).toHaveLength(2)
  })
})

it('revenue of a month has the rate of its own advance, also where the next one is measured first', () => {
  const rates = eurUsd({ '2026-01-01': '1.00', '2026-02-01': '1.20', '2026-02-28': '1.30' })
  const fees = ['2026-01-31', '2026-02-28'].map((day) => revenue(day, 'fee', 50_000n))
  const lines = measured([invoice('2026-01-01', 50_000n), invoice('2026-02-01', 50_000n), ...fees], rates)
  expect(balanceOn(lines, 'revenue', '2026-01-31')).toBe(-50_000n)
  expect(balanceOn(lines, 'revenue')).toBe(-110_000n)
  expect(balanceOn(lines, 'fx_gain_loss')).toBe(0n)
})

describe('a contract of fees ahead and usage in arrears', () => {
  const FIRSTS = ['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01']
  const ENDS = ['2026-01-31', '2026-02-28', '2026-03-31']
  /** Whole hundreds at four places: nothing is rounded. */
  const hundreds = fc.bigInt(1n, 50n).map((count) => count * 10_000n)
  const rate = fc
    .integer({ min: 8_000, max: 15_000 })
    .map((value) => `${Math.floor(value / 10_000)}.${String(value % 10_000).padStart(4, '0')}`)
  const rates = fc
    .tuple(...[...FIRSTS, ...ENDS].map(() => rate))
    .map((values) => eurUsd(Object.fromEntries([...FIRSTS, ...ENDS].map((day, at) => [day, values[at]!]))))
  const month = fc.record({
    fee: hundreds,
    usage: hundreds,
    /** Before how many of the month's entries of revenue the next invoice is measured. */
    ahead: fc.integer({ min: 0, max: 4 }),
    usageFirst: fc.boolean(),
  })

  it('has the same revenue and gain in each month, whenever its invoices are measured', () => {
    fc.assert(
      fc.property(rates, fc.tuple(month, month, month), (known, months) => {
        const invoices = FIRSTS.map((day, at) =>
          invoice(day, (months[at]?.fee ?? 0n) + (months[at - 1]?.usage ?? 0n)),
        )
        const entriesOf = (isInOrder: boolean) =>
          months.flatMap(({ fee, usage, ahead, usageFirst }, at) => {
            const day = ENDS[at]!
            const earned = [revenue(day, 'fee', fee), revenue(day, 'accrued', usage)]
            const settled = [revenue(day, 'taken back', -usage), revenue(day, 'billed', usage)]
            const all = [...(usageFirst ? earned.reverse() : earned), ...settled]
            return all.toSpliced(isInOrder ? all.length : all.length - ahead, 0, invoices[at + 1]!)
          })
        const figures = (isInOrder: boolean) => {
          const lines = measured([invoices[0]!, ...entriesOf(isInOrder)], known)
          const all = ['2026-01', '2026-02', '2026-03'].reduce((done, end) => closed(done, end, known), lines)
          return ENDS.flatMap((end) =>
            (['revenue', 'contract_position', 'fx_gain_loss'] as const).map((account) =>
              balanceOn(all, account, end),
            ),
          )
        }
        expect(figures(false)).toEqual(figures(true))
      }),
    )
  })
})
