import { z } from '@hono/zod-openapi'
import { refinedBy } from '../catalog/price-fields.http.ts'
import {
  currencyField,
  dateField,
  instantOut,
  nameField,
  nonNegativeDecimalField,
  pageQuery,
  refField,
} from '../http/fields.http.ts'
import { toIso } from '../kernel/calendar.ts'
import type { Fault } from '../kernel/problem.ts'
import { compare, decimal } from '../kernel/rational.ts'
import { SSP_METHODS, SSP_PERIODS, type SspEntry } from './accounting/ssp-book.ts'
import type { SspBookRow } from './ssp.store.ts'

const ENTRIES_MAX = 2_000

const range = z.strictObject({ low: nonNegativeDecimalField, high: nonNegativeDecimalField })

const priceField = z
  .union([
    z.strictObject({ amount: nonNegativeDecimalField }),
    range,
    z.strictObject({
      residual: z.enum(['highly_variable', 'not_yet_established']),
      observed: range.optional(),
    }),
  ])
  .openapi({ description: 'A point, a range, or what the others leave over; in major units.' })

const entry = z.strictObject({
  product_ref: refField,
  currency: currencyField,
  per: z
    .enum(SSP_PERIODS)
    .openapi({ description: 'The price is for one unit once, or for each month or year of it.' }),
  price: priceField,
  method: z.enum(SSP_METHODS),
  evidence: z.string().trim().min(1).max(2_000).openapi({ description: 'What the price rests on.' }),
})

const bookFields = {
  entity_ref: refField,
  effective_date: dateField.openapi({
    description: 'What is agreed from this day on is divided by these prices.',
  }),
  approved_by: nameField,
  entries: z.array(entry).min(1).max(ENTRIES_MAX),
}

export const sspBody = z
  .strictObject(bookFields)
  .superRefine(refinedBy(({ entries }) => faultsOfEntries(entries)))
  .openapi('NewSellingPrices')

export const sspSchema = z
  .object({ ...bookFields, version: z.int(), actor: z.string(), created_at: instantOut })
  .openapi('SellingPrices')

export const sspQuery = pageQuery.extend({ entity_ref: refField.optional() })

function faultsOfEntries(entries: readonly SspEntry[]): Fault[] {
  const seen = new Set<string>()
  return entries.flatMap(({ product_ref, currency, price }, place) => {
    const key = JSON.stringify([product_ref, currency])
    const isRepeated = seen.has(key)
    seen.add(key)
    const bounds = 'low' in price ? price : 'residual' in price ? price.observed : undefined
    return [
      ...(isRepeated
        ? [{ path: `entries.${place}.product_ref`, message: 'has a price in this currency already' }]
        : []),
      ...(bounds && compare(decimal(bounds.low), decimal(bounds.high)) > 0
        ? [{ path: `entries.${place}.price.high`, message: 'must not be below low' }]
        : []),
    ]
  })
}

export const showBook = (row: SspBookRow): z.infer<typeof sspSchema> => ({
  entity_ref: row.entityRef,
  version: row.version,
  effective_date: row.effectiveDate,
  approved_by: row.approvedBy,
  entries: row.entries,
  actor: row.actor,
  created_at: toIso(row.createdAt),
})
