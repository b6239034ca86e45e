import { describe, expect, it } from 'vitest'
import type { Metric } from '../../../src/catalog/metric.ts'
import { unfitPrices } from '../../../src/contracts/changes/unfit-change.ts'
import type { ContractProduct } from '../../../src/contracts/contract.ts'
import { percentage, unit } from '../../rating/prices.ts'
import { sold, termsOf } from '../../support/contract-terms.ts'

const MATRIX = {
  type: 'matrix' as const,
  rows: [{ name: null, match: { region: ['eu'] }, unit_amount: '2' }],
  default_unit_amount: '1',
}

describe('a product that is to be measured otherwise', () => {
  const faults = (products: ContractProduct[], metric: Metric) =>
    unfitPrices({ terms: termsOf(products), nextCycle: 3 }, { ref: 'calls', kind: 'usage', metric })

  it.each<{ name: string; products: ContractProduct[]; metric: Metric; paths: string[] }>([
    {
      name: 'a unit price takes any metric',
      products: [sold('calls', unit('1'))],
      metric: { type: 'max' },
      paths: [],
    },
    {
      name: 'a matrix keeps its dimensions',
      products: [sold('calls', MATRIX)],
      metric: { type: 'sum', group_by: ['country'] },
      paths: ['products.0.model'],
    },
    {
      name: 'a filter is as good as none',
      products: [sold('calls', MATRIX)],
      metric: { type: 'sum', group_by: ['region', 'kind'], filter: { paid: ['true'] } },
      paths: [],
    },
    {
      name: 'tiers that accumulate keep a sum',
      products: [sold('calls', unit('1'), { accumulate: 'contract' })],
      metric: { type: 'max' },
      paths: ['products.0.accumulate'],
    },
    {
      name: 'hours keep a metric that begins with each',
      products: [sold('calls', unit('1'), { bucket: 'hour' })],
      metric: { type: 'sum', recurring: true },
      paths: ['products.0.bucket'],
    },
    {
      name: 'single amounts keep a sum',
      products: [sold('calls', percentage('1', { min_per_event: '1' }))],
      metric: { type: 'count' },
      paths: ['products.0.model'],
    },
    {
      name: 'other products are none of it',
      products: [sold('storage', MATRIX)],
      metric: { type: 'max' },
      paths: [],
    },
    {
      // Cycle 3 is March, and goes on as it began.
      name: 'a price that ends with the running cycle never meets it',
      products: [
        sold('calls', MATRIX, { billing_end_date: '2026-04-01' }),
        sold('calls', unit('1'), { billing_start_date: '2026-04-01' }),
      ],
      metric: { type: 'max' },
      paths: [],
    },
    {
      name: 'a price that a ramp brings meets it',
      products: [sold('calls', unit('1'), { ramp: [{ from: 6, model: MATRIX }] })],
      metric: { type: 'max' },
      paths: ['products.0.ramp.0.model'],
    },
  ])('$name', ({ products, metric, paths }) => {
    expect(faults(products, metric).map(({ path }) => path)).toEqual(paths)
  })
})
