import { describe, expect, it } from 'vitest'
import { creditTermsField } from '../../src/catalog/credit-terms.http.ts'
import { productBody } from '../../src/catalog/product.http.ts'
import { planDue } from '../../src/credits/lapse.ts'
import { move, untouched } from '../../src/credits/movement.ts'
import { creditFor, type SoldLine, soldGrant } from '../../src/credits/sold-credit.ts'
import { at } from './grants.ts'

type Sent = Parameters<typeof creditTermsField.parse>[0]

const termsOf = (sent: Sent = {}) => creditTermsField.parse(sent)

/** 1,000.00 for 1,200.00 of credit, on an invoice of 1 February 2026 for February. */
const lineOf = (sent: Sent = {}, more: Partial<SoldLine> = {}): SoldLine => ({
  id: 'line-1',
  invoiceId: 'inv-1',
  customerRef: 'acme',
  entityRef: 'seller',
  timezone: 'UTC',
  currency: 'USD',
  name: 'Pack',
  costBasis: 100_000n,
  credit: { ...termsOf(sent), amount: '120000' },
  isTaxed: false,
  serviceStart: '2026-02-01',
  serviceEnd: '2026-03-01',
  issuedAt: at('2026-02-01T09:00:00Z'),
  ...more,
})

describe('the credit that a price buys', () => {
  it.each([
    ['as much as is paid', {}, 100_00n, 100_00n],
    // 1,000.00 × 1,200 ÷ 1,000
    ['a bonus', { paid: '1000.00', granted: '1200.00' }, 1_000_00n, 1_200_00n],
    // Half a month of it: 500.00 × 1.2
    ['a part of it', { paid: '1000.00', granted: '1200.00' }, 500_00n, 600_00n],
    // 49.99 × 60.00 ÷ 49.99, which no decimal rate gives.
    ['a price that does not divide', { paid: '49.99', granted: '60.00' }, 49_99n, 60_00n],
    // 0.02 × 4/3 = 0.0266…
    ['thirds, rounded up', { paid: '3', granted: '4' }, 2n, 3n],
    // 0.01 × 4/3 = 0.0133…
    ['thirds, rounded down', { paid: '3', granted: '4' }, 1n, 1n],
    ['nothing', { paid: '1000.00', granted: '1200.00' }, 0n, 0n],
  ])('%s', (_, sent, price, credit) => {
    expect(creditFor(termsOf(sent), price)).toBe(credit)
  })
})

describe('the grant that a line sells', () => {
  it('costs what the line nets, is held until it is paid, and is good from the issue on', () => {
    expect(soldGrant(lineOf())).toMatchObject({
      kind: 'paid',
      source: 'invoice',
      sourceId: 'line-1',
      invoiceId: 'inv-1',
      onPayment: true,
      amount: 120_000n,
      costBasis: 100_000n,
      moneyAccount: null,
      priority: 50,
      effectiveAt: at('2026-02-01T09:00:00Z'),
      expiresAt: null,
      recurrence: null,
      expectedUse: null,
    })
    expect(soldGrant(lineOf()).ref).toBe(soldGrant(lineOf()).ref)
    expect(soldGrant(lineOf()).ref).not.toBe(soldGrant(lineOf({}, { id: 'line-2' })).ref)
    expect(soldGrant(lineOf({ available: 'on_issue' })).onPayment).toBe(false)
  })

  it.each([
    ['pays like money where it was not taxed', {}, false, false],
    ['comes before tax where it was taxed when it was sold', {}, true, true],
    ['does as it is told', { before_tax: false }, true, false],
  ])('%s', (_, sent, isTaxed, beforeTax) => {
    expect(soldGrant(lineOf(sent, { isTaxed })).beforeTax).toBe(beforeTax)
  })

  it.each([
    ['counts from the first day of a service ahead', {}, '2026-03-01'],
    [
      'also where the invoice came with days of grace',
      { issuedAt: at('2026-02-04T00:00:00Z') },
      '2026-03-01',
    ],
    [
      'counts from the day of issue where the service is over',
      { serviceStart: '2025-12-01', serviceEnd: '2026-01-01', issuedAt: at('2026-01-31T12:00:00Z') },
      '2026-02-28',
    ],
    [
      // 23:30 UTC on 31 January is 1 February in Berlin, whose 1 March begins at 23:00 UTC.
      'counts days where the seller keeps its books',
      {
        timezone: 'Europe/Berlin',
        serviceStart: '2026-01-01',
        serviceEnd: '2026-02-01',
        issuedAt: at('2026-01-31T23:30:00Z'),
      },
      '2026-02-28T23:00:00Z',
    ],
  ])('%s', (_, more, expires) => {
    const { expiresAt } = soldGrant(lineOf({ expires_after: { unit: 'MONTHLY' } }, more))
    expect(expiresAt).toBe(at(expires))
  })

  it('expects a part of it to be used', () => {
    // 1,200.00 × 90 %
    expect(soldGrant(lineOf({ expected_use_percent: '90' })).expectedUse).toBe(108_000n)
  })

  it('rolls its leftover over once, and is followed by no grant that nobody pays for', () => {
    const terms = { expires_after: { unit: 'MONTHLY' as const }, rollover: { cap: '300.005' } }
    const grant = soldGrant(lineOf(terms))
    expect(grant.recurrence?.rollover).toEqual({ sharePercent: '100', cap: '30000' })
    const used = move(untouched(grant), {
      kind: 'burnt',
      amount: 72_000n,
      invoiceId: 'x',
      actor: 'billing',
      at: 1,
    })
    const { grants, moved } = planDue(used.state, at('2026-03-09'))
    // 720.00 of 1,200.00 are used, for 600.00. Of 480.00 300.00 go on, for 250.00; 180.00 lapse, for 150.00.
    expect(moved.map(({ movement: { kind, amount, released } }) => [kind, amount, released])).toEqual([
      ['rolled_over', 30_000n, 25_000n],
      ['expired', 18_000n, 15_000n],
    ])
    expect(grants).toMatchObject([
      {
        source: 'rollover',
        sourceId: 'line-1',
        invoiceId: 'inv-1',
        amount: 30_000n,
        costBasis: 25_000n,
        effectiveAt: at('2026-03-01'),
        expiresAt: at('2026-04-01'),
        recurrence: null,
      },
    ])
  })

  it('does not lapse into revenue before it is paid for', () => {
    const grant = soldGrant(lineOf({ expires_after: { unit: 'MONTHLY' } }))
    const held = { ...untouched(grant), isHeld: true }
    expect(planDue(held, at('2027-01-01'))).toMatchObject({ grants: [], moved: [] })
    expect(planDue(untouched(grant), at('2027-01-01')).moved).toMatchObject([
      { movement: { kind: 'expired', amount: 120_000n, released: 100_000n } },
    ])
  })
})

describe('a product that sells credit', () => {
  const product = (more: object) => ({ name: 'Pack', kind: 'one_time', grants_credit: {}, ...more })

  it('needs no more than that it does', () => {
    expect(productBody.parse(product({})).grants_credit).toEqual({
      paid: '1',
      granted: '1',
      available: 'on_payment',
      priority: 50,
      billed_within_days: 7,
      overage: 'due',
    })
  })

  it.each([
    ['usage', { kind: 'usage' }, 'grants_credit'],
    ['a recognition of its own', { revenue: { recognition: 'daily' } }, 'revenue'],
    [
      'less credit than it costs',
      { grants_credit: { paid: '10', granted: '9.99' } },
      'grants_credit.granted',
    ],
    ['a slip of the hand', { grants_credit: { granted: '1000.01' } }, 'grants_credit.granted'],
    ['a price of nothing', { grants_credit: { paid: '0' } }, 'grants_credit.paid'],
    ['a rollover of what never ends', { grants_credit: { rollover: {} } }, 'grants_credit.rollover'],
    [
      'more than all of it used',
      { grants_credit: { expected_use_percent: '100.1' } },
      'grants_credit.expected_use_percent',
    ],
    [
      'none of it used',
      { grants_credit: { expected_use_percent: '0' } },
      'grants_credit.expected_use_percent',
    ],
    [
      'credit for credit',
      { product_ref: 'pack', grants_credit: { product_refs: ['calls', 'pack'] } },
      'grants_credit.product_refs',
    ],
    ['words that are not known', { grants_credit: { rate: '1.2' } }, 'grants_credit'],
  ])('refuses %s', (_, more, path) => {
    const read = productBody.safeParse(product(more))
    expect(read.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path])
  })
})
