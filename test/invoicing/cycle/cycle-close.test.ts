import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PriceModel } from '../../../src/catalog/price.ts'
import { type CyclePlan, planCycleClose } from '../../../src/invoicing/cycle/cycle-close.ts'
import { toMinor } from '../../../src/kernel/money.ts'
import { decimal } from '../../../src/kernel/rational.ts'
import { rate } from '../../../src/rating/rate.ts'
import { ofQuantity } from '../../../src/rating/rated-usage.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { BUYER, billed, CALLS, closing, flat, SELLER, sealed, unit, usage } from '../closing.ts'

const lines = ({ invoices }: CyclePlan) =>
  invoices.map(({ lines }) => lines.map((line) => [line.kind, line.productRef, line.amount]))

const ALL = [
  sold('calls', CALLS),
  sold('seats', flat('20.00'), { quantity: '5' }),
  sold('support', flat('30.00', 'in_arrears')),
  sold('setup', flat('250.00')),
]

describe('the lines of a boundary', () => {
  it('bills advance and one-time fees at the start', () => {
    // 5 × 20.00 + 250.00 = 350.00; 10 % of it 35.00.
    const plan = planCycleClose(closing(termsOf(ALL, { tax_percent: '10' }), 0))
    expect(lines(plan)).toEqual([
      [
        ['recurring', 'seats', 10000n],
        ['one_time', 'setup', 25000n],
      ],
    ])
    expect(plan.invoices[0]).toMatchObject({
      subTotal: 35000n,
      totalTax: 3500n,
      total: 38500n,
      taxes: [{ percent: '10', taxable: '350.00', tax: '35.00' }],
      periodStart: '2026-01-01',
      periodEnd: '2026-02-01',
    })
  })

  it('bills the usage and arrears of the closed cycle with the advance of the next', () => {
    // 1,234 calls: 100 × 0.10 + 900 × 0.05 + 234 × 0.01 = 10 + 45 + 2.34 = 57.34.
    // 57.34 + 100.00 + 30.00 = 187.34; 10 % is 18.734, so 18.73.
    const plan = planCycleClose(
      closing(termsOf(ALL, { tax_percent: '10' }), 1, {
        sealed: sealed(1, [usage('calls', { '2026-01': '1234' })]),
      }),
    )
    expect(lines(plan)).toEqual([
      [
        ['usage', 'calls', 5734n],
        ['recurring', 'seats', 10000n],
        ['recurring', 'support', 3000n],
      ],
    ])
    const [invoice] = plan.invoices
    expect(invoice).toMatchObject({ subTotal: 18734n, totalTax: 1873n, total: 20607n })
    const [calls, seats, support] = invoice!.lines
    expect(calls!.detail.map((row) => [row.quantity, row.amount])).toEqual([
      ['100', '10.00'],
      ['900', '45.00'],
      ['234', '2.34'],
    ])
    expect([seats!.serviceStart, seats!.serviceEnd, seats!.serviceCycleNo]).toEqual([
      '2026-02-01',
      '2026-03-01',
      2,
    ])
    expect([support!.serviceStart, support!.serviceEnd, support!.serviceCycleNo]).toEqual([
      '2026-01-01',
      '2026-02-01',
      1,
    ])
  })

  it('splits a line over the months of use by the running price', () => {
    const terms = termsOf([sold('calls', CALLS), sold('storage', unit('0.333'))], {
      start_date: '2026-01-15',
      anchor_date: '2026-01-15',
    })
    const plan = planCycleClose(
      closing(terms, 1, {
        sealed: sealed(1, [
          // 60 × 0.10 = 6.00; 150 are 100 × 0.10 + 50 × 0.05 = 12.50, so February bears 6.50.
          usage('calls', { '2026-01': '60', '2026-02': '90' }),
          // 0.333 is 0.33; 0.666 is 0.67, so February bears 0.34.
          usage('storage', { '2026-01': '1', '2026-02': '1' }),
        ]),
      }),
    )
    expect(plan.invoices[0]!.lines.map((line) => [line.amount, line.usageByMonth])).toEqual([
      [1250n, { '2026-01': '600', '2026-02': '650' }],
      [67n, { '2026-01': '33', '2026-02': '34' }],
    ])
  })

  it('bills usage by modifiers, shows them as rows, and a minimum without usage too', () => {
    // 2,000 calls are 10 + 45 + 10 = 65.00; 10 % off is 58.50; at most 50.00.
    const modifiers = { percent_discount: '10', maximum_amount: '50', minimum_amount: '20' }
    const terms = termsOf([sold('calls', CALLS, { modifiers }), sold('storage', unit('2'), { modifiers })])
    const plan = planCycleClose(
      closing(terms, 1, {
        sealed: sealed(1, [usage('calls', { '2026-01': '2000' }), usage('storage', { '2026-01': '0' })]),
      }),
    )
    const [calls, storage] = plan.invoices[0]!.lines
    expect([calls!.amount, calls!.unitAmount, storage!.amount]).toEqual([5000n, null, 2000n])
    expect(calls!.detail.map((row) => [row.description, row.amount])).toEqual([
      ['Up to 100', '10.00'],
      ['Over 100 up to 1,000', '45.00'],
      ['Over 1,000', '10.00'],
      ['Discount of 10 %', '-6.50'],
      ['At most 50', '-8.50'],
    ])
    expect(storage!.detail.map((row) => [row.description, row.amount])).toEqual([['At least 20', '20.00']])
  })

  it('corrects usage by the difference of two whole ratings, minimum included', () => {
    // At least 20.00 were billed for 5 × 2; 15 × 2 = 30.00 are due, so 10.00 more.
    const terms = termsOf([sold('storage', unit('2'), { modifiers: { minimum_amount: '20' } })])
    const plan = planCycleClose(
      closing(terms, 2, {
        sealed: sealed(
          2,
          [usage('storage', { '2026-02': '10' })],
          [{ cycleNo: 1, ...usage('storage', { '2026-01': '15' }) }],
        ),
        billed: [billed('storage', 1, '5', { '2026-01': 2000n })],
      }),
    )
    expect(lines(plan)).toEqual([
      [
        ['usage', 'storage', 2000n],
        ['usage_adjustment', 'storage', 1000n],
      ],
    ])
  })

  it('shrinks the limits of usage in a cycle that is billed in part', () => {
    // A contract from 17 January, by calendar months: 15 of 31 days, so at least 31.00 × 15/31 = 15.00.
    const terms = termsOf([sold('storage', unit('2'), { modifiers: { minimum_amount: '31' } })], {
      start_date: '2026-01-17',
      anchor_date: '2026-01-01',
    })
    const plan = planCycleClose(
      closing(terms, 1, { sealed: sealed(1, [usage('storage', { '2026-01': '1' })]) }),
    )
    expect(plan.invoices[0]!.lines[0]!.amount).toBe(1500n)
  })

  it('splits a volume price over the months by quantity', () => {
    // 30 units are in the tier at 1: 30.00; January has 10 of them, February 20.
    const bulk: PriceModel = {
      type: 'volume',
      tiers: [
        { up_to: '15', unit_amount: '10', flat_amount: '0' },
        { up_to: null, unit_amount: '1', flat_amount: '0' },
      ],
    }
    const terms = termsOf([sold('storage', bulk)], { start_date: '2026-01-15', anchor_date: '2026-01-15' })
    const plan = planCycleClose(
      closing(terms, 1, { sealed: sealed(1, [usage('storage', { '2026-01': '10', '2026-02': '20' })]) }),
    )
    expect(plan.invoices[0]!.lines[0]!.usageByMonth).toEqual({ '2026-01': '1000', '2026-02': '2000' })
  })

  it('prices usage in groups by its dimensions, and splits it over the months by quantity', () => {
    // eu 10 × 2 + no region 20 × 1 = 40.00; January has 10 of 30, 13.333…, February the rest.
    const byRegion: PriceModel = {
      type: 'matrix',
      rows: [{ name: 'Europe', match: { region: ['eu'] }, unit_amount: '2' }],
      default_unit_amount: '1',
    }
    const terms = termsOf([sold('storage', byRegion)], {
      start_date: '2026-01-15',
      anchor_date: '2026-01-15',
    })
    const groups = [
      { group: { region: 'eu' }, quantity: '10' },
      { group: { region: null }, quantity: '20' },
    ]
    const metered = { ...usage('storage', { '2026-01': '10', '2026-02': '20' }), groups }
    const [line] = planCycleClose(closing(terms, 1, { sealed: sealed(1, [metered]) })).invoices[0]!.lines
    expect([line!.amount, line!.usageByMonth]).toEqual([4000n, { '2026-01': '1333', '2026-02': '2667' }])
    expect(line!.detail.map((row) => [row.description, row.quantity, row.amount])).toEqual([
      ['Europe', '10', '20.00'],
      ['All other', '20', '20.00'],
    ])
  })

  it('takes the discount of a fee for the part that is billed', () => {
    // 5 seats × 20.00 less 10 % is 90.00; from 15 March 17/31 of it, 49.354…
    const terms = termsOf([
      sold('seats', flat('20.00'), {
        quantity: '5',
        billing_start_date: '2026-03-15',
        modifiers: { percent_discount: '10' },
      }),
    ])
    const [line] = planCycleClose(closing(terms, 2)).invoices[0]!.lines
    // 54.8387… and − 5.4838…: down to 54.83 and − 5.49, and the missing cent to the larger rest, .87.
    expect(line).toMatchObject({
      amount: 4935n,
      detail: [
        { description: 'Flat fee, 17/31 of the period', amount: '54.84' },
        { description: 'Discount of 10 %, 17/31 of the period', amount: '-5.49' },
      ],
    })
  })

  it('prorates a fee that begins inside a cycle', () => {
    // From 15 to 31 March are 17 of 31 days: 100.00 × 17/31 = 54.838…
    const terms = termsOf([sold('seats', flat('100.00'), { billing_start_date: '2026-03-15' })])
    const plan = planCycleClose(closing(terms, 2))
    expect(plan.invoices[0]!.lines[0]).toMatchObject({
      amount: 5484n,
      serviceStart: '2026-03-15',
      serviceEnd: '2026-04-01',
      detail: [{ description: 'Flat fee, 17/31 of the period', amount: '54.84' }],
    })
    expect(planCycleClose(closing(terms, 1)).invoices).toEqual([])
  })

  it.each([
    { day: '2026-01-01', boundary: 0, cycle: 1 },
    { day: '2026-01-20', boundary: 1, cycle: 1 },
    { day: '2026-02-01', boundary: 1, cycle: 2 },
  ])('bills a one-time fee of $day at boundary $boundary', ({ day, boundary, cycle }) => {
    const terms = termsOf([sold('setup', flat('9.00'), { billing_start_date: day })])
    const issued = [0, 1, 2, 3].map((k) => planCycleClose(closing(terms, k)).invoices)
    expect(issued.map((invoices) => invoices.length)).toEqual(
      [0, 1, 2, 3].map((k) => (k === boundary ? 1 : 0)),
    )
    expect(issued[boundary]![0]!.lines[0]).toMatchObject({ serviceStart: day, serviceCycleNo: cycle })
  })

  it('closes without an invoice when there is nothing to bill', () => {
    const plan = planCycleClose(
      closing(termsOf([sold('calls', CALLS)]), 1, {
        sealed: sealed(1, [usage('calls', { '2026-01': '0' })]),
      }),
    )
    expect(plan.invoices).toEqual([])
    expect(plan.entries).toEqual([])
    expect(plan.effects).toEqual([])
    expect(plan.next).toMatchObject({ nextCycle: 2, nextCloseAt: Date.parse('2026-03-01'), status: 'active' })
  })

  it('bills no further cycle at the end of the contract', () => {
    const terms = termsOf(ALL, { end_date: '2026-02-01' })
    const plan = planCycleClose(
      closing(terms, 1, { sealed: sealed(1, [usage('calls', { '2026-01': '10' })]) }),
    )
    expect(lines(plan)).toEqual([
      [
        ['usage', 'calls', 100n],
        ['recurring', 'support', 3000n],
      ],
    ])
    // Usage may come late for 35 days: 28 of February and 7 of March.
    expect(plan.next).toMatchObject({
      nextCycle: 2,
      nextCloseAt: Date.parse('2026-03-08'),
      status: 'ended',
    })
  })

  it.each([
    {
      currency: 'JPY',
      price: '0.5',
      quantity: '1',
      tax: '10',
      sub: 1n,
      total: 1n,
      why: '0.5 is 1; 10 % is 0.1',
    },
    {
      currency: 'KWD',
      price: '0.0125',
      quantity: '3',
      tax: '5',
      sub: 38n,
      total: 40n,
      why: '37.5 fils are 38; 5 % is 1.9',
    },
    {
      currency: 'USD',
      price: '0.125',
      quantity: '1',
      tax: '0',
      sub: 13n,
      total: 13n,
      why: '12.5 cents are 13',
    },
  ])('rounds to the minor unit of $currency: $why', ({ currency, price, quantity, tax, sub, total }) => {
    const terms = termsOf([sold('calls', unit(price))], { currency, tax_percent: tax })
    const plan = planCycleClose(
      closing(terms, 1, { sealed: sealed(1, [usage('calls', { '2026-01': quantity })]) }),
    )
    expect(plan.invoices[0]).toMatchObject({ subTotal: sub, total })
  })

  it('rounds half to even where the seller does', () => {
    const plan = planCycleClose(
      closing(termsOf([sold('calls', unit('0.125'))]), 1, {
        seller: { ...SELLER, rounding: 'half_even' },
        sealed: sealed(1, [usage('calls', { '2026-01': '1' })]),
      }),
    )
    expect(plan.invoices[0]!.total).toBe(12n)
  })
})

describe('the invoice', () => {
  it('is one for each product where the contract says so', () => {
    const terms = termsOf(ALL, { invoicing: 'per_product' })
    const plan = planCycleClose(
      closing(terms, 1, { sealed: sealed(1, [usage('calls', { '2026-01': '10' })]) }),
    )
    expect(plan.invoices.map(({ productRef, number, total }) => [productRef, number, total])).toEqual([
      ['calls', 'INV000007', 100n],
      ['seats', 'INV000008', 10000n],
      ['support', 'INV000009', 3000n],
    ])
    expect(new Set(plan.invoices.map(({ id }) => id)).size).toBe(3)
  })

  it('carries date, due date, reference and the account of its currency', () => {
    const terms = termsOf(ALL, { timezone: 'Pacific/Auckland', net_terms: 14 })
    const [invoice] = planCycleClose(closing(terms, 0)).invoices
    // Noon of 1 July in UTC is past midnight in Auckland.
    expect(invoice).toMatchObject({ issueDate: '2026-07-02', dueDate: '2026-07-16', number: 'INV000007' })
    expect(invoice!.paymentReference).toMatch(/^RF\d\dINV000007$/)
    expect(invoice!.parties.seller.bank_accounts.map(({ id }) => id)).toEqual(['usd'])
    expect(invoice!.parties.buyer.name).toBe('ACME GmbH')
  })

  it('has a hash that any change of its content changes', () => {
    const hashOf = (price: string) =>
      planCycleClose(closing(termsOf([sold('setup', flat(price))]), 0)).invoices[0]!.contentHash
    expect(hashOf('1.00')).toBe(hashOf('1.00'))
    expect(hashOf('1.00')).not.toBe(hashOf('1.01'))
  })

  it('is posted as receivable against the contract and tax', () => {
    const plan = planCycleClose(closing(termsOf(ALL, { tax_percent: '10' }), 0))
    expect(plan.entries).toHaveLength(1)
    expect(
      plan.entries[0]!.postings.map(({ account, amount, productRef }) => [account, amount, productRef]),
    ).toEqual([
      ['accounts_receivable', 38500n, undefined],
      ['contract_position', -10000n, 'seats'],
      ['contract_position', -25000n, 'setup'],
      ['tax_payable', -3500n, undefined],
    ])
  })

  it.each([
    { auto_charge: true, card: 'pm_1', price: '1.00', topics: ['invoice_issued_mail', 'charge_card'] },
    { auto_charge: true, card: null, price: '1.00', topics: ['invoice_issued_mail'] },
    { auto_charge: false, card: 'pm_1', price: '1.00', topics: ['invoice_issued_mail'] },
    { auto_charge: true, card: 'pm_1', price: '0.00', topics: ['invoice_issued_mail'] },
  ])(
    'asks for $topics (auto_charge $auto_charge, card $card, $price)',
    ({ auto_charge, card, price, topics }) => {
      const terms = termsOf([sold('setup', flat(price))], { auto_charge })
      const plan = planCycleClose(closing(terms, 0, { buyer: { ...BUYER, stripePaymentMethodId: card } }))
      expect(plan.effects.map(({ topic }) => topic)).toEqual(topics)
    },
  )
})

describe('corrections of earlier cycles', () => {
  const terms = termsOf([sold('calls', CALLS)])
  const corrected = (quantity: string, cycleNo = 1) => ({
    cycleNo,
    ...usage('calls', { [`2026-0${cycleNo}`]: quantity }),
  })

  it('bills the difference of the rated totals, naming the period', () => {
    // 100 calls cost 10.00, 120 cost 10.00 + 20 × 0.05 = 11.00.
    const plan = planCycleClose(
      closing(terms, 2, {
        sealed: sealed(2, [usage('calls', { '2026-02': '10' })], [corrected('120')]),
        billed: [billed('calls', 1, '100', { '2026-01': 1000n })],
      }),
    )
    expect(lines(plan)).toEqual([
      [
        ['usage', 'calls', 100n],
        ['usage_adjustment', 'calls', 100n],
      ],
    ])
    expect(plan.invoices[0]!.lines[1]).toMatchObject({
      description: 'calls: correction of earlier usage',
      serviceStart: '2026-01-01',
      serviceEnd: '2026-02-01',
      quantity: '20',
      serviceCycleNo: 1,
      usageByMonth: { '2026-01': '100' },
      detail: [{ amount: '11.00' }, { quantity: '-100', amount: '-10.00' }],
    })
  })

  it('leaves out a correction that changes no amount', () => {
    // 100.1 calls: 10.005 rounds to 10.01 and is billed; 100.15 are 10.0075, again 10.01.
    const plan = planCycleClose(
      closing(terms, 2, {
        sealed: sealed(2, [], [corrected('100.15')]),
        billed: [billed('calls', 1, '100.1', { '2026-01': 1001n })],
      }),
    )
    expect(plan.invoices).toEqual([])
    expect(plan.heldBack).toEqual([])
  })

  it('moves the revenue of usage that belongs to another month by a line of nothing', () => {
    // A cycle over two months: 60 + 40 calls were 6.00 and 4.00; 50 + 50 are 5.00 each.
    const again = { cycleNo: 1, ...usage('calls', { '2026-01': '50', '2026-02': '50' }) }
    const plan = planCycleClose(
      closing(terms, 2, {
        sealed: sealed(2, [usage('calls', { '2026-02': '10' })], [again]),
        billed: [billed('calls', 1, '100', { '2026-01': 600n, '2026-02': 400n })],
      }),
    )
    const [, moved] = plan.invoices[0]!.lines
    expect([moved!.kind, moved!.amount, moved!.usageByMonth]).toEqual([
      'usage_adjustment',
      0n,
      { '2026-01': '-100', '2026-02': '100' },
    ])
  })

  it('takes a negative difference off what else is due', () => {
    // 80 calls are 8.00; 50 instead of 100 are 5.00 less.
    const plan = planCycleClose(
      closing(terms, 2, {
        sealed: sealed(2, [usage('calls', { '2026-02': '80' })], [corrected('50')]),
        billed: [billed('calls', 1, '100', { '2026-01': 1000n })],
      }),
    )
    expect(plan.invoices[0]!.total).toBe(300n)
    expect(plan.heldBack).toEqual([])
  })

  it('holds negative differences back rather than issue less than nothing, and brings them again', () => {
    const before = [
      billed('calls', 1, '100', { '2026-01': 1000n }),
      billed('calls', 2, '20', { '2026-02': 200n }),
    ]
    // Cycle 1: 5.00 less; cycle 2: 25 instead of 20, 0.50 more; cycle 3: 10 calls, 1.00.
    const third = planCycleClose(
      closing(terms, 3, {
        sealed: sealed(3, [usage('calls', { '2026-03': '10' })], [corrected('50'), corrected('25', 2)]),
        billed: before,
      }),
    )
    expect(lines(third)).toEqual([
      [
        ['usage', 'calls', 100n],
        ['usage_adjustment', 'calls', 50n],
      ],
    ])
    expect(third.heldBack).toEqual([corrected('50')])

    // Cycle 4: 90 calls, 9.00, can take the 5.00.
    const fourth = planCycleClose(
      closing(terms, 4, {
        sealed: sealed(4, [usage('calls', { '2026-04': '90' })]),
        heldBack: third.heldBack,
        billed: before,
      }),
    )
    expect(lines(fourth)).toEqual([
      [
        ['usage', 'calls', 900n],
        ['usage_adjustment', 'calls', -500n],
      ],
    ])
    expect(fourth.heldBack).toEqual([])
  })

  it('bills all that is sound where an event is beyond any invoice, and the rest when it was mended', () => {
    // A counter that ran below zero: 2^64 calls. The storage of the cycle is billed all the same.
    const absurd = { productRef: 'calls', quantity: '18446744073709551616' }
    const faulty = { ...absurd, byMonth: { '2026-01': absurd.quantity } }
    const two = { ...terms, products: [...terms.products, sold('storage', unit('2'))] }
    const first = planCycleClose(
      closing(two, 1, { sealed: sealed(1, [faulty, usage('storage', { '2026-01': '3' })]) }),
    )
    expect(lines(first)).toEqual([[['usage', 'storage', 600n]]])
    expect(first.heldBack).toEqual([{ ...faulty, cycleNo: 1 }])

    const second = planCycleClose(closing(two, 2, { sealed: sealed(2, []), heldBack: first.heldBack }))
    expect([second.invoices, second.heldBack]).toEqual([[], first.heldBack])

    // Voided: 50 calls at 0.10 remain.
    const third = planCycleClose(
      closing(two, 3, { sealed: sealed(3, [], [corrected('50')]), heldBack: second.heldBack }),
    )
    expect(lines(third)).toEqual([[['usage_adjustment', 'calls', 500n]]])
    expect(third.heldBack).toEqual([])
  })

  it('prefers the newer total to one that was held back', () => {
    const plan = planCycleClose(
      closing(terms, 3, {
        sealed: sealed(3, [], [corrected('110')]),
        heldBack: [corrected('50')],
        billed: [billed('calls', 1, '100', { '2026-01': 1000n })],
      }),
    )
    expect(lines(plan)).toEqual([[['usage_adjustment', 'calls', 50n]]])
  })

  it('ends with every cycle billed at the price of its last total, whatever came late', () => {
    const quantity = fc.integer({ min: 0, max: 2000 })
    fc.assert(
      fc.property(fc.array(quantity, { minLength: 2, maxLength: 8 }), fc.array(quantity), (first, late) => {
        const totals = new Map<number, number>()
        const issued: CyclePlan[] = []
        // Later cycles use so much that everything held back can be taken.
        for (const [place, used] of [...first, 100_000_000].entries()) {
          const cycleNo = place + 1
          const changed = cycleNo > 1 ? late.slice(place - 1, place) : []
          const corrections = changed.map((total) => ({
            cycleNo: 1,
            ...usage('calls', { '2026-01': `${total}` }),
          }))
          if (changed[0] !== undefined) totals.set(1, changed[0])
          totals.set(cycleNo, used)
          issued.push(
            planCycleClose(
              closing(terms, cycleNo, {
                sealed: sealed(cycleNo, [usage('calls', { '2026-01': `${used}` })], corrections),
                heldBack: issued.at(-1)?.heldBack ?? [],
                billed: [billedSoFar(issued, 1)],
              }),
            ),
          )
        }
        for (const [cycleNo, total] of totals) {
          expect(billedSoFar(issued, cycleNo).amount).toBe(
            toMinor(rate({ model: CALLS }, ofQuantity(decimal(`${total}`))).amount, 'USD'),
          )
        }
        expect(issued.flatMap(({ invoices }) => invoices).every(({ total }) => total >= 0n)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })
})

function billedSoFar(issued: CyclePlan[], cycleNo: number) {
  const found = issued
    .flatMap(({ invoices }) => invoices.flatMap((invoice) => invoice.lines))
    .filter((line) => line.serviceCycleNo === cycleNo)
  const amount = found.reduce((sum, line) => sum + line.amount, 0n)
  const quantity = found.reduce((sum, line) => sum + Number(line.quantity), 0)
  return { ...billed('calls', cycleNo, `${quantity}`, { '2026-01': amount }) }
}
