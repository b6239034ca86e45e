import { z } from '@hono/zod-openapi'
import { positiveDecimalField, refinedBy } from '../catalog/price-fields.http.ts'
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
import { SSP_METHODS, SSP_PERIODS, type SspBundle, type SspEntry } from './accounting/ssp-book.ts'
import type { SspBookRow } from './ssp.store.ts'

const ENTRIES_MAX = 2_000
const BUNDLES_MAX = 200
const GOODS_MAX = 50

const evidenceField = z.string().trim().min(1).max(2_000).openapi({ description: 'What the price rests on.' })

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
  evidence: evidenceField,
})

const bundle = z.strictObject({
  products: z
    .array(z.strictObject({ product_ref: refField, quantity: positiveDecimalField.default('1') }))
    .min(2)
    .max(GOODS_MAX)
    .openapi({ description: 'In units of their selling prices: one of it, or one for a month or a year.' }),
  currency: currencyField,
  price: nonNegativeDecimalField.openapi({ description: 'What one bundle is regularly sold for.' }),
  evidence: evidenceField,
})

const bookFields = {
  entity_ref: refField,
  effective_date: dateField.openapi({
    description: 'What is agreed from this day on is divided by these prices.',
  }),
  approved_by: nameField,
  entries: z.array(entry).min(1).max(ENTRIES_MAX),
  bundles: z.array(bundle).max(BUNDLES_MAX).default([]).openapi({
    description: 'Products that are regularly sold together for less: whose the discount of a contract is.',
  }),
}

export const sspBody = z
  .strictObject(bookFields)
  .superRefine(
    refinedBy(({ entries, bundles }) => [...faultsOfEntries(entries), ...faultsOfBundles(bundles, entries)]),
  )
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

/** Each product of a bundle is there once, and has a selling price of its own. */
const faultsOfBundles = (bundles: readonly SspBundle[], entries: readonly SspEntry[]): Fault[] =>
  bundles.flatMap(({ products, currency }, place) =>
    products.flatMap(({ product_ref: ref }, good) => {
      const path = `bundles.${place}.products.${good}.product_ref`
      const own = entries.find((one) => one.product_ref === ref && one.currency === currency)
      if (!own || 'residual' in own.price) {
        return [{ path, message: `needs a selling price in ${currency} of its own among the entries` }]
      }
      const isRepeated = products.findIndex((one) => one.product_ref === ref) < good
      return isRepeated ? [{ path, message: 'is in the bundle already' }] : []
    }),
  )

export const showBook = (row: SspBookRow): z.infer<typeof sspSchema> => ({
  entity_ref: row.entityRef,
  version: row.version,
  effective_date: row.effectiveDate,
  approved_by: row.approvedBy,
  entries: row.entries,
  bundles: row.bundles,
  actor: row.actor,
  created_at: toIso(row.createdAt),
})
