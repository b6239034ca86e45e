import { describe, expect, it } from 'vitest'
import { at, previewed } from '../preview/previewed.ts'

const priced = (deal: object) =>
  previewed({ transaction_price: '1000', obligations: [at('A', '1000')], ...deal }).transaction_price

describe('variable consideration', () => {
  const outcomes = [
    { amount: '100', probability: '0.5' },
    { amount: '60', probability: '0.3' },
    { amount: '0', probability: '0.2' },
  ]
  it.each([
    // 100 × 0.5 + 60 × 0.3 = 68.
    {
      name: 'expected value',
      variable: { method: 'expected_value', outcomes },
      estimate: '68',
      included: '68.00',
    },
    {
      name: 'most likely amount',
      variable: { method: 'most_likely', outcomes },
      estimate: '100',
      included: '100.00',
    },
    {
      name: 'a tie takes the smaller',
      variable: {
        method: 'most_likely',
        outcomes: [
          { amount: '9', probability: '0.5' },
          { amount: '4', probability: '0.5' },
        ],
      },
      estimate: '4',
      included: '4.00',
    },
    {
      // 100 is reached with 50%, 60 with 80%, which is more than the 75% asked for.
      name: 'constrained to what is reached with confidence',
      variable: { method: 'expected_value', outcomes, constraint: {} },
      estimate: '68',
      included: '60.00',
    },
    {
      name: 'constrained by a confidence of its own',
      variable: { method: 'most_likely', outcomes, constraint: { confidence: '0.9' } },
      estimate: '100',
      included: '0.00',
    },
    {
      name: 'constrained to an amount that was judged',
      variable: { method: 'amount', amount: '200', constraint: { most: '0' } },
      estimate: '200',
      included: '0.00',
    },
    {
      name: 'a refund that is expected',
      variable: { amount: '-33.335' },
      estimate: '-33.335',
      included: '-33.34',
    },
  ])('$name', ({ variable, estimate, included }) => {
    expect(priced({ variable: [{ key: 'v', ...variable }] }).variable).toEqual([
      { key: 'v', estimate, included },
    ])
  })

  it('refuses probabilities that are not certain together', () => {
    const variable = [{ key: 'v', method: 'expected_value', outcomes: outcomes.slice(0, 2) }]
    expect(() => priced({ variable })).toThrow(expect.objectContaining({ code: 'probabilities_not_one' }))
  })

  it('is taken back in proportion to what was delivered when a later estimate is lower', () => {
    const plan = previewed({
      transaction_price: '1200',
      variable: [{ key: 'bonus', amount: '240' }],
      obligations: [{ key: 'a', recognition: 'month_even', start: '2026-01-01', end: '2027-01-01' }],
      modifications: [{ effective_date: '2026-07-01', variable: { key: 'bonus', amount: '0' } }],
    })
    // 120 a month fall to 100; six months of 20 come back at once.
    expect(plan.adjustments).toEqual([{ date: '2026-07-01', key: 'a', amount: '-120.00' }])
    expect(plan.schedule.map(({ amount }) => amount)).toEqual([
      ...Array(6).fill('120.00'),
      '-20.00',
      ...Array(5).fill('100.00'),
    ])
  })
})

describe('what is payable to the customer', () => {
  it('reduces the price, except for a distinct good at its fair value', () => {
    const payable_to_customer = [{ amount: '100' }, { amount: '50', fair_value_received: '30' }]
    expect(priced({ payable_to_customer })).toMatchObject({ payable_to_customer: '120.00', total: '880.00' })
  })

  it('is no purchase for less than its value', () => {
    const payable_to_customer = [{ amount: '100', fair_value_received: '101' }]
    expect(() => priced({ payable_to_customer })).toThrow(
      expect.objectContaining({ code: 'fair_value_exceeds_payment' }),
    )
  })
})

describe('where the frameworks differ', () => {
  const under = (framework: string, deal: object) =>
    previewed({ framework, transaction_price: '1000', obligations: [at('A', '900', '2026-01-01')], ...deal })

  it.each([
    { probability: '0.5', asc: false, ifrs: false },
    { probability: '0.6', asc: false, ifrs: true },
    { probability: '0.75', asc: true, ifrs: true },
  ])('collection with a probability of $probability', ({ probability, asc, ifrs }) => {
    const deal = { contract: { collection_probability: probability } }
    expect(under('ASC606', deal).is_contract).toBe(asc)
    expect(under('IFRS15', deal).is_contract).toBe(ifrs)
  })

  it('sales tax that the seller owes itself is price under IFRS 15, and left out by election under ASC 606', () => {
    const deal = { taxes: [{ amount: '80' }, { amount: '20', principal: true }] }
    expect(under('ASC606', deal).transaction_price).toMatchObject({ tax_excluded: '100.00', total: '900.00' })
    expect(under('IFRS15', deal).transaction_price).toMatchObject({ tax_excluded: '80.00', total: '920.00' })
  })

  it('shipping after control is a promise under IFRS 15 only', () => {
    const shipping = { ...at('shipping', '100', '2026-02-01'), shipping_of: 'A' }
    const deal = { obligations: [at('A', '900', '2026-01-01'), shipping] }
    expect(under('ASC606', deal).allocation).toEqual({ A: '1000.00' })
    expect(under('IFRS15', deal).allocation).toEqual({ A: '900.00', shipping: '100.00' })
  })

  it('a renewed licence waits for its period under ASC 606 only', () => {
    const deal = { obligations: [{ ...at('A', '900', '2026-06-01'), renewal_agreed_on: '2026-02-01' }] }
    expect(under('ASC606', deal).schedule).toEqual([{ period: '2026-06', key: 'A', amount: '1000.00' }])
    expect(under('IFRS15', deal).schedule).toEqual([{ period: '2026-02', key: 'A', amount: '1000.00' }])
  })
})

describe('significant financing', () => {
  const service = (end: string, billings: object[]) =>
    previewed({
      transaction_price: '2400',
      obligations: [{ key: 'a', recognition: 'month_even', start: '2026-01-01', end }],
      billings,
    }).financing.map(({ paragraph: _, ...flag }) => flag)

  it('is not asked about where a year is paid ahead', () => {
    expect(service('2027-01-01', [{ date: '2026-01-01', amount: '2400' }])).toEqual([])
  })

  it('is flagged for what is paid more than a year ahead of the service', () => {
    // Two years at 100 a month; by 1 January 2027 twelve months are served.
    expect(service('2028-01-01', [{ date: '2026-01-01', amount: '2400' }])).toEqual([
      { lender: 'customer', date: '2026-01-01', amount: '1200.00' },
    ])
  })

  it('is flagged for service that is paid more than a year later', () => {
    // Served by December 2026; paid in January 2028.
    expect(service('2027-01-01', [{ date: '2026-01-01', amount: '2400', paid_on: '2028-01-15' }])).toEqual([
      { lender: 'seller', date: '2026-12-31', amount: '2400.00' },
    ])
  })
})
