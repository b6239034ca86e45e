import { array, assert, bigInt, constantFrom, property, record } from 'fast-check'
import { expect, it } from 'vitest'
import { type LineReversal, reverseLine } from '../../../src/invoicing/corrections/line-reversal.ts'
import { lossOf, taxesUnpaid } from '../../../src/invoicing/corrections/tax-relief.ts'
import { planWriteOff } from '../../../src/invoicing/corrections/write-off.ts'
import type { Invoice, InvoiceLine } from '../../../src/invoicing/invoice.ts'
import { formatMoney, sum } from '../../../src/kernel/money.ts'
import { invoiceOf, lineOf, paidBy } from '../documents/issued.ts'

const vat = (percent: string, tax: bigint) => ({
  ...{ name: 'VAT', percent, inclusive: false, reason: null, note: null },
  tax: formatMoney(tax, 'EUR'),
})

const taxed = (id: string, netAmount: bigint, percent: string, tax: bigint): InvoiceLine =>
  lineOf({ id, netAmount, taxes: [vat(percent, tax)] })

/** With the taxes of its lines, added up by their percentages. */
function mixed(lines: InvoiceLine[]): Invoice {
  const byPercent = Map.groupBy(lines, ({ taxes }) => taxes[0]!.percent)
  const taxes = [...byPercent].map(([percent, own]) => ({
    ...vat(percent, sum(own.map(taxOf))),
    taxable: formatMoney(sum(own.map(({ netAmount }) => netAmount)), 'EUR'),
  }))
  return { ...invoiceOf(lines), taxes }
}

const taxOf = ({ taxes }: Pick<InvoiceLine, 'taxes'>) => BigInt(taxes[0]!.tax.replace('.', ''))

/** Credits so much of each line, of its first part. */
const credited = (lines: readonly InvoiceLine[], amounts: readonly bigint[]): LineReversal[] =>
  lines.flatMap((line, place) => {
    const amount = amounts[place] ?? 0n
    const source = { cause: 'credit_note' as const, sourceId: 'crn', invoiceId: 'inv_1', currency: 'EUR' }
    const taken = { line, amount, serviceStart: line.serviceStart, serviceEnd: line.serviceEnd }
    return amount > 0n ? [reverseLine(taken, [], { ...source, bookedFrom: '2026-02-01' }, place + 1)] : []
  })

const creditOf = (reversals: readonly LineReversal[]) => sum(reversals.map(({ amount, tax }) => amount + tax))

const books = taxed('books', 10_000n, '7', 700n)
const seats = taxed('seats', 10_000n, '19', 1_900n)

it.each([
  // 226.00 are open.
  ['nothing', [], 0n, { 7: ['100.00', '7.00'], 19: ['100.00', '19.00'] }],
  // 107.00 are open; by 26.00 of 226.00 it would be 12.31.
  ['all of the seats', [0n, 10_000n], 0n, { 7: ['100.00', '7.00'], 19: ['0.00', '0.00'] }],
  // 226.00 less 59.50 are 166.50, half of it open: half of 7.00 on 100.00, and of 9.50 on 50.00.
  ['half of the seats', [0n, 5_000n], 8_325n, { 7: ['50.00', '3.50'], 19: ['25.00', '4.75'] }],
])('gives back the tax that is left, where %s is credited', (_, amounts, paid, expected) => {
  const reversals = credited([books, seats], amounts)
  const owed = 22_600n - creditOf(reversals)
  const relief = taxesUnpaid(mixed([books, seats]), reversals, { open: owed - paid, owed })
  expect(Object.fromEntries(relief.map(({ percent, taxable, tax }) => [percent, [taxable, tax]]))).toEqual(
    expected,
  )
})

it('a write-off posts it, and keeps it for what is recovered', () => {
  const reversals = credited([books, seats], [0n, 10_000n])
  const note = paidBy('crn', 11_900n, { kind: 'credit_note', paymentId: null, creditNoteId: 'crn' })
  const { entries, allocations } = planWriteOff({
    ...{ invoice: mixed([books, seats]), reversals, allocations: [note], reason: 'Insolvent' },
    ...{ taxRelief: true, today: '2026-02-01', actor: 'finance', now: 5 },
  })
  expect(entries[0]!.postings.map(({ account, amount }) => [account, amount])).toEqual([
    ['tax_payable', 700n],
    ['bad_debt_expense', 10_000n],
    ['accounts_receivable', -10_700n],
  ])
  expect(lossOf(allocations[0]!, 'EUR')).toEqual({ total: 10_700n, totalTax: 700n })
})

it('credit notes and relief together give back each tax to the cent, where nothing was paid', () => {
  const line = record({
    net: bigInt(1n, 99_999n),
    percent: constantFrom(0n, 7n, 19n),
    part: bigInt(0n, 100n),
  })
  assert(
    property(array(line, { minLength: 1, maxLength: 6 }), (drawn) => {
      const lines = drawn.map(({ net, percent }, place) =>
        taxed(`${place}`, net, `${percent}`, (net * percent + 50n) / 100n),
      )
      const invoice = mixed(lines)
      const reversals = credited(
        lines,
        drawn.map(({ net, part }) => (net * part) / 100n),
      )
      const owed = invoice.total - creditOf(reversals)
      if (owed === 0n) return
      const relief = taxesUnpaid(invoice, reversals, { open: owed, owed })
      for (const whole of invoice.taxes) {
        const isOwn = (one: { percent: string }) => one.percent === whole.percent
        const back = [...reversals.flatMap(({ taxes }) => taxes), ...relief].filter(isOwn)
        expect(sum(back.map((one) => taxOf({ taxes: [one] })))).toBe(taxOf({ taxes: [whole] }))
      }
    }),
  )
})
