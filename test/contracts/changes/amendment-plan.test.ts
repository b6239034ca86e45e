import { describe, expect, it } from 'vitest'
import type { ContractChange } from '../../../src/contracts/changes/amendment.ts'
import { decideAmendment, type HowToChange } from '../../../src/contracts/changes/amendment-plan.ts'
import type { Contract, ContractProduct, ContractTerms } from '../../../src/contracts/contract.ts'
import { faultsOfTerms } from '../../../src/contracts/terms/faults.ts'
import type { SoldProduct } from '../../../src/contracts/terms/rule.ts'
import { inWhole } from '../../../src/kernel/partly.ts'
import { Problem } from '../../../src/kernel/problem.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'

const SOLD = new Map<string, SoldProduct>([
  ['calls', { kind: 'usage', metric: null }],
  ['seats', { kind: 'recurring', metric: null }],
  ['support', { kind: 'recurring', metric: null }],
])
const NOW = Date.parse('2026-03-10T12:00:00Z')
const flat = (amount: string, term: 'in_advance' | 'in_arrears' = 'in_advance') =>
  ({ type: 'flat', amount, term }) as const
const seats = (amount: string, more: Partial<ContractProduct> = {}) => sold('seats', flat(amount), more)
const calls = (amount: string) => sold('calls', { type: 'unit', unit_amount: amount })

/** A monthly contract from 1 January that was invoiced up to 1 March: the third cycle is running. */
const running = (
  products: ContractProduct[],
  more: Partial<ContractTerms> = {},
  nextCycle = 3,
): Contract => ({
  ref: 'c',
  number: 'C-1',
  customerRef: 'acme',
  entityRef: 'seller',
  status: 'active',
  version: 1,
  terms: termsOf(products, more),
  nextCycle,
  nextCloseAt: Date.parse('2026-04-01'),
  createdAt: 0,
})

const amend = (
  contract: Contract,
  change: ContractChange,
  effective: string,
  how: Partial<HowToChange> = {},
  now = NOW,
): Contract =>
  decideAmendment(
    contract,
    inWhole(change),
    { effective, apply: 'by_direction', bill: 'next', ...how },
    SOLD,
    now,
  )

/** Each price with the days it holds for. */
const spans = ({ terms }: Contract) =>
  terms.products.map(({ product_ref, billing_start_date, billing_end_date }) => [
    product_ref,
    billing_start_date,
    billing_end_date,
  ])

const refusal = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (error) {
    return error instanceof Problem ? [error.code, error.faults.map(({ path }) => path)] : error
  }
}

describe('decideAmendment', () => {
  it.each([
    { name: 'a higher fee', after: [seats('20')], day: '2026-03-15' },
    { name: 'more of them', after: [seats('10', { quantity: '2' })], day: '2026-03-15' },
    { name: 'a lower fee', after: [seats('5')], day: '2026-04-01' },
    {
      name: 'the same fee at another discount',
      after: [seats('10', { modifiers: { percent_discount: '5' } })],
      day: '2026-04-01',
    },
  ])('in the running cycle begins $name on $day', ({ after, day }) => {
    expect(spans(amend(running([seats('10')]), { products: after }, '2026-03-15'))).toEqual([
      ['seats', null, day],
      ['seats', day, null],
    ])
  })

  it.each([
    {
      name: 'credited ones at their price',
      quantity: '2',
      amount: '10.00',
      isCredited: true,
      day: '2026-03-15',
    },
    { name: 'those without credit', quantity: '2', amount: '10', isCredited: false, day: '2026-04-01' },
    { name: 'those at a lower price', quantity: '2', amount: '9', isCredited: true, day: '2026-04-01' },
  ])('takes away seats, $name, on $day', ({ quantity, amount, isCredited, day }) => {
    const removals = isCredited ? { credit_removals: true as const } : {}
    const before = seats('10', { quantity: '3', ...removals })
    const after = seats(amount, { quantity, ...removals })
    const amended = spans(amend(running([before]), { products: [after] }, '2026-03-15'))
    expect(amended).toEqual([
      ['seats', null, day],
      ['seats', day, null],
    ])
  })

  it.each([
    { apply: 'now', day: '2026-03-15' },
    { apply: 'period_end', day: '2026-04-01' },
  ] as const)('applies any change $apply where it is asked to', ({ apply, day }) => {
    for (const amount of ['5', '20']) {
      const after = amend(running([seats('10')]), { products: [seats(amount)] }, '2026-03-15', { apply })
      expect(spans(after)[1]).toEqual(['seats', day, null])
    }
  })

  it('adds a product on the day, and takes one out at the end of the cycle', () => {
    const before = running([seats('10')])
    const after = amend(before, { products: [sold('support', flat('9'))] }, '2026-03-15')
    expect(spans(after)).toEqual([
      ['seats', null, '2026-04-01'],
      ['support', '2026-03-15', null],
    ])
  })

  it('changes a fee in arrears on the day, whichever way', () => {
    const arrears = (amount: string) => sold('support', flat(amount, 'in_arrears'))
    const after = amend(running([arrears('10')]), { products: [arrears('5')] }, '2026-03-15')
    expect(spans(after)[1]).toEqual(['support', '2026-03-15', null])
  })

  it('changes usage with the next cycle, and refuses to do it inside one', () => {
    const contract = running([calls('0.10')])
    expect(spans(amend(contract, { products: [calls('0.20')] }, '2026-03-15'))[1]).toEqual([
      'calls',
      '2026-04-01',
      null,
    ])
    expect(spans(amend(contract, { products: [calls('0.20')] }, '2026-04-15'))[1]?.[1]).toBe('2026-05-01')
    const now = () => amend(contract, { products: [calls('0.20')] }, '2026-03-15', { apply: 'now' })
    // The old price would end, and the new one begin, on a day that only the amendment names.
    expect(refusal(now)).toEqual(['invalid_contract', ['effective_date']])
  })

  it('is the contract itself where nothing changes', () => {
    const commitment = {
      amount: '100',
      period: 'year',
      true_up: true,
      overage_factor: '1',
      product_ref: null,
    } as const
    const contract = running([seats('10'), calls('0.10')], {
      net_terms: 14,
      commitments: [{ ...commitment, start_date: '2026-01-01', end_date: null }],
    })
    const again: ContractChange[] = [
      {},
      { net_terms: 14, po_number: null, timezone: 'UTC' },
      // Null takes away what is not there.
      { early_payment_discount: null, renewal: null, max_lateness_days: null },
      { commitment, tax: '0', discounts: [] },
      { products: [seats('10'), calls('0.10')] },
      { products: [calls('0.10'), seats('10', { billing_start_date: null })] },
    ]
    for (const change of again) expect(amend(contract, change, '2026-04-01')).toBe(contract)
    expect(amend(contract, { net_terms: 15 }, '2026-04-01').version).toBe(contract.version + 1)
    expect(amend(contract, { products: [seats('10')] }, '2026-04-01').version).toBe(contract.version + 1)
  })

  it('is the contract itself when the same change comes again, also one that is billed at once', () => {
    const change = { products: [seats('20')] }
    const once = amend(running([seats('10')]), change, '2026-03-15', { bill: 'now' })
    expect(once.version).toBe(2)
    expect(amend(once, change, '2026-03-15', { bill: 'now' })).toBe(once)
    expect(amend(once, change, '2026-03-15')).toBe(once)
    // What was to come with the next invoice can still be billed at once.
    const later = amend(running([seats('10')]), change, '2026-03-15')
    expect(amend(later, change, '2026-03-15', { bill: 'now' })).toMatchObject({
      version: 3,
      billsChangeAt: Date.parse('2026-03-15'),
    })
  })

  it('names a price that is agreed already where a product overlaps it', () => {
    const terms = termsOf([seats('10'), seats('12')])
    const paths = [undefined, 'products.0']
    expect(faultsOfTerms(terms, SOLD, { isRead: () => true, paths })).toEqual([
      {
        path: 'products.0.product_ref',
        message: 'is billed over the same days by a price agreed before; end that one first',
      },
    ])
  })

  it('tells at the paths of the amendment, and of the day with all else', () => {
    const contract = running([calls('0.10'), seats('10')])
    const wrong = sold('support', { type: 'unit', unit_amount: '1' })
    const change = { products: [seats('20'), wrong, sold('nothing', flat('1'))] }
    // In the terms they stand behind the prices that end: places 3 and 4.
    expect(refusal(() => amend(contract, change, '2026-04-01'))).toEqual([
      'invalid_contract',
      ['products.1.model', 'products.2.product_ref'],
    ])
    expect(refusal(() => amend(contract, change, '2026-02-10'))).toEqual([
      'effective_date_not_open',
      ['effective_date', 'products.1.model', 'products.2.product_ref'],
    ])
  })

  it('says nothing of prices that are past, however the product is measured by now', () => {
    const past = sold('calls', flat('5'), { billing_end_date: '2026-02-01' })
    const now = sold('calls', { type: 'unit', unit_amount: '1' }, { billing_start_date: '2026-02-01' })
    expect(amend(running([past, now]), { net_terms: 15 }, '2026-04-01').terms.net_terms).toBe(15)
    const dearer = amend(running([past, now]), { products: [calls('2')] }, '2026-04-01')
    expect(spans(dearer)).toEqual([
      ['calls', null, '2026-02-01'],
      ['calls', '2026-02-01', '2026-04-01'],
      ['calls', '2026-04-01', null],
    ])
  })

  it.each([
    { name: 'the last cycle', day: '2026-02-28' },
    { name: 'the time before the contract', day: '2025-12-31' },
  ])('refuses a day of $name', ({ day }) => {
    expect(refusal(() => amend(running([seats('10')]), { products: [seats('20')] }, day))).toEqual([
      'effective_date_not_open',
      ['effective_date'],
    ])
  })

  it('changes settings with the next invoice, whatever day of the running cycle is named', () => {
    expect(amend(running([seats('10')]), { net_terms: 60 }, '2026-03-15').terms.net_terms).toBe(60)
    for (const day of ['2026-04-15', '2026-05-01']) {
      expect(refusal(() => amend(running([seats('10')]), { net_terms: 60 }, day))).toEqual([
        'effective_date_not_open',
        ['effective_date'],
      ])
    }
  })

  it('bills a change at once on its day, once the fees of the cycle are billed', () => {
    const change = { products: [seats('20')] }
    const now = { bill: 'now' } as const
    expect(amend(running([seats('10')]), change, '2026-03-15').billsChangeAt).toBeNull()
    expect(amend(running([seats('10')]), change, '2026-03-15', now).billsChangeAt).toBe(
      Date.parse('2026-03-15'),
    )
    // Twenty days from a boundary to its invoice: that of 1 March is made on the 21st.
    const late = running([seats('10')], { issue_offset_days: 20 })
    expect(amend(late, change, '2026-03-15', now).billsChangeAt).toBe(Date.parse('2026-03-21'))
    // Nothing of April is billed yet: its fee is split by its own invoice.
    expect(amend(running([seats('10')]), change, '2026-04-15', now).billsChangeAt).toBeNull()
  })

  it('counts a trial from the day on which its price begins, and bills what follows at its end', () => {
    const after = amend(
      running([seats('10')]),
      { products: [seats('10'), sold('support', flat('31'), { trial_end_date: '2026-03-25' })] },
      '2026-03-15',
    )
    expect(after.billsChangeAt).toBe(Date.parse('2026-03-25'))
    const counted = amend(
      running([seats('10')]),
      { products: [seats('10'), { ...sold('support', flat('31')), trial_days: 10 }] },
      '2026-03-15',
    )
    expect(counted.terms.products[1]).toMatchObject({
      billing_start_date: '2026-03-15',
      trial_end_date: '2026-03-25',
    })
    // Sent again as it was asked for, it goes on.
    const again = amend(
      counted,
      { products: [seats('10'), { ...sold('support', flat('31')), trial_days: 10 }] },
      '2026-03-20',
    )
    expect(again.terms.products).toEqual(counted.terms.products)
  })

  it('keeps the zone of the running cycle to its end', () => {
    const after = amend(running([seats('10')]), { timezone: 'Asia/Tokyo' }, '2026-03-15')
    expect(after.terms).toMatchObject({
      timezone: 'Asia/Tokyo',
      earlier_zones: [{ timezone: 'UTC', until: '2026-04-01' }],
    })
    // March is over, though not invoiced: April is the running cycle.
    const waiting = amend(
      running([seats('10')]),
      { timezone: 'Asia/Tokyo' },
      '2026-04-01',
      {},
      Date.parse('2026-04-02'),
    )
    expect(waiting.terms.earlier_zones).toEqual([{ timezone: 'UTC', until: '2026-05-01' }])
  })

  it('refuses a zone that leaves a cycle of one day no time', () => {
    const daily = running(
      [seats('10')],
      { timezone: 'Pacific/Pago_Pago', billing_cycle: { unit: 'DAILY', cycle: 1 } },
      70,
    )
    // Boundary 70 is 12 March at 11:00Z; 13 March begins at 10:00Z of the 12th on Kiritimati.
    const change = () => amend(daily, { timezone: 'Pacific/Kiritimati' }, '2026-03-12')
    expect(refusal(change)).toEqual(['invalid_contract', ['timezone']])
  })
})
