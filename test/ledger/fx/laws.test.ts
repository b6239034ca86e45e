import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../../../src/kernel/calendar.ts'
import { fromMinor, type Minor, sum } from '../../../src/kernel/money.ts'
import { decimal, multiply, type Rational, subtract } from '../../../src/kernel/rational.ts'
import type { FxRate } from '../../../src/ledger/fx/rate.ts'
import { credit, debit } from '../../../src/ledger/journal-entry.ts'
import { balanceOn, closed, eurUsd, measured, of, posted } from './foreign-books.ts'

const FIRST_DAY = '2026-01-01'
const DAYS = 120
const MONTHS = ['2026-01', '2026-02', '2026-03', '2026-04']

const dayArb = fc.nat(DAYS - 1)
const amountArb = fc.bigInt(1n, 10_000_000n)
const rateArb = fc
  .integer({ min: 5_000, max: 20_000 })
  .map((rate) => `${Math.floor(rate / 10_000)}.${String(rate % 10_000).padStart(4, '0')}`)
/** A rate for each day. */
const ratesArb = fc
  .array(rateArb, { minLength: DAYS, maxLength: DAYS })
  .map((rates) => eurUsd(Object.fromEntries(rates.map((rate, day) => [addDays(FIRST_DAY, day), rate]))))

const dateOf = (day: number) => addDays(FIRST_DAY, day)
const rateOf = (rates: readonly FxRate[], day: number): Rational => decimal(rates[day]!.rate)

/** Cents, exact. */
const cents = (amount: Minor, rate: Rational): Rational =>
  multiply(multiply(fromMinor(amount, 'EUR'), rate), decimal('100'))

const distance = (is: Minor, exact: Rational): number => {
  const { num, den } = subtract({ num: is, den: 1n }, exact)
  return Math.abs(Number(num) / Number(den))
}

/** Anything that may happen to three invoices of a customer, one of them with tax. */
const eventArb = fc.record({
  kind: fc.constantFrom('invoice', 'payment', 'revenue', 'credit_note', 'write_off'),
  invoice: fc.constantFrom('i', 'j', 'k'),
  day: dayArb,
  amount: amountArb,
})

const entryOf = (
  { kind, invoice, day, amount }: { kind: string; invoice: string; day: number; amount: Minor },
  place: number,
) => {
  const tax = invoice === 'k' ? amount / 5n : 0n
  const own = of(invoice)
  const lines = {
    invoice: [
      debit('accounts_receivable', amount + tax, own),
      credit('contract_position', amount / 3n, own),
      credit('contract_position', amount - amount / 3n, own),
      credit('tax_payable', tax, own),
    ],
    payment: [debit('bank_clearing', amount), credit('accounts_receivable', amount, own)],
    revenue: [
      debit('contract_position', amount, own),
      credit('revenue', amount - amount / 2n, own),
      credit('revenue', amount / 2n, own),
    ],
    credit_note: [
      debit('revenue', amount, own),
      debit('tax_payable', tax, own),
      credit('accounts_receivable', amount + tax, own),
    ],
    write_off: [debit('bad_debt_expense', amount, own), credit('accounts_receivable', amount, own)],
  }[kind]
  return posted(dateOf(day), `${place}`, lines ?? [])
}

describe('the books in two currencies', () => {
  it('balance, entry by entry and at every close, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(fc.array(eventArb, { maxLength: 12 }), ratesArb, (events, rates) => {
        const entries = events.map(entryOf)
        const lines = measured(entries, rates)
        const all = MONTHS.slice(0, 3).reduce((before, month) => closed(before, month, rates), lines)
        for (const day of [...Array(DAYS).keys()]) {
          const until = all.filter(({ date }) => date <= dateOf(day))
          expect(sum(until.map(({ functionalAmount }) => functionalAmount))).toBe(0n)
          expect(sum(until.map(({ amount }) => amount))).toBe(0n)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('hold nothing in the one where they hold nothing in the other', () => {
    fc.assert(
      fc.property(fc.array(eventArb, { maxLength: 20 }), ratesArb, (events, rates) => {
        const items = Map.groupBy(
          measured(events.map(entryOf), rates).filter(({ item }) => item !== null),
          ({ item }) => item,
        )
        for (const lines of items.values()) {
          if (sum(lines.map(({ amount }) => amount)) !== 0n) continue
          expect(sum(lines.map(({ functionalAmount }) => functionalAmount))).toBe(0n)
        }
      }),
    )
  })

  it('do not depend on the order in which rates were imported', () => {
    const shuffled = ratesArb.chain((rates) =>
      fc.tuple(fc.constant(rates), fc.shuffledSubarray(rates, { minLength: rates.length })),
    )
    fc.assert(
      fc.property(fc.array(eventArb, { maxLength: 12 }), shuffled, (events, [rates, mixed]) => {
        const entries = events.map(entryOf)
        expect(measured(entries, mixed)).toEqual(measured(entries, rates))
      }),
      { numRuns: 30 },
    )
  })
})

describe('the exchange gain of an invoice', () => {
  const lifeArb = fc.record({
    amount: amountArb,
    issued: fc.nat(60),
    paidAfter: fc.nat(59),
    rates: ratesArb,
    closes: fc.subarray(MONTHS),
  })

  it('over its life is amount x (rate of settlement - rate of invoice), however many closes lie between', () => {
    fc.assert(
      fc.property(lifeArb, ({ amount, issued, paidAfter, rates, closes }) => {
        const paid = issued + paidAfter
        const lines = measured(
          [
            posted(dateOf(issued), 'i', [
              debit('accounts_receivable', amount, of('i')),
              credit('contract_position', amount, of('i')),
            ]),
            posted(dateOf(paid), 'p', [
              debit('bank_clearing', amount),
              credit('accounts_receivable', amount, of('i')),
            ]),
          ],
          rates,
        )
        const all = closes.reduce((before, month) => closed(before, month, rates), lines)
        const exact = cents(amount, subtract(rateOf(rates, paid), rateOf(rates, issued)))
        expect(distance(-balanceOn(all, 'fx_gain_loss'), exact)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('is the same with any split of the payment on that day, within a unit for each part', () => {
    const partsArb = fc.array(fc.bigInt(1n, 1_000_000n), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(partsArb, dayArb, ratesArb, (parts, paid, rates) => {
        const amount = sum(parts)
        const lines = measured(
          [
            posted(dateOf(0), 'i', [
              debit('accounts_receivable', amount, of('i')),
              credit('contract_position', amount, of('i')),
            ]),
            ...parts.map((part, place) =>
              posted(dateOf(paid), `p${place}`, [
                debit('bank_clearing', part),
                credit('accounts_receivable', part, of('i')),
              ]),
            ),
          ],
          rates,
        )
        const exact = cents(amount, subtract(rateOf(rates, paid), rateOf(rates, 0)))
        expect(distance(-balanceOn(lines, 'fx_gain_loss'), exact)).toBeLessThanOrEqual(1 + parts.length / 2)
        expect(balanceOn(lines, 'accounts_receivable')).toBe(0n)
      }),
    )
  })
})

it('revenue of an advance is what the advance was worth, in any portions on any days', () => {
  const portionsArb = fc.array(fc.record({ day: dayArb, amount: amountArb }), { minLength: 1, maxLength: 10 })
  fc.assert(
    fc.property(portionsArb, ratesArb, (portions, rates) => {
      const total = sum(portions.map(({ amount }) => amount))
      const lines = measured(
        [
          posted(FIRST_DAY, 'i', [
            debit('accounts_receivable', total, of('i')),
            credit('contract_position', total, of('i')),
          ]),
          ...portions.map(({ day, amount }, place) =>
            posted(dateOf(day), `r${place}`, [
              debit('contract_position', amount, of('i')),
              credit('revenue', amount, of('i')),
            ]),
          ),
        ],
        rates,
      )
      expect(-balanceOn(lines, 'revenue')).toBe(balanceOn(lines, 'accounts_receivable'))
      expect(balanceOn(lines, 'contract_position')).toBe(0n)
      expect(balanceOn(lines, 'fx_gain_loss')).toBe(0n)
    }),
  )
})
