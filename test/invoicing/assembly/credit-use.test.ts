import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ContractTerms } from '../../../src/contracts/contract.ts'
import type { CreditGrant } from '../../../src/credits/grant.ts'
import { balanceOf, untouched } from '../../../src/credits/movement.ts'
import { creditAllocations } from '../../../src/invoicing/assembly/credit-use.ts'
import { type CyclePlan, planCycleClose } from '../../../src/invoicing/cycle/cycle-close.ts'
import { sum } from '../../../src/kernel/money.ts'
import { grantOf, paidGrant } from '../../credits/grants.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { BUYER, closing, flat } from '../closing.ts'

/** 100.00 a month for seats and 30.00 for set-up, at 8 % tax. */
const PRODUCTS = [sold('seats', flat('100.00')), sold('setup', flat('30.00'))]
const planned = (grants: CreditGrant[], more: Partial<ContractTerms> = {}, products = PRODUCTS): CyclePlan =>
  planCycleClose(
    closing(termsOf(products, { tax_percent: '8', ...more }), 0, { wallet: grants.map(untouched) }),
  )
const SEATS = [sold('seats', flat('100.00'))]

const amounts = ({ invoices }: CyclePlan) =>
  invoices.map(({ subTotal, totalDiscount, totalTax, total, creditsAmount }) => [
    subTotal,
    totalDiscount,
    totalTax,
    total,
    creditsAmount,
  ])
const allocated = (plan: CyclePlan) =>
  creditAllocations(plan.burnt).map(({ grantId, amount }) => [grantId, amount])
const creditPostings = (plan: CyclePlan) =>
  plan.entries
    .filter(({ event }) => event === 'credit_burnt')
    .flatMap(({ postings }) => postings.map(({ account, amount }) => [account, amount]))

describe('credit on an invoice', () => {
  it('after tax pays the total and leaves the tax whole: 108.00 less 100.00 are due', () => {
    const plan = planned([paidGrant()], {}, SEATS)
    expect(amounts(plan)).toEqual([[10_000n, 0n, 800n, 10_800n, 10_000n]])
    expect(allocated(plan)).toEqual([['g', 10_000n]])
    expect(creditPostings(plan)).toEqual([
      ['customer_credit', 10_000n],
      ['accounts_receivable', -10_000n],
    ])
    expect(plan.invoices[0]!.creditsUsed).toMatchObject([{ ref: 'g', amount: '100.00', before_tax: false }])
  })

  it('before tax lowers what is taxed: 100.00 less 60.00 are 40.00, and 3.20 tax', () => {
    const plan = planned([grantOf({ amount: 6_000n, beforeTax: true })], {}, SEATS)
    expect(amounts(plan)).toEqual([[10_000n, 6_000n, 320n, 4_320n, 0n]])
    expect(allocated(plan)).toEqual([])
    expect(creditPostings(plan)).toEqual([])
    expect(plan.wallet.map(balanceOf)).toEqual([0n])
  })

  it('before tax and after tax: 60.00 off the price, and 43.20 paid by the other', () => {
    const plan = planned(
      [paidGrant({ ref: 'paid', priority: 0 }), grantOf({ ref: 'gift', amount: 6_000n, beforeTax: true })],
      {},
      SEATS,
    )
    expect(amounts(plan)).toEqual([[10_000n, 6_000n, 320n, 4_320n, 4_320n]])
    expect(plan.wallet.map((state) => [state.grant.ref, balanceOf(state)])).toEqual([
      ['paid', 5_680n],
      ['gift', 0n],
    ])
  })

  it('of one product pays for its lines with their tax: 30.00 and 8 % of it are 32.40', () => {
    const plan = planned([paidGrant({ productRefs: ['setup'] })])
    expect(amounts(plan)).toEqual([[13_000n, 0n, 1_040n, 14_040n, 3_240n]])
  })

  it('that one invoice leaves is for the next one of the same plan', () => {
    const plan = planned([paidGrant({ amount: 12_000n })], { invoicing: 'per_product' })
    // 108.00 of seats, and 12.00 of the 32.40 of the set-up.
    expect(amounts(plan).map((row) => row[4])).toEqual([10_800n, 1_200n])
    expect(plan.burnt.map(({ moved }) => moved.movement.sequence)).toEqual([1, 2])
    expect(plan.wallet.map(balanceOf)).toEqual([0n])
  })

  it('never pays more than a total of rounded tax: 8 lines of 0.01 at 40 % are 0.11', () => {
    const cents = Array.from({ length: 8 }, () => sold('setup', flat('0.014')))
    const plan = planned([paidGrant()], { tax_percent: '40' }, cents)
    // 0.08 and 0.032, rounded once to 0.03.
    expect(amounts(plan)).toEqual([[8n, 0n, 3n, 11n, 11n]])
  })

  it('that covers all leaves nothing to charge a card with', () => {
    const terms = termsOf(SEATS, { auto_charge: true })
    const buyer = { ...BUYER, stripePaymentMethodId: 'pm_1' }
    const topicsWith = (amount: bigint) =>
      planCycleClose(closing(terms, 0, { buyer, wallet: [untouched(paidGrant({ amount }))] })).effects.map(
        ({ topic }) => topic,
      )
    expect(topicsWith(10_000n)).toEqual(['invoice_issued_mail'])
    expect(topicsWith(9_999n)).toEqual(['invoice_issued_mail', 'charge_card'])
  })

  const anyGrant = fc.record({
    ref: fc.string({ minLength: 1, maxLength: 4 }),
    amount: fc.bigInt({ min: 1n, max: 9_000n }),
    beforeTax: fc.boolean(),
    productRefs: fc.option(fc.constantFrom<string[]>(['seats'], ['setup'])),
    kind: fc.constantFrom('paid' as const, 'promotional' as const),
  })
  it('leaves an amount due of nothing or more, and accounts for every cent', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyGrant, { maxLength: 5, selector: ({ ref }) => ref }),
        fc.constantFrom('collective' as const, 'per_product' as const),
        (fields, invoicing) => {
          const grants = fields.map((more) => (more.kind === 'paid' ? paidGrant(more) : grantOf(more)))
          const plan = planned(grants, { invoicing })
          for (const { total, creditsAmount, subTotal, totalDiscount, totalTax } of plan.invoices) {
            expect(total).toBe(subTotal - totalDiscount + totalTax)
            expect(creditsAmount).toBeGreaterThanOrEqual(0n)
            expect(creditsAmount).toBeLessThanOrEqual(total)
          }
          const sumOf = (name: 'totalDiscount' | 'creditsAmount') =>
            sum(plan.invoices.map((invoice) => invoice[name]))
          const burnt = (beforeTax: boolean) =>
            sum(plan.wallet.filter(({ grant }) => grant.beforeTax === beforeTax).map((state) => state.burnt))
          expect(burnt(true)).toBe(sumOf('totalDiscount'))
          expect(burnt(false)).toBe(sumOf('creditsAmount'))
          expect(sum(allocated(plan).map(([, amount]) => amount as bigint))).toBe(sumOf('creditsAmount'))
        },
      ),
    )
  })
})
