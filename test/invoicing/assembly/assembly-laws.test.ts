import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AgreedDiscount } from '../../../src/contracts/contract.ts'
import type { ContractTax } from '../../../src/contracts/terms/tax-terms.ts'
import { untouched } from '../../../src/credits/movement.ts'
import { netByMonth } from '../../../src/invoicing/assembly/net-by-month.ts'
import { type CyclePlan, planCycleClose } from '../../../src/invoicing/cycle/cycle-close.ts'
import type { Invoice, InvoiceLine } from '../../../src/invoicing/invoice.ts'
import { formatMoney, type Minor, parseMoney, sum } from '../../../src/kernel/money.ts'
import { grantOf } from '../../credits/grants.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { CALLS, closing, flat, SELLER, sealed, unit, usage } from '../closing.ts'

const cents = (most: number) =>
  fc.integer({ min: 0, max: most }).map((amount) => formatMoney(BigInt(amount), 'USD'))
const rate = fc.constantFrom('0', '5', '7', '9.975', '19', '40')
const taxes = fc.tuple(rate, rate, fc.boolean()).map(([first, second, inclusive]): ContractTax[] => [
  { name: 'first', percent: first, inclusive, reason: null, note: null },
  { name: 'second', percent: second, inclusive: false, reason: null, note: null },
])
const discount = fc
  .record({
    type: fc.constantFrom('percent' as const, 'fixed' as const),
    value: fc.integer({ min: 0, max: 60 }).map(String),
    products: fc.constantFrom<string[] | null>(null, ['seats'], ['calls', 'storage']),
    cycles: fc.constantFrom(null, 1),
  })
  .map((one): AgreedDiscount => ({ name: 'Discount', from: null, until: null, ...one }))
const grant = fc.record({
  amount: fc.bigInt({ min: 1n, max: 200_00n }),
  beforeTax: fc.boolean(),
  productRefs: fc.constantFrom<string[] | null>(null, ['seats'], ['calls']),
})

const agreement = fc.record({
  seats: cents(300_00),
  support: cents(90_00),
  storagePrice: cents(2_00),
  calls: fc.integer({ min: 1, max: 3_000 }),
  lateCalls: fc.integer({ min: 0, max: 200 }),
  taxes,
  own: fc.option(taxes, { nil: undefined }),
  rounding: fc.constantFrom('per_rate' as const, 'per_invoice' as const, 'per_line' as const),
  entity: fc.constantFrom('half_up' as const, 'half_even' as const),
  discounts: fc.array(discount, { maxLength: 4 }),
  grants: fc.array(grant, { maxLength: 3 }),
})
type Agreement = typeof agreement extends fc.Arbitrary<infer T> ? T : never

/** Boundary 2 of a contract: two kinds of usage, a fee in arrears, the next one in advance, and calls that came late. */
function closed(agreed: Agreement): CyclePlan {
  const terms = termsOf(
    [
      sold('calls', CALLS, { taxes: agreed.own }),
      sold('storage', unit(agreed.storagePrice)),
      sold('support', flat(agreed.support, 'in_arrears')),
      sold('seats', flat(agreed.seats)),
    ],
    { taxes: agreed.taxes, tax_rounding: agreed.rounding, discounts: agreed.discounts },
  )
  const used = [
    usage('calls', { '2026-02': String(agreed.calls), '2026-03': '17' }),
    usage('storage', { '2026-02': '3.3' }),
  ]
  const late = [{ cycleNo: 1, ...usage('calls', { '2026-01': String(agreed.lateCalls) }) }]
  return planCycleClose(
    closing(terms, 2, {
      seller: { ...SELLER, rounding: agreed.entity },
      sealed: sealed(2, used, late),
      billed: [
        { productRef: 'calls', cycleNo: 1, quantity: '100', amount: 10_00n, byMonth: { '2026-01': 10_00n } },
      ],
      wallet: agreed.grants.map((one, place) => untouched(grantOf({ ref: `g${place}`, ...one }))),
    }),
  )
}

const minor = (text: string): Minor => parseMoney(text, 'USD')!
const taxOf = ({ taxes }: InvoiceLine): Minor => sum(taxes.map((tax) => minor(tax.tax)))
const onTopOf = ({ taxes }: InvoiceLine): Minor =>
  sum(taxes.filter((tax) => !tax.inclusive).map((tax) => minor(tax.tax)))
const lawful = (check: (invoice: Invoice, plan: CyclePlan, agreed: Agreement) => void) =>
  fc.assert(
    fc.property(agreement, (agreed) => {
      const plan = closed(agreed)
      for (const invoice of plan.invoices) check(invoice, plan, agreed)
    }),
    { numRuns: 200 },
  )

describe('every issued invoice', () => {
  it('adds up: its lines to its totals, its discounts and its taxes', () => {
    lawful((invoice) => {
      const { lines, subTotal, totalDiscount, totalTax, total } = invoice
      expect(sum(lines.map((line) => line.amount))).toBe(subTotal)
      expect(sum(lines.map((line) => line.discount))).toBe(totalDiscount)
      expect(sum(lines.map((line) => line.netAmount))).toBe(total - totalTax)
      expect(sum(lines.map(taxOf))).toBe(totalTax)
      expect(sum(lines.map((line) => line.netAmount + taxOf(line)))).toBe(total)
      expect(sum(invoice.taxes.map(({ tax }) => minor(tax)))).toBe(totalTax)
      expect(sum(invoice.discounts.map(({ amount }) => minor(amount)))).toBe(
        totalDiscount -
          sum(invoice.creditsUsed.filter((use) => use.before_tax).map(({ amount }) => minor(amount))),
      )
      for (const line of lines)
        expect(line.netAmount + taxOf(line)).toBe(line.amount - line.discount + onTopOf(line))
    })
  })

  it('splits no part beyond its line, and none below zero', () => {
    lawful(({ lines }) => {
      for (const line of lines.filter(({ amount }) => amount >= 0n)) {
        expect(line.discount >= 0n && line.discount <= line.amount).toBe(true)
        expect(taxOf(line) >= 0n && line.netAmount >= 0n).toBe(true)
      }
    })
  })

  it('is not below zero, and credit takes no more than there is', () => {
    lawful((invoice, { wallet, burnt }, { grants }) => {
      expect(invoice.total >= invoice.creditsAmount && invoice.creditsAmount >= 0n).toBe(true)
      expect(sum(invoice.creditsUsed.map(({ amount }) => minor(amount)))).toBe(
        sum(burnt.map(({ moved }) => moved.movement.amount)),
      )
      const granted = sum(grants.map(({ amount }) => amount))
      const left = sum(wallet.map(({ grant, burnt: used }) => grant.amount - used))
      expect(left + sum(burnt.map(({ moved }) => moved.movement.amount))).toBe(granted)
    })
  })

  it('is posted as it is billed: the position takes the net of each line, and entries balance', () => {
    lawful((invoice, { entries }) => {
      const issued = entries.find(({ event }) => event === 'invoice_issued')?.postings ?? []
      const of = (account: string) =>
        -sum(issued.filter((posting) => posting.account === account).map(({ amount }) => amount))
      expect(of('contract_position')).toBe(invoice.total - invoice.totalTax)
      expect(of('tax_payable')).toBe(invoice.totalTax)
      expect(of('accounts_receivable')).toBe(-invoice.total)
      for (const { postings } of entries) expect(sum(postings.map(({ amount }) => amount))).toBe(0n)
    })
  })

  it('is earned as it is billed: the months of use have the net of their line', () => {
    lawful(({ lines }) => {
      for (const line of lines.filter(({ usageByMonth }) => Object.keys(usageByMonth).length > 0))
        expect(sum(Object.values(netByMonth(line)).map(BigInt))).toBe(line.netAmount)
    })
  })

  it('is within half a cent for each rounding of the exact total', () => {
    // Rounded are each line, each discount and each tax; on every line where tax is rounded so.
    lawful((invoice, _, agreed) => {
      const { lines } = invoice
      const rates = lines.flatMap(({ taxes }) => taxes).length
      const roundings =
        lines.length +
        agreed.discounts.length +
        (agreed.rounding === 'per_line' ? rates : invoice.taxes.length)
      const taxed = lines.map((line) => {
        const kept = Number(line.amount - line.discount)
        const [inclusive] = line.taxes.filter((one) => one.inclusive)
        const net = kept / (1 + Number(inclusive?.percent ?? 0) / 100)
        const top = line.taxes.filter((one) => !one.inclusive)
        return kept + top.reduce((all, { percent }) => all + (net * Number(percent)) / 100, 0)
      })
      const exact = taxed.reduce((all, amount) => all + amount, 0)
      // A line's share of a discount is shown rounded, and taxed exactly: a cent of it at 80 % tax at most.
      const shown = lines.length * 0.8
      expect(Math.abs(Number(invoice.total) - exact)).toBeLessThanOrEqual(0.5 * roundings + shown + 1e-6)
    })
  })
})
