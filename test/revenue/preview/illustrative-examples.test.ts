import { describe, expect, it } from 'vitest'
import { at, previewed, revenueByMonth } from './previewed.ts'

/** The standards' own examples (ASC 606-10-55, IFRS 15 IE); both number them alike. */

describe('Example 1, collection not probable', () => {
  it('holds six payments of 20 as a deposit', () => {
    const months = ['01', '02', '03', '04', '05', '06']
    const plan = previewed({
      transaction_price: '1000',
      obligations: [at('building', '1000', '2026-01-01')],
      contract: { collection_probability: '0.3' },
      billings: months.map((m) => ({ date: `2026-${m}-01`, amount: '20', paid_on: `2026-${m}-01` })),
    })
    expect(plan).toMatchObject({ is_contract: false, allocation: {}, schedule: [] })
    expect(plan.journal).toHaveLength(6)
    expect(plan.journal[0]).toEqual({
      posting_date: '2026-01-01',
      event: 'deposit_received',
      description: 'Deposit against the invoice of 2026-01-01',
      postings: [
        { account: 'bank_clearing', key: null, debit: '20.00', credit: '0.00' },
        { account: 'deposit_liability', key: null, debit: '0.00', credit: '20.00' },
      ],
    })
  })
})

describe('Example 1, a service at 20 a month for three years to a customer of low credit quality', () => {
  const months = ['01', '02', '03', '04', '05', '06']
  const service = (more: object) =>
    previewed({
      transaction_price: '720',
      obligations: [{ key: 'service', recognition: 'month_even', start: '2026-01-01', end: '2029-01-01' }],
      billings: months.map((m) => ({ date: `2026-${m}-01`, amount: '20', paid_on: `2026-${m}-01` })),
      ...more,
    })
  const doubtful = { contract: { collection_probability: '0.3' } }

  it('B and C: who can stop before it loses money, or is paid ahead, holds collection to be probable', () => {
    const plan = service({ contract: { collection_probability: '0.8' } })
    expect(plan.is_contract).toBe(true)
    expect(revenueByMonth(plan)).toMatchObject({ '2026-01': '20.00', '2026-06': '20.00' })
  })

  it('D: what was paid is revenue once the seller has stopped, and under IFRS 15 once the contract ends', () => {
    const kept = { key: 'paid', amount: '120' }
    const stopped = { ...doubtful, non_refundable: [{ ...kept, event: 'stopped', date: '2026-07-01' }] }
    const plan = service(stopped)
    expect(plan).toMatchObject({ is_contract: false, allocation: {} })
    expect(plan.schedule).toEqual([{ period: '2026-07', key: 'kept:paid', amount: '120.00' }])
    expect(service({ ...stopped, framework: 'IFRS15' }).schedule).toEqual([])
    const ended = { ...doubtful, non_refundable: [{ ...kept, event: 'terminated', date: '2026-08-01' }] }
    expect(service({ ...ended, framework: 'IFRS15' }).schedule).toEqual([
      { period: '2026-08', key: 'kept:paid', amount: '120.00' },
    ])
    expect(plan.journal.slice(-2)).toMatchObject([
      {
        posting_date: '2026-07-01',
        event: 'deposit_kept',
        postings: [
          { account: 'deposit_liability', debit: '120.00' },
          { account: 'contract_position', credit: '120.00' },
        ],
      },
      { posting_date: '2026-07-01', event: 'revenue_recognised' },
    ])
    expect(plan.positions).toMatchObject([{ period: '2026-07', recognised: '120.00', net_position: '0.00' }])
  })

  it('is caught up on the day on which collection becomes probable', () => {
    const met = { contract_reassessed: [{ effective_date: '2026-04-01', collection_probability: '0.9' }] }
    const billings = [
      { date: '2026-01-01', amount: '60', paid_on: '2026-01-10' },
      { date: '2026-02-01', amount: '60' },
      { date: '2026-03-01', amount: '60', paid_on: '2026-04-05' },
    ]
    const plan = service({ ...doubtful, ...met, billings })
    expect(plan.is_contract).toBe(true)
    // January to March: 3 × 20, and April's 20.
    expect(revenueByMonth(plan)).toMatchObject({ '2026-04': '80.00', '2026-05': '20.00' })
    expect(plan.adjustments).toEqual([{ date: '2026-04-01', key: 'service', amount: '60.00' }])
    expect(plan.journal.slice(0, 6).map(({ posting_date, event }) => `${posting_date} ${event}`)).toEqual([
      '2026-01-10 deposit_received',
      '2026-04-01 criteria_met',
      '2026-04-01 invoice_issued',
      '2026-04-01 invoice_issued',
      '2026-04-01 revenue_adjusted',
      '2026-04-05 payment_received',
    ])
    expect(plan.positions[0]).toMatchObject({ period: '2026-04', billed: '180.00', recognised: '80.00' })
  })
})

describe('Example 4, reassessing the criteria', () => {
  it('leaves the usage of two years as it was, and recognises none of the third', () => {
    const plan = previewed({
      transaction_price: '0',
      obligations: [
        {
          key: 'licence',
          recognition: 'usage',
          events: [
            { date: '2026-06-30', amount: '400' },
            { date: '2027-06-30', amount: '300' },
            { date: '2028-06-30', amount: '500' },
          ],
        },
      ],
      contract_reassessed: [{ effective_date: '2028-01-01', collection_probability: '0.2' }],
      billings: [
        { date: '2027-06-30', amount: '300' },
        { date: '2028-06-30', amount: '500' },
      ],
    })
    expect(revenueByMonth(plan)).toEqual({ '2026-06': '400.00', '2027-06': '300.00' })
    // The receivable of the second year stays; of the third there is none.
    expect(plan.journal.map(({ event }) => event)).toEqual([
      'revenue_recognised',
      'invoice_issued',
      'revenue_recognised',
    ])
  })
})

/** 120 products at 100 over six months, 60 delivered by the end of March, 30 more agreed on 1 April. */
const products = {
  transaction_price: '12000',
  obligations: [
    {
      key: 'products',
      ssp: '12000',
      recognition: 'units',
      total_quantity: '120',
      events: [
        { date: '2026-02-15', quantity: '60' },
        { date: '2026-05-15', quantity: '60' },
      ],
    },
  ],
}

describe('Example 5, modification of a contract for goods', () => {
  it('A: 30 products more at 95, their stand-alone selling price, are a separate contract', () => {
    const plan = previewed({
      ...products,
      modifications: [
        {
          effective_date: '2026-04-01',
          price_change: '2850', // 30 × 95
          add: [
            {
              key: 'more',
              ssp: '2850',
              recognition: 'units',
              events: [{ date: '2026-06-15', quantity: '30' }],
            },
          ],
        },
      ],
    })
    expect(plan.modifications[0]).toMatchObject({
      treatment: 'separate_contract',
      transaction_price: '14850.00',
      allocation: { products: '12000.00', more: '2850.00' },
    })
    expect(revenueByMonth(plan, 'products')).toEqual({ '2026-02': '6000.00', '2026-05': '6000.00' })
    expect(revenueByMonth(plan, 'more')).toEqual({ '2026-06': '2850.00' })
  })

  it('B: 30 more at 80 with a credit of 900 for defects: 93.33 for each of 90, printed rounded', () => {
    const plan = previewed({
      ...products,
      modifications: [
        {
          effective_date: '2026-04-01',
          price_change: '2400', // 30 × 80
          credits: [{ key: 'products', amount: '900' }], // 60 × 15
          change: [
            {
              key: 'products',
              recognition: 'units',
              total_quantity: '150',
              events: [
                { date: '2026-02-15', quantity: '60' },
                { date: '2026-05-15', quantity: '1' },
                { date: '2026-06-15', quantity: '89' },
              ],
            },
          ],
        },
      ],
    })
    expect(plan.modifications[0]).toMatchObject({ treatment: 'prospective', transaction_price: '13500.00' })
    expect(plan.adjustments).toEqual([{ date: '2026-04-01', key: 'products', amount: '-900.00' }])
    // Pool 6,000 + 2,400 = 8,400 over 90: one is 93.33, the other 89 are 8,306.67.
    expect(revenueByMonth(plan)).toEqual({
      '2026-02': '6000.00',
      '2026-04': '-900.00',
      '2026-05': '93.33',
      '2026-06': '8306.67',
    })
  })
})

describe('Example 6, change of the price after a modification', () => {
  it('gives 20 of 40 to X at once, and 10 each to Y and Z', () => {
    const plan = previewed({
      transaction_price: '1000',
      variable: [{ key: 'bonus', amount: '200' }],
      obligations: [at('X', '600', '2026-01-01'), at('Y', '600', '2027-03-31')],
      modifications: [
        // 300 does not reflect the selling price of Z, which is that of X and Y.
        { effective_date: '2026-11-30', price_change: '300', add: [at('Z', '600', '2027-06-30')] },
        { effective_date: '2026-12-31', variable: { key: 'bonus', amount: '240' } },
      ],
    })
    expect(plan.allocation).toEqual({ X: '600.00', Y: '600.00' })
    // What was not yet recognised, 600, and 300 more: 900, half each.
    expect(plan.modifications[0]).toMatchObject({
      treatment: 'prospective',
      allocation: { X: '600.00', Y: '450.00', Z: '450.00' },
    })
    expect(plan.modifications[1]).toMatchObject({
      treatment: 'estimate',
      transaction_price: '1540.00',
      allocation: { X: '620.00', Y: '460.00', Z: '460.00' },
    })
    expect(plan.adjustments).toEqual([{ date: '2026-12-31', key: 'X', amount: '20.00' }])
    expect(revenueByMonth(plan, 'Z')).toEqual({ '2027-06': '460.00' })
  })
})

describe('Example 7, modification of a services contract', () => {
  it('spreads 280,000 over four years; contract liabilities 10,000, 6,667, 3,334 and nothing', () => {
    const plan = previewed({
      transaction_price: '300000',
      obligations: [
        { key: 'cleaning', ssp: '300000', recognition: 'month_even', start: '2026-01-01', end: '2029-01-01' },
      ],
      modifications: [
        {
          effective_date: '2028-01-01',
          price_change: '180000', // the third year falls by 20,000, three more cost 200,000
          change: [
            {
              key: 'cleaning',
              recognition: 'month_even',
              start: '2026-01-01',
              end: '2032-01-01',
              remaining_ssp: '320000', // four years at 80,000
            },
          ],
        },
      ],
      billings: [
        { date: '2026-01-01', amount: '100000' },
        { date: '2027-01-01', amount: '100000' },
        { date: '2028-01-01', amount: '80000' },
        { date: '2029-01-01', amount: '66667' },
        { date: '2030-01-01', amount: '66667' },
        { date: '2031-01-01', amount: '66666' },
      ],
    })
    expect(plan.modifications[0]).toMatchObject({ treatment: 'prospective', transaction_price: '480000.00' })
    const years = Map.groupBy(plan.schedule, ({ period }) => period.slice(0, 4))
    const totals = [...years].map(([year, cells]) => [
      year,
      Math.round(cells.reduce((sum, { amount }) => sum + Number(amount) * 100, 0)) / 100,
    ])
    expect(totals).toEqual([
      ['2026', 100000],
      ['2027', 100000],
      ['2028', 70000],
      ['2029', 70000],
      ['2030', 70000],
      ['2031', 70000],
    ])
    const decembers = plan.positions.filter(({ period }) => period.endsWith('-12'))
    expect(decembers.map((end) => end.contract_liability)).toEqual([
      '0.00',
      '0.00',
      '10000.00',
      '6667.00',
      '3334.00',
      '0.00',
    ])
  })
})

describe('Example 8, modification with a cumulative catch-up', () => {
  it('books 91,463.41 more; the standard rounds progress to 51.2% and prints 91,200', () => {
    const plan = previewed({
      transaction_price: '1000000',
      variable: [{ key: 'early', amount: '200000', constraint: { most: '0' } }],
      obligations: [
        {
          key: 'building',
          ssp: '1000000',
          recognition: 'units', // costs
          series: false,
          total_quantity: '700000',
          events: [{ date: '2026-12-31', quantity: '420000' }],
        },
      ],
      modifications: [
        {
          effective_date: '2027-01-01',
          price_change: '150000',
          change: [
            {
              key: 'building',
              recognition: 'units',
              total_quantity: '820000',
              events: [{ date: '2026-12-31', quantity: '420000' }],
            },
          ],
        },
        { effective_date: '2027-01-01', variable: { key: 'early', amount: '200000' } },
      ],
    })
    expect(plan.modifications.map(({ treatment }) => treatment)).toEqual(['catch_up', 'estimate'])
    // 1,350,000 × 420 / 820 = 691,463.41 less 600,000.
    expect(revenueByMonth(plan)).toEqual({ '2026-12': '600000.00', '2027-01': '91463.41' })
  })
})

/** Units of one product at a list price; `expected` are sold in the year. What is billed beyond revenue is owed back. */
const discounted = (expected: number, listPrice: number, sold: Record<string, number>, deal: object) =>
  previewed({
    transaction_price: String(expected * listPrice),
    obligations: [
      {
        key: 'units',
        recognition: 'units',
        total_quantity: String(expected),
        events: Object.entries(sold).map(([date, quantity]) => ({ date, quantity: String(quantity) })),
      },
    ],
    billings: Object.entries(sold).map(([date, units]) => ({ date, amount: String(units * listPrice) })),
    ...deal,
  })

describe('Example 24, a volume discount that reaches back', () => {
  it('recognises 7,500, then 44,250, and owes back 5,750', () => {
    // 1,000 units in the year; from the second quarter on they are expected to cost 90 and not 100.
    const variable = { key: 'discount', amount: '-10000' }
    const plan = discounted(
      1000,
      100,
      { '2026-03-31': 75, '2026-06-30': 500 },
      { modifications: [{ effective_date: '2026-06-30', variable }] },
    )
    // 75 × 100; then 575 × 90 = 51,750 less 7,500; billed 575 × 100.
    expect(revenueByMonth(plan)).toEqual({ '2026-03': '7500.00', '2026-06': '44250.00' })
    expect(plan.positions.map((end) => end.net_position)).toEqual(['0.00', '5750.00'])
  })
})

describe('Example 29, advance payment', () => {
  it('asks whether 4,000, paid two years ahead of the asset, are a loan of the customer', () => {
    const plan = previewed({
      transaction_price: '4000',
      obligations: [at('asset', '4000', '2028-01-01')],
      billings: [{ date: '2026-01-01', amount: '4000', paid_on: '2026-01-01' }],
    })
    expect(plan.financing).toEqual([
      expect.objectContaining({ lender: 'customer', date: '2026-01-01', amount: '4000.00' }),
    ])
    // The interest of 494.40 at 6% is a judgement of the seller; nothing is computed.
    expect(revenueByMonth(plan)).toEqual({ '2028-01': '4000.00' })
  })
})

describe('Example 33, relative stand-alone selling prices', () => {
  it.each([
    { name: 'printed as 33, 17 and 50', currency: 'USD', gives: { A: '33.33', B: '16.67', C: '50.00' } },
    { name: 'whole', currency: 'JPY', gives: { A: '33', B: '17', C: '50' } },
  ])('$name', ({ currency, gives }) => {
    const plan = previewed({
      currency,
      transaction_price: '100',
      // A is sold alone; B is assessed by the market, C by cost plus margin.
      obligations: [at('A', '50'), at('B', '25'), at('C', { cost: '60', margin_percent: '25' })],
    })
    expect(plan.allocation).toEqual(gives)
  })
})

describe('Example 34, allocating a discount', () => {
  const [A, B, C] = [at('A', '40'), at('B', '55'), at('C', '45')]
  const D = at('D', { residual: 'highly_variable', observed: { low: '15', high: '45' } })
  const bundle = { keys: ['B', 'C'], price: '60' }

  it('A: the discount of 40 belongs to B and C, which are regularly sold for 60', () => {
    const plan = previewed({ transaction_price: '100', obligations: [A, B, C], discount_bundle: bundle })
    // 60 × 55 / 100 and 60 × 45 / 100.
    expect(plan.allocation).toEqual({ A: '40.00', B: '33.00', C: '27.00' })
  })

  it('B: D takes the residual of 30', () => {
    const plan = previewed({ transaction_price: '130', obligations: [A, B, C, D], discount_bundle: bundle })
    expect(plan.allocation).toEqual({ A: '40.00', B: '33.00', C: '27.00', D: '30.00' })
  })

  it('C: a residual of 5 is no price that D was ever sold for', () => {
    const deal = { transaction_price: '105', obligations: [A, B, C, D], discount_bundle: bundle }
    expect(() => previewed(deal)).toThrow(
      'The residual approach leaves "D" an amount that is no selling price',
    )
  })
})

describe('Example 35, allocating variable consideration', () => {
  it('A: royalties go to the licence that they are for', () => {
    const plan = previewed({
      transaction_price: '800',
      variable: [{ key: 'royalties', amount: '1000', target: 'Y' }],
      obligations: [at('X', '800'), at('Y', '1000')],
    })
    // The royalties reach the selling price of Y, so the fixed amount is that of X.
    expect(plan.allocation).toEqual({ X: '800.00', Y: '1000.00' })
  })

  it('B: royalties of 200 are divided like the fixed 300: 111.11 at once, 88.89 with X', () => {
    const plan = previewed({
      transaction_price: '300',
      obligations: [at('X', '800', '2026-04-01'), at('Y', '1000', '2026-01-01')],
      modifications: [{ effective_date: '2026-02-01', variable: { key: 'royalties', amount: '200' } }],
    })
    expect(plan.allocation).toEqual({ X: '133.33', Y: '166.67' })
    expect(revenueByMonth(plan, 'Y')).toEqual({ '2026-01': '166.67', '2026-02': '111.11' })
    expect(revenueByMonth(plan, 'X')).toEqual({ '2026-04': '222.22' })
  })
})

describe('Example 38, contract liability and receivable', () => {
  const deal = { transaction_price: '1000', obligations: [at('product', '1000', '2026-03-31')] }
  const invoice = { date: '2026-01-31', amount: '1000', paid_on: '2026-03-01' }
  const events = (plan: ReturnType<typeof previewed>) =>
    plan.journal.map(({ posting_date, event }) => `${posting_date} ${event}`)

  it('A: of a contract that can be cancelled nothing is booked before the money', () => {
    const plan = previewed({ ...deal, billings: [{ ...invoice, cancellable: true }] })
    expect(events(plan)).toEqual(['2026-03-01 payment_received', '2026-03-31 revenue_recognised'])
  })

  it('B: the right to the money is a receivable on its day', () => {
    const plan = previewed({ ...deal, billings: [invoice] })
    expect(events(plan)).toEqual([
      '2026-01-31 invoice_issued',
      '2026-03-01 payment_received',
      '2026-03-31 revenue_recognised',
    ])
    expect(plan.positions[0]).toMatchObject({ period: '2026-01', contract_liability: '1000.00' })
    expect(plan.positions.at(-1)).toMatchObject({ net_position: '0.00', contract_liability: '0.00' })
  })
})

describe('Example 39, contract asset', () => {
  it('is 400 until B is delivered too and 1,000 are invoiced', () => {
    const plan = previewed({
      transaction_price: '1000',
      obligations: [at('A', '400', '2026-01-31'), at('B', '600', '2026-02-28')],
      billings: [{ date: '2026-02-28', amount: '1000' }],
    })
    expect(plan.positions).toMatchObject([
      { period: '2026-01', contract_asset: '400.00', unbilled_receivable: '0.00' },
      { period: '2026-02', contract_asset: '0.00', net_position: '0.00' },
    ])
  })
})

describe('Example 40, a price that is expected to fall for all units', () => {
  it('recognises 12,500 of 15,000 billed, and owes back 2,500', () => {
    // The first 100 units at 150; a million are expected in the year, which makes it 125 for each.
    const variable = [{ key: 'discount', amount: '-25000000' }]
    const plan = discounted(1_000_000, 150, { '2026-01-31': 100 }, { variable })
    expect(revenueByMonth(plan)).toEqual({ '2026-01': '12500.00' })
    expect(plan.positions[0]).toMatchObject({ billed: '15000.00', net_position: '2500.00' })
  })
})

describe('Example 42, what remains to be performed', () => {
  const over = (months: [from: string, to: string], { schedule }: ReturnType<typeof previewed>) =>
    schedule
      .filter(({ period }) => period >= months[0] && period <= months[1])
      .reduce((cents, { amount }) => cents + BigInt(amount.replace('.', '')), 0n)

  /** Two years from 1 July 2026, seen at the end of 2026. */
  const service = (deal: object) =>
    previewed({
      ...deal,
      obligations: [{ key: 'service', recognition: 'month_even', start: '2026-07-01', end: '2028-07-01' }],
    })

  it('B: 400 a month leave 4,800 for the next year and 2,400 for the one after', () => {
    const plan = service({ transaction_price: '9600' })
    expect(over(['2027-01', '2027-12'], plan)).toBe(480_000n)
    expect(over(['2028-01', '2028-12'], plan)).toBe(240_000n)
  })

  it('C: 100 a month and an expected 750 leave 1,575 and 787.50, printed as 788', () => {
    const plan = service({ transaction_price: '2400', variable: [{ key: 'review', amount: '750' }] })
    // 3,150 × 12 / 24 and × 6 / 24.
    expect(over(['2027-01', '2027-12'], plan)).toBe(157_500n)
    expect(over(['2028-01', '2028-12'], plan)).toBe(78_750n)
  })
})

describe('Example 49, an option that is a material right', () => {
  it('weighs 50 × 30% × 80% = 12: 89.29 and 10.71, printed as 89 and 11', () => {
    const option = {
      expected_purchase: '50',
      discount_percent: '40',
      general_discount_percent: '10',
      likelihood_percent: '80',
    }
    const plan = previewed({
      transaction_price: '100',
      obligations: [
        at('A', '100', '2026-01-01'),
        { key: 'voucher', ssp: { option }, recognition: 'material_right', expires: '2026-01-31' },
      ],
    })
    // 100 × 100 / 112 and 100 × 12 / 112.
    expect(plan.allocation).toEqual({ A: '89.29', voucher: '10.71' })
    expect(revenueByMonth(plan, 'voucher')).toEqual({ '2026-01': '10.71' })
  })
})

describe('Example 51, an option to renew that is a material right', () => {
  it('spreads 271,000 by expected costs: 77,985.61, 87,733.81 and 105,280.58, printed rounded', () => {
    const plan = previewed({
      // 100 + 90 + 81 renewals at 1,000.
      transaction_price: '271000',
      obligations: [
        {
          key: 'maintenance',
          ssp: '271000',
          recognition: 'units',
          // 100 × 600 + 90 × 750 + 81 × 1,000.
          total_quantity: '208500',
          events: [
            { date: '2026-12-31', quantity: '60000' },
            { date: '2027-12-31', quantity: '67500' },
            { date: '2028-12-31', quantity: '81000' },
          ],
        },
      ],
    })
    // 271,000 × 60,000 / 208,500; × 127,500 / 208,500 = 165,719.42; the rest.
    expect(revenueByMonth(plan)).toEqual({
      '2026-12': '77985.61',
      '2027-12': '87733.81',
      '2028-12': '105280.58',
    })
  })
})

describe('Example 52, customer loyalty programme', () => {
  it('gives points 8,675.80: 4,109.59, then 3,492.91, printed as 4,110 and 3,493', () => {
    const plan = previewed({
      transaction_price: '100000',
      obligations: [
        at('products', '100000', '2026-01-01'),
        {
          key: 'points',
          ssp: '9500',
          recognition: 'prepaid_credits',
          total_quantity: '9500',
          estimates: [{ from: '2027-12-31', total_quantity: '9700' }],
          events: [
            { date: '2026-12-31', quantity: '4500' },
            { date: '2027-12-31', quantity: '4000' },
          ],
        },
      ],
    })
    expect(plan.allocation).toEqual({ products: '91324.20', points: '8675.80' })
    // 8,675.799 × 4,500 / 9,500 = 4,109.589; × 8,500 / 9,700 = 7,602.504, less 4,109.59.
    expect(revenueByMonth(plan, 'points')).toEqual({ '2026-12': '4109.59', '2027-12': '3492.91' })
  })
})
