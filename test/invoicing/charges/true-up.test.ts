import { describe, expect, it } from 'vitest'
import type { Commitment, ContractTerms } from '../../../src/contracts/contract.ts'
import { withCommitment } from '../../../src/contracts/terms/commitment.ts'
import { faultsOfTerms } from '../../../src/contracts/terms/faults.ts'
import type { SoldProduct } from '../../../src/contracts/terms/rule.ts'
import type { BilledCycle } from '../../../src/invoicing/charges/billed-cycle.ts'
import { planCycleClose } from '../../../src/invoicing/cycle/cycle-close.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { billed, closing, flat, sealed, unit, usage } from '../closing.ts'

const committed = (given: Partial<Commitment>): Commitment => ({
  amount: '1000',
  period: 'cycle',
  true_up: true,
  overage_factor: '1',
  product_ref: null,
  start_date: '2026-01-01',
  end_date: null,
  ...given,
})
const CALLS = sold('calls', unit('1'))
const SEATS = sold('seats', flat('300'))

const termsWith = (given: Partial<Commitment>, more: Partial<ContractTerms> = {}) =>
  termsOf([CALLS, SEATS], { commitments: [committed(given)], ...more })

/** The lines of a boundary whose closed cycle had so many calls at 1.00. */
const lines = (
  terms: ContractTerms,
  boundary: number,
  calls: string,
  more: Partial<Parameters<typeof closing>[2]> = {},
) => {
  const month = `2026-${String(boundary).padStart(2, '0')}`
  const input = { sealed: sealed(boundary, [usage('calls', { [month]: calls })]), ...more }
  return planCycleClose(closing(terms, boundary, input)).invoices.flatMap((invoice) =>
    invoice.lines.map((line) => [line.kind, line.serviceCycleNo, line.amount]),
  )
}
const fees = (...amounts: bigint[]): BilledCycle[] =>
  amounts.map((amount, place) => ({ cycleNo: place + 1, fees: amount, trueUp: 0n }))

describe('a commitment for each cycle', () => {
  it('bills what plan and usage of the closed cycle leave of it, and nothing at the start', () => {
    // January: 300.00 of seats were billed in advance, 340.50 of calls are; 1,000 − 640.50 = 359.50.
    const terms = termsWith({})
    expect(planCycleClose(closing(terms, 0)).invoices[0]!.subTotal).toBe(30000n)
    expect(lines(terms, 1, '340.5', { billedCycles: fees(30000n) })).toEqual([
      ['usage', 1, 34050n],
      ['recurring', 2, 30000n],
      ['true_up', 1, 35950n],
    ])
  })

  it('bills nothing where more was used, and ignores one-time fees', () => {
    const terms = termsOf([CALLS, sold('setup', flat('900'), { billing_start_date: '2026-01-15' })], {
      commitments: [committed({})],
    })
    expect(lines(terms, 1, '1000.01')).toEqual([
      ['usage', 1, 100001n],
      ['one_time', 1, 90000n],
    ])
    // 1,000 − 100, though setup was 900.
    expect(lines(terms, 1, '100')).toContainEqual(['true_up', 1, 90000n])
  })

  it('shrinks with a cycle that the contract covers in part, on the invoice of its end too', () => {
    // From 17 to 31 January: 15 of 31 days. 1,000 × 15/31 = 483.870…, less 145.16 of seats (300 × 15/31): 338.71.
    const terms = termsWith(
      { start_date: '2026-01-17' },
      { start_date: '2026-01-17', end_date: '2026-02-01' },
    )
    expect(lines(terms, 1, '0', { billedCycles: fees(14516n) })).toEqual([['true_up', 1, 33871n]])
  })

  it('multiplies what goes beyond it, with a true-up or without', () => {
    // 1,600 is 600 more than 1,000: 600 × 1.5 = 900, and 600 of it is in the usage already.
    const terms = termsOf([CALLS], { commitments: [committed({ overage_factor: '1.5', true_up: false })] })
    expect([lines(terms, 1, '1600'), lines(terms, 1, '400')]).toEqual([
      [
        ['usage', 1, 160000n],
        ['true_up', 1, 30000n],
      ],
      [['usage', 1, 40000n]],
    ])
  })

  it('gives a true-up back when late usage fills the cycle', () => {
    // January was 400 with 600 of true-up; 150 more came late, so the true-up is 450.
    const terms = termsOf([CALLS], { commitments: [committed({})] })
    const plan = lines(terms, 2, '1000', {
      sealed: sealed(
        2,
        [usage('calls', { '2026-02': '1000' })],
        [{ cycleNo: 1, ...usage('calls', { '2026-01': '550' }) }],
      ),
      billed: [billed('calls', 1, '400', { '2026-01': 40000n })],
      billedCycles: [{ cycleNo: 1, fees: 40000n, trueUp: 60000n }],
    })
    expect(plan).toEqual([
      ['usage', 2, 100000n],
      ['usage_adjustment', 1, 15000n],
      ['true_up', 1, -15000n],
    ])
  })

  it('stands on the invoice of its product where each has its own', () => {
    const terms = termsWith({ product_ref: 'calls' }, { invoicing: 'per_product' })
    const plan = planCycleClose(
      closing(terms, 1, {
        sealed: sealed(1, [usage('calls', { '2026-01': '0' })]),
        billedCycles: fees(30000n),
      }),
    )
    expect(plan.invoices.map(({ productRef, subTotal }) => [productRef, subTotal])).toEqual([
      ['calls', 70000n],
      ['seats', 30000n],
    ])
  })
})

describe('a commitment for a longer time', () => {
  const QUARTERS = { billing_cycle: { unit: 'QUARTERLY', cycle: 1 } } as const
  const calls = (more: Partial<ContractTerms>, given: Partial<Commitment>) =>
    termsOf([CALLS], { ...QUARTERS, commitments: [committed(given)], ...more })

  it('of each year is settled when the year is over', () => {
    const terms = calls({}, { period: 'year' })
    const three = fees(10000n, 20000n, 30000n)
    expect(lines(terms, 3, '300', { billedCycles: fees(10000n, 20000n) })).toEqual([['usage', 3, 30000n]])
    // 1,000 − (100 + 200 + 300 + 50) = 350
    expect(lines(terms, 4, '50', { billedCycles: three })).toEqual([
      ['usage', 4, 5000n],
      ['true_up', 4, 35000n],
    ])
    // The next year begins anew: nothing before its own end.
    const settled = [...three, { cycleNo: 4, fees: 5000n, trueUp: 35000n }]
    expect(lines(terms, 5, '10', { billedCycles: settled })).toEqual([['usage', 5, 1000n]])
  })

  it('of a year that the contract does not fill is due by its days', () => {
    // 1 January to 1 July: 181 of 365 days, 495.890…; 100 + 200 were used.
    const terms = calls({ end_date: '2026-07-01' }, { period: 'year' })
    expect(lines(terms, 2, '200', { billedCycles: fees(10000n) })).toContainEqual(['true_up', 2, 19589n])
  })

  it('of the contract is settled on its last invoice, by days where it ended early', () => {
    const given = { period: 'contract', end_date: '2027-01-01' } as const
    const whole = calls({ end_date: '2027-01-01' }, given)
    expect(lines(whole, 4, '50', { billedCycles: fees(10000n, 20000n, 30000n) })).toContainEqual([
      'true_up',
      4,
      35000n,
    ])
    // Cancelled to 1 October, after 273 of 365 days: 747.945… − 600.
    const early = calls({ end_date: '2026-10-01' }, given)
    expect(lines(early, 3, '300', { billedCycles: fees(10000n, 20000n) })).toContainEqual([
      'true_up',
      3,
      14795n,
    ])
  })

  it('ends where another begins, each settled for its own time', () => {
    // 1,000 for the year up to 1 July: 495.89 − 300. Then 2,000 a year from July on.
    const commitments = withCommitment(
      calls({}, { period: 'year' }),
      { ...committed({}), amount: '2000', period: 'year' },
      '2026-07-01',
    )
    const terms = calls({ commitments }, {})
    expect(lines(terms, 2, '200', { billedCycles: fees(10000n) })).toContainEqual(['true_up', 2, 19589n])
    const past = [
      { cycleNo: 1, fees: 10000n, trueUp: 0n },
      { cycleNo: 2, fees: 20000n, trueUp: 19589n },
      ...[3, 4, 5].map((cycleNo) => ({ cycleNo, fees: 10000n, trueUp: 0n })),
    ]
    expect(lines(terms, 5, '0', { billedCycles: past.slice(0, 4) })).toEqual([])
    // 2,000 − 4 × 100
    expect(lines(terms, 6, '100', { billedCycles: past })).toContainEqual(['true_up', 6, 160000n])
  })
})

it('a commitment must fit its contract', () => {
  const products = new Map<string, SoldProduct>([['calls', { kind: 'usage', metric: null }]])
  const wrong = committed({ period: 'contract', product_ref: 'nothing', overage_factor: '0.5' })
  const faults = faultsOfTerms(termsOf([CALLS], { commitments: [wrong] }), products)
  expect(faults.map(({ path }) => path)).toEqual([
    'commitment.period',
    'commitment.product_ref',
    'commitment.overage_factor',
  ])
})

describe('a committed quantity', () => {
  const ofCalls = { amount: '0', quantity: '1000', product_ref: 'calls' }

  it('counts at its unit price, and only the usage of its product counts towards it', () => {
    // 1,000 calls at 1.00; the seats do not count: 1,000 − 340.50 = 659.50.
    const before = [{ cycleNo: 1, fees: 30000n, trueUp: 0n, byProduct: { seats: 30000n } }]
    expect(lines(termsWith(ofCalls), 1, '340.5', { billedCycles: before })).toEqual([
      ['usage', 1, 34050n],
      ['recurring', 2, 30000n],
      ['true_up', 1, 65950n],
    ])
  })

  it('counts at the price of the day on which its window begins', () => {
    const half = { ...CALLS, model: unit('0.5'), billing_start_date: '2026-02-01' }
    const terms = termsOf([{ ...CALLS, billing_end_date: '2026-02-01' }, half], {
      commitments: [committed(ofCalls)],
    })
    // 1,000 × 0.5 − 400 × 0.5
    expect(lines(terms, 2, '400')).toEqual([
      ['usage', 2, 20000n],
      ['true_up', 2, 30000n],
    ])
  })

  it.each([
    { name: 'an amount besides', given: { amount: '5' }, path: 'commitment.quantity' },
    { name: 'no product', given: { product_ref: null }, path: 'commitment.product_ref' },
    { name: 'a fee', given: { product_ref: 'seats' }, path: 'commitment.quantity' },
  ])('is refused with $name', ({ given, path }) => {
    const sold: [string, SoldProduct][] = [
      ['calls', { kind: 'usage', metric: null }],
      ['seats', { kind: 'recurring', metric: null }],
    ]
    const faults = faultsOfTerms(termsWith({ ...ofCalls, ...given }), new Map(sold))
    expect(faults.map((fault) => fault.path)).toEqual([path])
  })
})
