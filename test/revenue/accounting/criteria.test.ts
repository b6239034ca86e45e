import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sum } from '../../../src/kernel/money.ts'
import { acceptFact } from '../../../src/revenue/accounting/accept-fact.ts'
import type { AccountingContract } from '../../../src/revenue/accounting/accounting-contract.ts'
import { unmetDays } from '../../../src/revenue/accounting/criteria.ts'
import { type Fact, factsOf } from '../../../src/revenue/accounting/facts.ts'
import { planContract } from '../../../src/revenue/accounting/plan.ts'
import { planGroup } from '../../../src/revenue/accounting/plan-group.ts'
import { isUnmetOn } from '../../../src/revenue/transaction-price/contract-criteria.ts'
import { accountingContract, fact, fee, monthly, product, terms } from './contracts.ts'
import { contracts, month } from './generated.ts'

const likely = (date: string, collection_probability: string) =>
  fact(date, { kind: 'criteria', collection_probability })
const kept = (date: string, more: Partial<Extract<Fact['body'], { kind: 'non_refundable' }>> = {}) =>
  fact(date, {
    ...{ kind: 'non_refundable', key: 'paid', event: 'terminated', product_ref: 'seats', amount: '120' },
    ...more,
  })

/** Seats for 100.00 a month, and no selling price: revenue follows invoice lines. */
const lines = (...facts: Fact[]) =>
  accountingContract({
    products: [product('seats', 'month_even')],
    versions: [terms([fee('seats', '100')])],
    facts,
  })

const groupOf = ({ members: [{ versions, products }] }: AccountingContract, facts: readonly Fact[]) => ({
  ref: 'deal',
  members: [
    {
      row: {
        ...{ ref: 'deal', entityRef: 'seller', customerRef: 'buyer', currency: 'USD' },
        ...{ basis: null, basisReason: null, products: [] },
      },
      versions,
    },
  ] as const,
  catalogue: products,
  books: [],
  facts,
  entity: { rounding: 'half_up' as const, timezone: 'UTC', framework: 'both' as const },
})

describe('a contract that follows its invoice lines', () => {
  it('takes judgements of step 1, and what is kept on days without a contract', () => {
    const doubtful = likely('2026-01-01', '0.3')
    expect(() => acceptFact(groupOf(lines(), []), doubtful, 'ASC606')).not.toThrow()
    expect(() => acceptFact(groupOf(lines(), [doubtful]), kept('2026-07-01'), 'ASC606')).not.toThrow()
  })

  it.each([
    ['what is kept of a contract', [], kept('2026-07-01'), 'nothing_held_back'],
    ['what is kept before its days', [likely('2026-08-01', '0.3')], kept('2026-07-01'), 'nothing_held_back'],
    [
      'another product',
      [likely('2026-01-01', '0.3')],
      kept('2026-07-01', { product_ref: 'calls' }),
      'product_not_sold',
    ],
    [
      'an estimate',
      [],
      fact('2026-01-01', {
        ...{ kind: 'estimate', key: 'bonus', promised: 'inception', method: 'amount', amount: '1' },
      }),
      'not_planned_as_a_contract',
    ],
  ])('refuses %s', (_, known, stated, code) => {
    expect(() => acceptFact(groupOf(lines(), known), stated, 'ASC606')).toThrow(
      expect.objectContaining({ code }),
    )
  })

  it('plans what is kept in the books of each framework, and nothing else', () => {
    const facts = [likely('2026-01-01', '0.3'), kept('2026-07-01', { event: 'stopped' }), kept('2026-08-01')]
    const { planned } = planGroup(groupOf(lines(), facts), [], 0)
    expect(planned?.schedules.map(({ book, productRef, amount }) => [book, productRef, amount])).toEqual([
      ['primary', 'seats', 12_000n],
      // The same amount, a month later.
      ['secondary', 'seats', 0n],
    ])
    expect(planned?.entries.map(({ postingDate, amount }) => [postingDate, amount]).sort()).toEqual([
      ['2026-07-01', -12_000n],
      ['2026-07-01', 12_000n],
      ['2026-08-01', 12_000n],
    ])
    expect(planGroup(groupOf(lines(), []), [], 0).planned).toBeUndefined()
  })
})

describe('the criteria, whatever the contract', () => {
  const judged = fc
    .array(fc.record({ date: month(1, 12), probability: fc.constantFrom('0.4', '0.6', '0.9') }), {
      maxLength: 4,
    })
    .map((list) => list.map(({ date, probability }) => likely(date, probability)))
  const through = (portions: readonly { date: string; amount: bigint }[], day: string) =>
    sum(portions.filter(({ date }) => date <= day).map(({ amount }) => amount))

  it('hold revenue back on their days alone, in the books of each framework', () => {
    fc.assert(
      fc.property(contracts, judged, (contract, facts) => {
        const all = { ...contract, facts: [...contract.facts, ...facts] }
        const days = unmetDays(factsOf(facts, 'criteria'), 'both') ?? { primary: [], secondary: [] }
        for (const [framework, unmet] of [
          ['ASC606', days.primary],
          ['IFRS15', days.secondary ?? []],
        ] as const) {
          const natural = planContract(contract, framework).plan.portions
          const held = planContract(all, framework).plan.portions
          for (const { date } of [...natural, ...held].filter((one) => !isUnmetOn(unmet, one.date)))
            expect(through(held, date)).toBe(through(natural, date))
        }
      }),
      { numRuns: 40 },
    )
  })

  it('are judged from the day on that is stated, and what was revenue before stays', () => {
    const year = accountingContract({
      products: [product('licence', 'point_in_time', { on_delivery: true }, 'one_time')],
      versions: [terms([fee('licence', '600')])],
      facts: [
        fact('2026-02-10', { kind: 'delivery', delivery_ref: 'd', product_ref: 'licence' }),
        likely('2026-02-01', '0.5'),
        likely('2026-05-01', '0.8'),
      ],
    })
    expect(monthly(year)).toEqual({ '2026-05': 60_000n })
  })
})
