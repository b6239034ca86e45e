import { describe, expect, it } from 'vitest'
import type { Metric } from '../../../src/catalog/metric.ts'
import { sealRequest } from '../../../src/invoicing/charges/cycle-usage.ts'
import { percentage } from '../../rating/prices.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'
import { closing, unit } from '../closing.ts'
import { measuredBy } from '../metering.ts'

const CALLS = termsOf([sold('calls', unit('1'))])
const at = (instant: string) => Date.parse(instant)

describe('a product whose metric was changed', () => {
  const [sum, max, count] = ['sum', 'max', 'count'].map((type) => ({ type }) as Metric)
  const earlier = new Map([
    [
      'calls',
      [
        { until: at('2026-02-10T08:00:00Z'), metric: max! },
        { until: at('2026-01-20T08:00:00Z'), metric: sum! },
      ],
    ],
  ])
  const metricOf = (cycleNo: number, createdAt = 0) => {
    const { contract } = closing(CALLS, cycleNo)
    return sealRequest({ ...contract, createdAt }, measuredBy(count!), earlier)?.products[0]?.metric
  }

  it('is measured all through a cycle as it was when the cycle began', () => {
    expect([metricOf(1), metricOf(2), metricOf(3)]).toEqual([sum, max, count])
  })

  it('is measured as it is, by a contract that is made later for an earlier time', () => {
    expect(metricOf(1, at('2026-03-01T00:00:00Z'))).toEqual(count)
  })
})

it('the seal is asked for hours in the zone of the contract, and for the single events of a price', () => {
  const price = percentage('1', { fixed_per_event: '0.30' })
  const terms = termsOf([sold('calls', price), sold('storage', unit('1'), { bucket: 'hour' })], {
    timezone: 'Asia/Kathmandu',
  })
  const { contract } = closing(terms, 1)
  expect(sealRequest(contract, measuredBy({ type: 'sum' }))).toMatchObject({
    start: at('2025-12-31T18:15:00Z'),
    products: [
      {
        productRef: 'calls',
        metric: { type: 'sum', each: true },
        parts: { by: 'event', price: { model: price } },
      },
      {
        productRef: 'storage',
        metric: { type: 'sum' },
        parts: { by: 'bucket', bucket: 'hour', timezone: 'Asia/Kathmandu' },
      },
    ],
  })
})
