import type { Metric } from '../../src/catalog/metric.ts'
import type { ContractTerms } from '../../src/contracts/contract.ts'
import { sealRequest } from '../../src/invoicing/charges/cycle-usage.ts'
import type { UsageTotal } from '../../src/invoicing/charges/usage-total.ts'
import { previewCells } from '../../src/usage/metrics/preview.ts'
import { metricTotal, type SealedUsage } from '../../src/usage/sealed-usage.ts'
import { closing, PRODUCTS } from './closing.ts'

/** An event of the product "calls". */
export type Use = { id?: string; at: string; quantity?: string; properties?: Record<string, unknown> }

/** Some quantities, one event each, a day apart from 2 January 2026 on. */
export const used = (...quantities: string[]): Use[] =>
  quantities.map((quantity, place) => ({
    at: `2026-01-${String(place + 2).padStart(2, '0')}T12:00:00Z`,
    quantity,
  }))

/** The products, with "calls" measured in another way. */
export const measuredBy = (metric: Metric) =>
  new Map([...PRODUCTS].map(([ref, product]) => [ref, ref === 'calls' ? { ...product, metric } : product]))

/** What a meter that got these events seals for a cycle, by the very request that its close makes. */
export function sealedFrom(
  terms: ContractTerms,
  cycleNo: number,
  events: readonly Use[],
  metric: Metric = { type: 'sum' },
): SealedUsage {
  const { contract } = closing(terms, cycleNo)
  const request = sealRequest(contract, measuredBy(metric))
  if (!request) throw new Error('the contract sells no usage')
  const { start, end, months } = request
  const products = request.products.map(({ productRef, metric, parts }) => {
    const cells = previewCells(
      metric,
      events.map(({ id, at, quantity = '1', properties = {} }, place) => ({
        at: Date.parse(at),
        quantity,
        properties,
        customerRef: 'acme',
        eventId: id ?? String(place),
      })),
    )
    return { productRef, ...metricTotal(cells, { start, end, metric, months, parts }) }
  })
  return { cycleNo, products, corrections: [] }
}

/** The same as a correction of that cycle. */
export const correctionFrom = (...asked: Parameters<typeof sealedFrom>): UsageTotal => {
  const { cycleNo, products } = sealedFrom(...asked)
  return { cycleNo, ...products[0]! }
}
