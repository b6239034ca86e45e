import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Commitment, ContractTerms } from '../../../src/contracts/contract.ts'
import { windowOfCycle } from '../../../src/contracts/terms/commitment.ts'
import { elapsedAt } from '../../../src/contracts/terms/window-progress.ts'
import type { CountedService } from '../../../src/invoicing/charges/billed-cycle.ts'
import { addedByMonth } from '../../../src/invoicing/charges/commitment-months.ts'
import { dueAbove } from '../../../src/invoicing/charges/true-up.ts'
import { addMonths } from '../../../src/kernel/calendar.ts'
import { type Minor, sum } from '../../../src/kernel/money.ts'
import { multiply, rational, roundToInteger } from '../../../src/kernel/rational.ts'
import { termsOf } from '../../support/contract-terms.ts'

const MONTHS = Array.from({ length: 12 }, (_, at) => `2026-${String(at + 1).padStart(2, '0')}`)

const committed = (given: Partial<Commitment> = {}): Commitment => ({
  amount: '12000',
  period: 'year',
  true_up: true,
  overage_factor: '1',
  product_ref: null,
  start_date: '2026-01-01',
  end_date: null,
  ...given,
})
const yearOf = (given: Partial<Commitment> = {}, more: Partial<ContractTerms> = {}) =>
  termsOf([], { commitments: [committed(given)], ...more })

const usage = (byMonth: Record<string, Minor>): CountedService[] =>
  Object.entries(byMonth).map(([month, amount]) => ({
    productRef: 'calls',
    amount,
    serviceStart: `${month}-01`,
    serviceEnd: addMonths(`${month}-01`, 1),
    usageByMonth: { [month]: String(amount) },
  }))
const fee = (amount: Minor, serviceStart: string, serviceEnd: string): CountedService => ({
  productRef: 'seats',
  amount,
  serviceStart,
  serviceEnd,
  usageByMonth: {},
})

const added = (terms: ContractTerms, services: readonly CountedService[]) => {
  const fees = sum(services.map(({ amount }) => amount))
  return addedByMonth({ terms, rounding: 'half_up' }, windowOfCycle(terms, 1)!, { fees, services })
}
/** What the months hold in their order, those of nothing too. */
const ofYear = (months: Record<string, Minor>) => MONTHS.map((month) => months[month] ?? 0n)
/** Amounts of whole dollars from January on, then nothing. */
const dollars = (...amounts: number[]) => MONTHS.map((_, place) => BigInt(amounts[place] ?? 0) * 100n)
const byMonth = (amounts: readonly Minor[]) =>
  Object.fromEntries(amounts.map((amount, place) => [MONTHS[place]!, amount]))

describe('12,000 a year by months, a floor of 1,000.00 a month', () => {
  it.each<[string, number[], number[]]>([
    [
      // So far 500, 2,500, 2,500, 3,500: 500 short, then 500 above; March ends at 3,000 and April at 4,000.
      'is filled up, gives way, and is filled up again',
      [500, 2000, 0, 1000],
      [500, -500, 500, 0, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000],
    ],
    ['is all there is where nothing is used', [], Array(12).fill(1000)],
    ['is nothing where each month uses more', Array(12).fill(1001), []],
    ['is nothing where each month uses exactly as much', Array(12).fill(1000), []],
    [
      'begins when what was used at first is filled',
      [5000],
      [0, 0, 0, 0, 0, 1000, 1000, 1000, 1000, 1000, 1000, 1000],
    ],
    [
      'moves the revenue of use that comes at the end',
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 13000],
      [...Array(11).fill(1000), -11000],
    ],
  ])('%s', (_, used, expected) => {
    expect(ofYear(added(yearOf(), usage(byMonth(dollars(...used)))))).toEqual(dollars(...expected))
  })

  it('counts a fee by its days, also one for a year', () => {
    // 3,650.00 are 10.00 a day: 310.00 of January, 280.00 of February; the floor stays 1,000.00.
    const months = added(yearOf(), [fee(365000n, '2026-01-01', '2027-01-01')])
    expect(ofYear(months).slice(0, 3)).toEqual([69000n, 72000n, 69000n])
    expect(sum(Object.values(months))).toBe(1200000n - 365000n)
  })

  it('counts a fee in the window that it belongs to, by those of its days that lie there', () => {
    // 6,200.00 from December on for two months: all of it counts, in December. 11,000 were missing up to then.
    const months = added(yearOf(), [fee(620000n, '2026-12-01', '2027-02-01')])
    expect(ofYear(months)).toEqual(dollars(...Array(11).fill(1000), 12000 - 6200 - 11000))
  })

  it('bills what goes beyond it when it is used', () => {
    // 12,000 are reached in March; of 14,000 the last 2,000 count half as much again.
    const terms = yearOf({ overage_factor: '1.5' })
    expect(ofYear(added(terms, usage(byMonth(dollars(5000, 5000, 4000, 100)))))).toEqual(
      dollars(0, 0, 1000, 50),
    )
  })

  it('is no floor without a true-up', () => {
    const terms = yearOf({ true_up: false, overage_factor: '2' })
    expect(ofYear(added(terms, usage(byMonth(dollars(100, 12000)))))).toEqual(dollars(0, 100))
  })

  it('is a floor by the days of a cycle that lies in two months', () => {
    // 310.00 from 15 January to 15 February: 17 days, then 14.
    const dates = { start_date: '2026-01-15', anchor_date: '2026-01-15' }
    const terms = yearOf({ amount: '310', period: 'cycle', start_date: '2026-01-15' }, dates)
    expect(added(terms, [])).toEqual({ '2026-01': 17000n, '2026-02': 14000n })
  })
})

describe('whatever is used', () => {
  const worlds = fc.record({
    amount: fc.integer({ min: 0, max: 20000 }).map(String),
    factor: fc.constantFrom('1', '1.25', '2'),
    used: fc.array(fc.bigInt({ min: 0n, max: 300000n }), { minLength: 12, maxLength: 12 }),
    seats: fc.bigInt({ min: 0n, max: 600000n }),
    quarters: fc.boolean(),
  })
  const play = ({
    amount,
    factor,
    used,
    seats,
    quarters,
  }: typeof worlds extends fc.Arbitrary<infer T> ? T : never) => {
    const unit = quarters ? ('QUARTERLY' as const) : ('MONTHLY' as const)
    const terms = yearOf({ amount, overage_factor: factor }, { billing_cycle: { unit, cycle: 1 } })
    const services = [...usage(byMonth(used)), fee(seats, '2026-01-01', '2027-01-01')]
    const window = windowOfCycle(terms, 1)!
    return { terms, services, window, months: ofYear(added(terms, services)) }
  }
  /** What the fee of the year and the usage have cost by the end of a month. */
  const costs = (used: readonly Minor[], seats: Minor) =>
    MONTHS.map((month, place) => {
      const days = BigInt((Date.parse(addMonths(`${month}-01`, 1)) - Date.parse('2026-01-01')) / 86_400_000)
      return sum(used.slice(0, place + 1)) + roundToInteger(rational(seats * days, 365n))
    })
  const runningSums = (months: readonly Minor[]) => months.map((_, place) => sum(months.slice(0, place + 1)))

  it('the months add up to what the window owes', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { terms, window, services, months } = play(world)
        const fees = sum(services.map(({ amount }) => amount))
        expect(sum(months)).toBe(dueAbove(terms.currency, 'half_up', window, fees))
      }),
    )
  })

  it('what was earned never falls below the floor, and without overage is the larger of the two', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { terms, window, months } = play({ ...world, factor: '1' })
        const cost = costs(world.used, world.seats)
        const earned = runningSums(months).map((soFar, place) => soFar + cost[place]!)
        const floor = MONTHS.map((month) => {
          const elapsed = elapsedAt(terms, window, addMonths(`${month}-01`, 1))
          return roundToInteger(multiply(rational(BigInt(world.amount) * 100n), elapsed))
        })
        expect(earned).toEqual(cost.map((one, place) => (one > floor[place]! ? one : floor[place]!)))
        for (const [place, one] of earned.entries()) expect(one >= (earned[place - 1] ?? 0n)).toBe(true)
      }),
    )
  })

  it('it makes no difference on how many lines fees stand', () => {
    fc.assert(
      fc.property(worlds, fc.bigInt({ min: 0n, max: 600000n }), (world, part) => {
        const { terms, services } = play(world)
        const split = services.flatMap((one) =>
          one.productRef === 'seats'
            ? [
                { ...one, amount: part },
                { ...one, productRef: 'more', amount: one.amount - part },
              ]
            : one,
        )
        expect(added(terms, split)).toEqual(added(terms, services))
      }),
    )
  })
})
