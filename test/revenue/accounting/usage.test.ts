import { describe, expect, it } from 'vitest'
import type { ContractTerms } from '../../../src/contracts/contract.ts'
import { formatDecimal } from '../../../src/kernel/rational.ts'
import { acceptFact } from '../../../src/revenue/accounting/accept-fact.ts'
import type { Fact, FactBody } from '../../../src/revenue/accounting/facts.ts'
import type { Group } from '../../../src/revenue/accounting/group.ts'
import { planContract } from '../../../src/revenue/accounting/plan.ts'
import { estimatesOn, usageEstimates } from '../../../src/revenue/accounting/usage-estimate.ts'
import { policyReasons, usagePolicies } from '../../../src/revenue/accounting/usage-policy.ts'
import { policyOf } from '../../../src/revenue/policy.ts'
import { paragraphOf } from '../../../src/revenue/reason.ts'
import { accountingContract, book, fact, fee, product, ssp, terms } from './contracts.ts'

const platform = product('platform', 'daily')
const calls = product('calls', 'usage', {}, 'usage')
const products = new Map([platform, calls].map((one) => [one.ref, one]))

const perCall = fee('calls', '', { model: { type: 'unit', unit_amount: '0.01' } as never })
const signed = terms([fee('platform', '100'), perCall])

const judged = (date: string, policy: 'right_to_invoice' | 'variable_allocation', reason = 'Overage') =>
  fact(date, { kind: 'usage_policy', product_ref: 'calls', policy }, { reason })

const estimate = (date: string, more: Partial<Extract<FactBody, { kind: 'estimate' }>> = {}) =>
  fact(date, {
    kind: 'estimate',
    key: 'calls of the year',
    promised: 'inception',
    method: 'amount',
    amount: '1200',
    target: 'calls',
    until: '2026-12-31',
    ...more,
  })

describe('the policy of a usage product', () => {
  it.each([
    ['by default', {}, 'right_to_invoice', 'default'],
    ['as the product is set', { usage_policy: 'variable_allocation' }, 'variable_allocation', 'product'],
  ] as const)('%s', (_, revenue, policy, decidedBy) => {
    const held = usagePolicies({ ...calls, revenue }, [], '2026-01-01')
    expect(held).toEqual([{ from: '2026-01-01', policy, decidedBy, reason: null }])
  })

  it('a judgement holds from its day on, and of two for one day the last', () => {
    const facts = [
      judged('2026-07-01', 'variable_allocation', 'Overage'),
      judged('2026-09-01', 'variable_allocation', 'Mistaken'),
      judged('2026-09-01', 'right_to_invoice', 'List price'),
      fact('2026-03-01', { kind: 'usage_policy', product_ref: 'other', policy: 'variable_allocation' }),
    ]
    expect(
      usagePolicies(calls, facts, '2026-01-01').map((one) => [one.from, one.policy, one.reason]),
    ).toEqual([
      ['2026-01-01', 'right_to_invoice', null],
      ['2026-07-01', 'variable_allocation', 'Overage'],
      ['2026-09-01', 'right_to_invoice', 'List price'],
    ])
  })

  it('judged before the contract holds from its first day', () => {
    const held = usagePolicies(calls, [judged('2025-12-01', 'variable_allocation')], '2026-01-01')
    expect(held.map(({ from, policy }) => [from, policy])).toEqual([['2026-01-01', 'variable_allocation']])
  })

  const committed = (more: object): ContractTerms => ({
    ...signed,
    commitments: [
      {
        ...{ amount: '500', period: 'cycle', true_up: true, overage_factor: '1', product_ref: null },
        ...{ start_date: '2026-01-01', end_date: '2027-01-01' },
        ...more,
      } as never,
    ],
  })
  const tiers = terms([{ ...perCall, accumulate: {} as never }])

  it.each([
    ['plain terms', signed, 0],
    ['a minimum that is billed', committed({}), 1],
    ['a minimum that only prices what goes beyond it', committed({ true_up: false }), 0],
    ['a minimum of this product', committed({ amount: '0', quantity: '9', product_ref: 'calls' }), 1],
    ['a minimum of another product', committed({ amount: '0', quantity: '9', product_ref: 'seats' }), 0],
    ['nothing committed any more', committed({ amount: '0' }), 0],
    ['tiers that go on from cycle to cycle', tiers, 1],
  ])('the right to invoice says what to look at: %s', (_, agreed, doubts) => {
    const said = policyReasons('calls', 'right_to_invoice', agreed)
    expect(said).toHaveLength(1 + doubts)
    expect(said.map(({ rule }) => paragraphOf(rule, 'IFRS15'))).toEqual(said.map(() => 'IFRS 15.B16'))
    expect(policyReasons('calls', 'variable_allocation', agreed).map(({ rule }) => rule)).toEqual([
      'variable_to_one',
    ])
  })
})

describe('an estimate of usage', () => {
  const read = (...facts: Fact[]) =>
    usageEstimates(facts, products, { currency: 'USD', signedOn: '2026-01-01' }, policyOf('IFRS15'))

  it('is constrained by the confidence of the policy', () => {
    // 900 at 30 %, 600 at 50 %, 300 at 20 %: 270 + 300 + 60 = 630; 600 or more are reached by 80 %, at least 75 %.
    const [one] = read(
      estimate('2026-04-01', {
        ...{ method: 'expected_value', amount: undefined, constraint: {} },
        outcomes: [
          { amount: '900', probability: '0.3' },
          { amount: '600', probability: '0.5' },
          { amount: '300', probability: '0.2' },
        ],
      }),
    )
    expect(one).toMatchObject({
      ...{ key: 'calls of the year', productRef: 'calls', included: 600_00n },
      ...{ from: '2026-04-01', start: '2026-04-01', end: '2027-01-01' },
    })
    expect(formatDecimal(one!.estimate)).toBe('63000')
  })

  it('does not reach back before the contract, and leaves those of fees out', () => {
    const bonus = estimate('2026-01-01', { key: 'bonus', target: 'platform', until: undefined })
    expect(read(estimate('2025-12-20'), bonus).map(({ key, start }) => [key, start])).toEqual([
      ['calls of the year', '2026-01-01'],
    ])
  })

  it('holds until the next of its key', () => {
    const all = read(
      estimate('2026-06-01', { amount: '700' }),
      estimate('2026-01-01'),
      estimate('2026-01-01', { key: 'campaign', amount: '90' }),
      estimate('2026-06-01', { amount: '800' }),
    )
    const held = (day: string) => estimatesOn(all, day).map(({ key, included }) => [key, included])
    expect(held('2025-12-31')).toEqual([])
    expect(held('2026-05-31')).toEqual([
      ['calls of the year', 1200_00n],
      ['campaign', 90_00n],
    ])
    expect(held('2026-06-01')).toEqual([
      ['calls of the year', 800_00n],
      ['campaign', 90_00n],
    ])
  })

  it('takes no part in the price and its allocation', () => {
    const books = [book([ssp('platform', '100')])]
    const plan = (facts: Fact[]) =>
      planContract(
        accountingContract({ products: [...products.values()], versions: [signed], books, facts }),
        'IFRS15',
      )
    const [without, stated] = [
      plan([]),
      plan([estimate('2026-01-01'), judged('2026-01-01', 'variable_allocation')]),
    ]
    expect(stated.plan.price.total).toBe(1200_00n)
    expect(stated.obligations).toEqual(without.obligations)
  })
})

describe('taking in what is said of usage', () => {
  const group = (
    agreed: ContractTerms,
    facts: Fact[] = [],
    books = [book([ssp('platform', '100')])],
  ): Group => ({
    ref: 'deal',
    members: [
      {
        row: {
          ...{ ref: 'deal', entityRef: 'seller', customerRef: 'buyer', currency: 'USD' },
          ...{ basis: null, basisReason: null, products: [] },
        },
        versions: [{ version: 1, effectiveDate: agreed.start_date, terms: agreed, createdAt: 1 }],
      },
    ],
    catalogue: products,
    books,
    facts,
    entity: { rounding: 'half_up', timezone: 'UTC', framework: 'both' },
  })
  const endless = { ...signed, end_date: null }
  const lines = group(signed, [], [])

  it.each([
    ['an estimate', group(signed), estimate('2026-01-01')],
    ['an estimate of a contract by lines', lines, estimate('2026-01-01')],
    ['an estimate before the contract', lines, estimate('2025-12-31')],
    ['the next estimate', group(signed, [estimate('2026-01-01')]), estimate('2026-02-01', { amount: '1' })],
    ['a policy of a contract by lines', lines, judged('2026-01-01', 'variable_allocation')],
    ['a policy of a contract without an end', group(endless), judged('2026-01-01', 'variable_allocation')],
  ])('%s', (_, known, stated) => {
    expect(() => acceptFact(known, stated, 'ASC606')).not.toThrow()
  })

  const bonus = estimate('2026-01-01', { target: undefined, until: undefined })
  it.each([
    ['without a fixed term', group(endless), estimate('2026-01-01'), 'no_fixed_term'],
    [
      'with notice',
      group({ ...signed, termination_notice_days: 30 }),
      estimate('2026-01-01'),
      'no_fixed_term',
    ],
    ['beyond the term', lines, estimate('2026-01-01', { until: '2027-01-01' }), 'beyond_the_term'],
    ['after the term', lines, estimate('2027-01-01', { until: undefined }), 'beyond_the_term'],
    ['of no days', lines, estimate('2026-05-02', { until: '2026-05-01' }), 'invalid_request'],
    ['before the contract', lines, estimate('2025-11-01', { until: '2025-12-31' }), 'invalid_request'],
    ['below zero', lines, estimate('2026-01-01', { amount: '-0.01' }), 'estimate_below_zero'],
    ['without an amount', lines, estimate('2026-01-01', { amount: undefined }), 'invalid_request'],
    ['of a fee by lines', lines, estimate('2026-01-01', { target: 'platform' }), 'not_planned_as_a_contract'],
    [
      'of a fee with a last day',
      group(signed),
      estimate('2026-01-01', { target: 'platform' }),
      'invalid_request',
    ],
    ['of something else', group(signed), estimate('2026-01-01', { target: 'seats' }), 'invalid_request'],
    ['by the key of a bonus', group(signed, [bonus]), estimate('2026-01-01'), 'estimate_of_something_else'],
    ['as a bonus', group(signed, [estimate('2026-01-01')]), bonus, 'estimate_of_something_else'],
    [
      'as a policy of a fee',
      lines,
      fact('2026-01-01', { kind: 'usage_policy', product_ref: 'platform', policy: 'right_to_invoice' }),
      'product_not_sold',
    ],
  ])('not an estimate %s', (_, known, stated, code) => {
    expect(() => acceptFact(known, stated, 'ASC606')).toThrow(expect.objectContaining({ code }))
  })
})
