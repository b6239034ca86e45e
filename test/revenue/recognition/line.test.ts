import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sum } from '../../../src/kernel/money.ts'
import { compare, ONE, rational, ZERO } from '../../../src/kernel/rational.ts'
import { wholeShare } from '../../../src/revenue/allocation/share.ts'
import {
  firstSegment,
  type Line,
  portionsOf,
  recognisedThrough,
} from '../../../src/revenue/recognition/line.ts'
import { progressOf } from '../../../src/revenue/recognition/progress.ts'
import { day, measures, money } from '../deal/deals.ts'

it('progress never falls, from none before to all at the end', () => {
  fc.assert(
    fc.property(measures, day(-10, 950), day(-10, 950), (measure, one, other) => {
      const { through } = progressOf(measure)
      const [early, late] = one < other ? [one, other] : [other, one]
      expect(compare(through(early), through(late))).toBeLessThanOrEqual(0)
      expect([compare(through('2025-01-01'), ZERO), compare(through('2199-12-31'), ONE)]).toEqual([0, 0])
    }),
    { numRuns: 200 },
  )
})

it('portions are differences of what is recognised up to their dates, however time is cut', () => {
  fc.assert(
    fc.property(money(), measures, (amount, measure) => {
      const line: Line = {
        key: 'a',
        ssp: rational(1n),
        net: rational(1n),
        isSeries: true,
        measure,
        contract: 0,
        rounding: 'half_even',
        segments: [firstSegment(wholeShare(amount), progressOf(measure))],
      }
      const portions = portionsOf(line)
      for (const { date } of portions) {
        const untilThen = portions.filter((portion) => portion.date <= date)
        expect(sum(untilThen.map((portion) => portion.amount))).toBe(recognisedThrough(line, date))
      }
      expect(sum(portions.map((portion) => portion.amount))).toBe(amount)
    }),
    { numRuns: 200 },
  )
})
