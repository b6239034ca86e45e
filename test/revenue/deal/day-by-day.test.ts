import fc from 'fast-check'
import { expect, it } from 'vitest'
import { rational } from '../../../src/kernel/rational.ts'
import { planDeal, revenueThrough } from '../../../src/revenue/deal/deal.ts'
import { policyOf } from '../../../src/revenue/policy.ts'
import { type Change, DayByDay, dayOf, type Service } from './day-by-day.ts'
import { amendmentOf, dealOf } from './deals.ts'

const service = (key: string, from: number): fc.Arbitrary<Service> =>
  fc
    .record({
      ssp: fc.integer({ min: 1, max: 1_000_000 }),
      start: fc.integer({ min: from, max: from + 200 }),
      days: fc.integer({ min: 1, max: 400 }),
      isSeries: fc.boolean(),
    })
    .map(({ days, ...own }) => ({ ...own, key, end: own.start + days }))

/** Goes on to the end, so that there is always something left that a change of the price can be for. */
const last: Service = { key: 'last', ssp: 50_000, start: 0, end: 1_400, isSeries: true }
const signed = fc.tuple(service('a', 0), service('b', 0)).map((services) => [...services, last])

/** Each at its own time: an addition at its selling price or another one, with or without more days of a service. */
const changes: fc.Arbitrary<Change[]> = fc
  .tuple(...[100, 250, 400].map((from, place) => change(from, `added-${place}`)))
  .chain((all) => fc.subarray(all))

function change(from: number, key: string): fc.Arbitrary<Change> {
  return fc
    .record({
      day: fc.integer({ min: from, max: from + 149 }),
      added: fc.option(service(key, from + 150), { nil: undefined }),
      price: fc.option(fc.integer({ min: 0, max: 500_000 }), { nil: undefined }),
      longer: fc.option(
        fc.record({ key: fc.constantFrom('a', 'b', 'last'), more: fc.integer({ min: 1, max: 60 }) }),
        {
          nil: undefined,
        },
      ),
    })
    .map(({ day, added, price, longer }) => ({
      day,
      price: price ?? added?.ssp ?? 0,
      adds: added ? [added] : [],
      ...(longer && {
        longer: {
          key: longer.key,
          end: longer.key === 'last' ? 1_400 : Math.max(day, 200) + 1 + longer.more,
        },
      }),
    }))
}

const spanOf = ({ start, end }: Service) => ({ by: 'daily' as const, start: dayOf(start), end: dayOf(end) })
const promiseOf = (own: Service) => ({
  key: own.key,
  ssp: { is: 'point' as const, amount: rational(BigInt(own.ssp)) },
  measure: spanOf(own),
  isSeries: own.isSeries,
})

it('every modification is what the standard makes of it, day by day', () => {
  const policy = policyOf('IFRS15')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5_000_000 }), signed, changes, (price, services, made) => {
      const started = new Map(services.map((own) => [own.key, own]))
      const amendments = made.map(({ day, price: priceChange, adds, longer }) => {
        const own = longer && started.get(longer.key)!
        return amendmentOf({
          date: dayOf(day),
          priceChange: BigInt(priceChange),
          adds: adds.map(promiseOf),
          changes: own ? [{ key: own.key, measure: spanOf({ ...own, end: longer.end }) }] : [],
        })
      })
      const { portions } = planDeal(dealOf(BigInt(price), services.map(promiseOf), amendments), policy)
      const oracle = new DayByDay(price, services)
      for (const one of made) oracle.change(one)
      for (const { key } of [...services, ...made.flatMap(({ adds }) => adds)]) {
        const own = portions.filter((portion) => portion.key === key)
        for (const { date } of own.filter(({ cause }) => cause === 'performance')) {
          const day = Math.round((Date.parse(date) - Date.parse('2026-01-01')) / 86_400_000)
          // A unit for each division that rounded it, and for what that moved.
          const gap = Math.abs(Number(revenueThrough(own, date)) - oracle.earned(key, day))
          expect(gap, `${key} on ${date}`).toBeLessThan(2 + 2 * made.length)
        }
      }
    }),
    { numRuns: 100 },
  )
})
