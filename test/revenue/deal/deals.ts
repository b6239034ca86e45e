import fc from 'fast-check'
import { addDays } from '../../../src/kernel/calendar.ts'
import { rational } from '../../../src/kernel/rational.ts'
import type { Deal } from '../../../src/revenue/deal/deal.ts'
import type { DealObligation } from '../../../src/revenue/deal/promises.ts'
import type { Amendment } from '../../../src/revenue/modification/amendment.ts'
import type { Measure } from '../../../src/revenue/recognition/measure.ts'
import type {
  CriteriaJudgement,
  UnmetSpan,
} from '../../../src/revenue/transaction-price/contract-criteria.ts'

/** Generated deals for the laws: one to four obligations of every measure, and up to three amendments. */

export const day = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).map((days) => addDays('2026-01-01', days))

const timed = fc.record({
  by: fc.constantFrom('daily', 'month_even', 'month_even_prorated_ends'),
  start: day(0, 200),
  end: day(201, 900),
}) as fc.Arbitrary<Measure>

const units: fc.Arbitrary<Measure> = fc
  .array(fc.record({ date: day(0, 900), quantity: fc.integer({ min: 1, max: 50 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((events) => ({
    by: 'units',
    deliveries: events.map(({ date, quantity }) => ({ date, quantity: rational(BigInt(quantity)) })),
    totals: [
      {
        from: '1900-01-01',
        quantity: rational(BigInt(events.reduce((sum, { quantity }) => sum + quantity, 0))),
      },
    ],
  }))

const atOnce: fc.Arbitrary<Measure> = day(0, 900).map((date) => ({ by: 'point_in_time', date }))

const milestones: fc.Arbitrary<Measure> = fc
  .array(fc.record({ date: day(0, 900), weight: fc.integer({ min: 1, max: 9 }) }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((list) => ({
    by: 'milestones',
    milestones: list.map(({ date, weight }) => ({ date, weight: rational(BigInt(weight)) })),
  }))

export const measures = fc.oneof(timed, units, atOnce, milestones)

const obligationNamed = (key: string): fc.Arbitrary<DealObligation> =>
  fc.record({
    key: fc.constant(key),
    ssp: fc
      .integer({ min: 1, max: 1_000_000 })
      .map((n) => ({ is: 'point' as const, amount: rational(BigInt(n), 7n) })),
    measure: measures,
    isSeries: fc.boolean(),
  })

export const money = (max = 10_000_000) => fc.bigInt({ min: BigInt(-max), max: BigInt(max) })

const KEYS = ['a', 'b', 'c', 'd']

export const obligations: fc.Arbitrary<DealObligation[]> = fc
  .integer({ min: 1, max: 4 })
  .chain((count) => fc.tuple(...KEYS.slice(0, count).map(obligationNamed)))

export const dealOf = (
  price: bigint,
  promised: readonly DealObligation[],
  amendments: Amendment[] = [],
): Deal => ({
  criteria: [],
  price: { fixed: price, variable: [], payable: [], taxes: [] },
  obligations: promised,
  usage: [],
  changes: amendments.map((amendment) => ({ amendment })),
})

/** Judgements by which there is no contract on the days of the spans. */
export const judgedBy = (spans: readonly UnmetSpan[]): CriteriaJudgement[] =>
  spans.flatMap(({ from, until }) => [
    { from, facts: { approved: false } },
    ...(until === undefined ? [] : [{ from: until, facts: { approved: true } }]),
  ])

export const amendmentOf = (fields: Partial<Amendment>): Amendment => ({
  date: '2026-06-01',
  priceChange: 0n,
  adds: [],
  changes: [],
  removes: [],
  credits: [],
  ...fields,
})

/** Always left to deliver, so that there is something a change of the price can be for. */
const later: Measure = { by: 'point_in_time', date: '2029-01-01' }

/** Price changes, credits and added promises; the first of them may end `a`. */
export const amendments: fc.Arbitrary<Amendment[]> = fc
  .array(
    fc.record({
      date: day(1, 800),
      priceChange: money(1_000_000),
      credit: fc.bigInt({ min: 0n, max: 50_000n }),
      ssp: fc.integer({ min: 1, max: 100_000 }),
      measure: fc.oneof(measures, fc.constant(later)),
      endsFirst: fc.boolean(),
    }),
    { maxLength: 3 },
  )
  .map((list) =>
    list.map(({ date, priceChange, credit, ssp, measure, endsFirst }, place) =>
      amendmentOf({
        date,
        priceChange,
        credits: [{ keys: ['a'], amount: credit, of: 'given' }],
        removes: endsFirst && place === 0 ? ['a'] : [],
        adds: [
          {
            key: `added-${place}`,
            ssp: { is: 'point', amount: rational(BigInt(ssp)) },
            measure,
            isSeries: true,
          },
        ],
      }),
    ),
  )
