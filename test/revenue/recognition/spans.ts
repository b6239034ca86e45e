import fc from 'fast-check'
import type { UnmetSpan } from '../../../src/revenue/transaction-price/contract-criteria.ts'
import { day } from '../deal/deals.ts'

/** Days of 2026 and after without a contract: up to two spans, of which the last may go on for ever. */
export const spans: fc.Arbitrary<UnmetSpan[]> = fc
  .record({ turns: fc.uniqueArray(day(0, 500), { maxLength: 4 }) })
  .map(({ turns }) => {
    const days = turns.toSorted()
    return [0, 2].flatMap((place) => {
      const [from, until] = days.slice(place, place + 2)
      return from === undefined ? [] : [{ from, ...(until === undefined ? {} : { until }) }]
    })
  })
