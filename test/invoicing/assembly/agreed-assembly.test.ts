import { describe, expect, it } from 'vitest'
import type { AgreedDiscount, ContractTerms } from '../../../src/contracts/contract.ts'
import type { ContractTax } from '../../../src/contracts/terms/tax-terms.ts'
import { untouched } from '../../../src/credits/movement.ts'
import type { CustomerCredit } from '../../../src/invoicing/assembly/agreed-assembly.ts'
import { assembleInvoice } from '../../../src/invoicing/assembly/invoice-assembly.ts'
import { type CycleCloseInput, planCycleClose } from '../../../src/invoicing/cycle/cycle-close.ts'
import { issueEntries } from '../../../src/invoicing/cycle/issue-entry.ts'
import type { Invoice } from '../../../src/invoicing/invoice.ts'
import { formatMoney, type Minor } from '../../../src/kernel/money.ts'
import { grantOf } from '../../credits/grants.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { BUYER, billed, closing, flat, PRODUCTS, SELLER, sealed, unit, usage } from '../closing.ts'

const tax = (name: string, percent: string, more: Partial<ContractTax> = {}): ContractTax => ({
  name,
  percent,
  inclusive: false,
  reason: null,
  note: null,
  ...more,
})
const off = (more: Partial<AgreedDiscount> & Pick<AgreedDiscount, 'type' | 'value'>): AgreedDiscount => ({
  name: 'Discount',
  products: null,
  from: null,
  until: null,
  cycles: null,
  ...more,
})
const percent = (value: string, more: Partial<AgreedDiscount> = {}) =>
  off({ type: 'percent', value, ...more })
const fixed = (value: string, more: Partial<AgreedDiscount> = {}) => off({ type: 'fixed', value, ...more })

const money = (amount: Minor) => formatMoney(amount, 'USD')
const list = (amounts: Minor[]) => amounts.map(money).join(' ')

/** The figures of an invoice in major units; those of its lines in one text. */
const figures = ({ lines, ...invoice }: Invoice) => ({
  subTotal: money(invoice.subTotal),
  off: money(invoice.totalDiscount),
  tax: money(invoice.totalTax),
  total: money(invoice.total),
  discounts: list(lines.map((line) => line.discount)),
  nets: list(lines.map((line) => line.netAmount)),
  taxes: invoice.taxes.map((one) => `${one.name} ${one.taxable} ${one.tax}`).join(', '),
  lineTaxes: lines.map((line) => line.taxes.map((one) => one.tax).join('+')).join(' '),
})

const issued = (terms: ContractTerms, boundary = 0, more: Partial<CycleCloseInput> = {}) =>
  figures(planCycleClose(closing(terms, boundary, more)).invoices[0]!)

/** Fees in advance of products that `PRODUCTS` knows, one after the other. */
const fees = (...amounts: string[]) =>
  amounts.map((amount, place) => sold(['seats', 'support'][place % 2]!, flat(amount)))

describe('taxes of a contract', () => {
  it.each([
    // 9.99 × 0.19 = 1.8981.
    { rounding: undefined, tax: '1.90', lineTaxes: '0.64 0.63 0.63' },
    { rounding: 'per_invoice' as const, tax: '1.90', lineTaxes: '0.64 0.63 0.63' },
    // 3.33 × 0.19 = 0.6327, so 0.63 three times.
    { rounding: 'per_line' as const, tax: '1.89', lineTaxes: '0.63 0.63 0.63' },
  ])('3 × 3.33 at 19 %, rounded $rounding: $tax', ({ rounding, ...expected }) => {
    const terms = termsOf(fees('3.33', '3.33', '3.33'), { tax_percent: '19', tax_rounding: rounding })
    expect(issued(terms)).toMatchObject(expected)
  })

  it('are each computed on the net amount, and never on one another', () => {
    // 100.00 × 5 % = 5.00 and 100.00 × 9.975 % = 9.975, so 9.98.
    const taxes = [tax('GST', '5'), tax('QST', '9.975')]
    expect(issued(termsOf(fees('100.00'), { taxes }))).toMatchObject({
      taxes: 'GST 100.00 5.00, QST 100.00 9.98',
      lineTaxes: '5.00+9.98',
      total: '114.98',
    })
  })

  it('are taken out of prices that contain them, and the gross stays', () => {
    // 119.00 / 1.19 = 100.00. 10.00 × 0.19 / 1.19 = 1.5966…, so 1.60 and 8.40.
    const taxes = [tax('VAT', '19', { inclusive: true })]
    expect(issued(termsOf(fees('119.00'), { taxes }))).toMatchObject({
      taxes: 'VAT 100.00 19.00',
      nets: '100.00',
      total: '119.00',
    })
    expect(issued(termsOf(fees('10.00'), { taxes }))).toMatchObject({
      tax: '1.60',
      nets: '8.40',
      total: '10.00',
    })
  })

  it('follow the tax code of a product, and a product may have its own or none', () => {
    // Seats have the code `saas`: 100.00 × 4 %. Support has its own 7 %: 50.00 × 7 % = 3.50. Setup has none.
    const products = new Map(
      [...PRODUCTS].map(([ref, one]) => [ref, { ...one, taxCode: ref === 'seats' ? 'saas' : null }]),
    )
    const terms = termsOf(
      [
        sold('seats', flat('100.00')),
        sold('support', flat('50.00'), { taxes: [tax('Food tax', '7')] }),
        sold('setup', flat('30.00')),
      ],
      { taxes: [tax('NY', '4', { tax_codes: ['saas'] })] },
    )
    expect(issued(terms, 0, { products })).toMatchObject({
      taxes: 'NY 100.00 4.00, Food tax 50.00 3.50',
      lineTaxes: '4.00 3.50 ',
      total: '187.50',
    })
  })

  it('name a reverse charge with its words', () => {
    const note = 'Steuerschuldnerschaft des Leistungsempfängers'
    const [invoice] = planCycleClose(
      closing(termsOf(fees('50.00'), { taxes: [tax('VAT', '0', { reason: 'reverse_charge', note })] }), 0),
    ).invoices
    expect(invoice!.taxes).toEqual([
      {
        name: 'VAT',
        percent: '0',
        inclusive: false,
        reason: 'reverse_charge',
        note,
        taxable: '50.00',
        tax: '0.00',
      },
    ])
  })

  it('are rounded as the seller rounds', () => {
    // 0.50 × 5 % = 0.025: up 0.03, to the even cent 0.02.
    const terms = termsOf(fees('0.50'), { tax_percent: '5' })
    expect(issued(terms)).toMatchObject({ tax: '0.03' })
    expect(issued(terms, 0, { seller: { ...SELLER, rounding: 'half_even' } })).toMatchObject({ tax: '0.02' })
  })
})

describe('discounts of a contract', () => {
  it.each([
    // 10 % of 100.00, then 50.00, whatever the order they were agreed in.
    {
      name: 'percent before fixed',
      amounts: ['100.00'],
      discounts: [fixed('50'), percent('10')],
      off: '60.00',
    },
    // 10 %, then 25 % of 90.00.
    {
      name: 'percents compound',
      amounts: ['100.00'],
      discounts: [percent('10'), percent('25')],
      off: '32.50',
    },
    // 50.00 off the seats leaves 10.00 + 40.00; 50 % of that.
    {
      name: 'products before the invoice',
      amounts: ['60.00', '40.00'],
      discounts: [percent('50'), fixed('50', { products: ['seats'] })],
      off: '75.00',
      discounts_: '55.00 20.00',
    },
    // 1.00 over 3.33, 3.33 and 3.34: 0.333, 0.333, 0.334.
    {
      name: 'by largest remainder',
      amounts: ['3.33', '3.33', '3.34'],
      discounts: [fixed('1')],
      off: '1.00',
      discounts_: '0.33 0.33 0.34',
    },
    {
      name: 'down to nothing at most',
      amounts: ['30.00'],
      discounts: [fixed('20'), fixed('20')],
      off: '30.00',
    },
  ])('$name: $off', ({ amounts, discounts, off, discounts_ }) => {
    const result = issued(termsOf(fees(...amounts), { discounts }))
    expect(result.off).toBe(off)
    if (discounts_ !== undefined) expect(result.discounts).toBe(discounts_)
  })

  it('lower what is taxed and what becomes revenue', () => {
    // 200.00 − 10 % = 180.00; 19 % of it are 34.20.
    const terms = termsOf(fees('120.00', '80.00'), { tax_percent: '19', discounts: [percent('10')] })
    expect(issued(terms)).toEqual({
      subTotal: '200.00',
      off: '20.00',
      tax: '34.20',
      total: '214.20',
      discounts: '12.00 8.00',
      nets: '108.00 72.00',
      taxes: 'Tax 180.00 34.20',
      lineTaxes: '20.52 13.68',
    })
  })

  it('hold for so many cycles of service, though fees in advance are invoiced a boundary earlier', () => {
    // 50 % in two cycles. Boundary 0: seats of cycle 1. Boundary 1: calls of cycle 1, seats of cycle 2. Boundary 2: calls
    // of cycle 2, and seats of cycle 3 in full. Boundary 3: nothing.
    const terms = termsOf([sold('calls', unit('1')), sold('seats', flat('100.00'))], {
      discounts: [percent('50', { cycles: 2 })],
    })
    const calls = (n: number) => ({ sealed: sealed(n, [usage('calls', { [`2026-0${n}`]: '10' })]) })
    expect([
      issued(terms).discounts,
      issued(terms, 1, calls(1)).discounts,
      issued(terms, 2, calls(2)).discounts,
      issued(terms, 3, calls(3)).discounts,
    ]).toEqual(['50.00', '5.00 50.00', '5.00 0.00', '0.00 0.00'])
  })

  it('hold from a day on until another, by the day that service begins', () => {
    const terms = termsOf(fees('100.00'), {
      discounts: [percent('10', { from: '2026-02-01', until: '2026-03-01' })],
    })
    expect([0, 1, 2].map((boundary) => issued(terms, boundary).off)).toEqual(['0.00', '10.00', '0.00'])
  })

  it('take a fixed amount off each invoice of so many cycles, once', () => {
    // Boundary 1 has the calls of cycle 1 and the seats of cycle 2: that is the second invoice, and one discount.
    const terms = termsOf([sold('calls', unit('1')), sold('seats', flat('100.00'))], {
      discounts: [fixed('30', { cycles: 2 })],
    })
    const calls = (n: number) => ({ sealed: sealed(n, [usage('calls', { [`2026-0${n}`]: '10' })]) })
    expect([issued(terms).off, issued(terms, 1, calls(1)).off, issued(terms, 2, calls(2)).off]).toEqual([
      '30.00',
      '30.00',
      '0.00',
    ])
  })

  it('of the whole invoice for some of its lines come after those of products', () => {
    // Calls of cycle 1: 60.00 − 10.00 = 50.00, and 50 % of that. Seats of cycle 2 in full.
    const terms = termsOf([sold('calls', unit('1')), sold('seats', flat('100.00'))], {
      discounts: [percent('50', { cycles: 1 }), fixed('10', { products: ['calls'] })],
    })
    const sealedUsage = sealed(1, [usage('calls', { '2026-01': '60' })])
    expect(issued(terms, 1, { sealed: sealedUsage })).toMatchObject({ discounts: '35.00 0.00', off: '35.00' })
  })
})

describe('corrections of earlier usage', () => {
  const terms = (more: Partial<ContractTerms> = {}) =>
    termsOf([sold('calls', unit('1')), sold('seats', flat('100.00'))], more)
  const corrected = (quantity: string) =>
    sealed(3, [], [{ cycleNo: 1, ...usage('calls', { '2026-01': quantity }) }])
  const before = billed('calls', 1, '50', { '2026-01': 5000n })

  it('give back as little as was paid, by the discount of their cycle', () => {
    // 50 calls were billed with 50 % off; 30 would have been right: −20.00, of which the discount was 10.00.
    const result = issued(terms({ discounts: [percent('50', { cycles: 1 })] }), 3, {
      sealed: corrected('30'),
      billed: [before],
    })
    expect(result).toMatchObject({ nets: '100.00 -10.00', discounts: '0.00 -10.00', off: '-10.00' })
  })

  it('bear the taxes of the line that they correct', () => {
    // 19 % on −20.00 are −3.80; the seats bear 16 % by now: 16.00.
    const { tax_codes: _, ...then } = tax('VAT', '19')
    const result = issued(terms({ taxes: [tax('VAT', '16')] }), 3, {
      sealed: corrected('30'),
      billed: [{ ...before, taxes: [then] }],
    })
    expect(result).toMatchObject({ lineTaxes: '16.00 -3.80', total: '92.20' })
  })

  it('get no fixed discount again', () => {
    // 70 calls in place of 50: 20.00 more, beside seats of 100.00 less 30.00.
    const result = issued(terms({ discounts: [fixed('30')] }), 3, {
      sealed: corrected('70'),
      billed: [before],
    })
    expect(result).toMatchObject({ discounts: '30.00 0.00' })
  })

  it('wait where discounts leave too little for them', () => {
    // 50.00 less is not beyond 100.00, but beyond what 90 % off leaves of it.
    const plan = planCycleClose(
      closing(terms({ discounts: [percent('90', { products: ['seats'] })] }), 3, {
        sealed: corrected('0'),
        billed: [before],
      }),
    )
    expect(plan.invoices.map((invoice) => money(invoice.total))).toEqual(['10.00'])
    expect(plan.heldBack).toHaveLength(1)
  })
})

describe('true-ups', () => {
  it('look at fees before discounts, and bear the tax of their product', () => {
    // 80.00 of usage leave 20.00 of 100.00; half off both; support is taxed with 10 % on 10.00, the calls not at all.
    const terms = termsOf(
      [sold('calls', unit('1'), { taxes: [] }), sold('support', flat('0'), { taxes: [tax('VAT', '10')] })],
      {
        discounts: [percent('50')],
        commitments: [
          {
            amount: '100',
            period: 'cycle',
            true_up: true,
            overage_factor: '1',
            product_ref: 'support',
            start_date: '2026-01-01',
            end_date: null,
          },
        ],
      },
    )
    const [invoice] = planCycleClose(
      closing(terms, 1, { sealed: sealed(1, [usage('calls', { '2026-01': '80' })]) }),
    ).invoices
    const trueUp = invoice!.lines.find(({ kind }) => kind === 'true_up')!
    expect([trueUp.amount, trueUp.netAmount, trueUp.taxes[0]?.tax]).toEqual([2000n, 1000n, '1.00'])
    expect(money(invoice!.total)).toBe('51.00')
  })
})

describe('credit of the customer', () => {
  const invoiceWith = (credits: CustomerCredit[]) => {
    const { contract, products } = closing(termsOf(fees('100.00'), { tax_percent: '8' }), 0)
    const [charge] = planCycleClose(closing(contract.terms, 0)).invoices[0]!.lines
    const { taxes: _, ...line } = charge!
    const basis = { contract, products, seller: SELLER, buyer: BUYER, now: 0, credits }
    return assembleInvoice(basis, [line], '', 1)
  }
  const credit = (ref: string, amount: Minor, beforeTax: boolean) => ({ ref, name: ref, amount, beforeTax })

  it('pays after tax and leaves the tax whole', () => {
    // 100.00 + 8 % = 108.00, less 100.00.
    const invoice = invoiceWith([credit('paid', 100_00n, false)])
    expect(figures(invoice)).toMatchObject({ tax: '8.00', total: '108.00', nets: '100.00' })
    expect(invoice).toMatchObject({
      creditsAmount: 100_00n,
      creditsUsed: [{ ref: 'paid', name: 'paid', amount: '100.00', before_tax: false }],
    })
  })

  it('lowers what is taxed where it comes before tax, and is used no further than there is to pay', () => {
    // 100.00 − 40.00 = 60.00, 8 % are 4.80: 64.80, of which 200.00 of credit pays all.
    const invoice = invoiceWith([credit('paid', 200_00n, false), credit('promo', 40_00n, true)])
    expect(figures(invoice)).toMatchObject({ off: '40.00', tax: '4.80', total: '64.80', nets: '60.00' })
    expect(invoice.creditsUsed.map(({ ref, amount }) => [ref, amount])).toEqual([
      ['paid', '64.80'],
      ['promo', '40.00'],
    ])
  })
})

describe('credit before tax for one product', () => {
  it('lowers its lines alone, and what is earned of them', () => {
    // Seats 100.00 less 10 % are 90.00; set-up 30.00 less 10 % is 27.00, less 12.00 of credit 15.00. 8 % of 105.00 are 8.40.
    const terms = termsOf([sold('seats', flat('100.00')), sold('setup', flat('30.00'))], {
      tax_percent: '8',
      discounts: [percent('10')],
    })
    const grant = grantOf({ amount: 12_00n, beforeTax: true, productRefs: ['setup'] })
    expect(issued(terms, 0, { wallet: [untouched(grant)] })).toMatchObject({
      discounts: '10.00 15.00',
      nets: '90.00 15.00',
      tax: '8.40',
      total: '113.40',
    })
  })
})

describe('the entry of an issued invoice', () => {
  it('credits the consideration of each line and each tax', () => {
    // 119.00 contain 19.00; 10 % off: 107.10, of which 90.00 and 17.10.
    const [invoice] = planCycleClose(
      closing(
        termsOf(
          [
            sold('seats', flat('119.00'), { taxes: [tax('VAT', '19', { inclusive: true })] }),
            sold('support', flat('50.00')),
          ],
          {
            taxes: [tax('GST', '5'), tax('PST', '7')],
            discounts: [percent('10')],
          },
        ),
        0,
      ),
    ).invoices
    const [entry] = issueEntries(invoice!)
    // Support: 45.00, of which 5 % are 2.25 and 7 % 3.15.
    expect(entry!.postings.map(({ account, amount, productRef }) => [account, amount, productRef])).toEqual([
      ['accounts_receivable', 157_50n, undefined],
      ['contract_position', -90_00n, 'seats'],
      ['contract_position', -45_00n, 'support'],
      ['tax_payable', -17_10n, undefined],
      ['tax_payable', -2_25n, undefined],
      ['tax_payable', -3_15n, undefined],
    ])
  })
})
