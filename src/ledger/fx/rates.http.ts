import { z } from '@hono/zod-openapi'
import { currencyField, dateField, decimalField, instantOut, pageQuery } from '../../http/fields.http.ts'
import { toIso } from '../../kernel/calendar.ts'
import { isCurrency } from '../../kernel/currency.ts'
import { isRate, isToken } from './rate.ts'
import type { FxRateRow } from './rates.store.ts'

/** Most rates of one call; three months of the European Central Bank are 2,000. */
export const RATES_MAX = 10_000

const sourceField = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'must be up to 32 small letters, digits, hyphens or underscores')
  .openapi({ example: 'ecb', description: 'Who published the rates; an entity names the one that it uses' })

export const sourceQuery = z.object({ source: sourceField.default('ecb') })

const baseField = z
  .string()
  .transform((code) => code.toUpperCase())
  .refine((code) => isCurrency(code) || isToken(code), 'must be an ISO 4217 code, or the symbol of a token')
  .openapi({ example: 'EUR', description: 'A currency; with the source `tokens` also a token such as USDC' })

const pair = { base: baseField, quote: currencyField, date: dateField }

export const ratesBody = z
  .strictObject({
    rates: z
      .array(
        z
          .strictObject({
            ...pair,
            rate: decimalField
              .refine(isRate, 'must be between 1e-9 and 1e9')
              .openapi({ example: '1.0853', description: 'Units of `quote` for one unit of `base`' }),
          })
          .refine(({ base, quote }) => base !== quote, {
            error: 'base and quote are the same',
            path: ['quote'],
          }),
      )
      .min(1)
      .max(RATES_MAX),
  })
  .openapi('NewFxRates')

export const importedAnswer = z
  .object({ source: z.string(), imported: z.int(), known: z.int() })
  .openapi('FxRatesImported')

export const ratesQuery = pageQuery.extend({
  source: sourceField.optional(),
  base: baseField.optional(),
  quote: currencyField.optional(),
  from: dateField.optional(),
  to: dateField.optional().openapi({ description: 'Last day, included' }),
})

export const rateSchema = z
  .object({
    source: z.string(),
    base: z.string(),
    quote: z.string(),
    date: z.string(),
    rate: z.string(),
    imported_at: instantOut,
  })
  .openapi('FxRate')

export const sourceParam = z.object({ source: sourceField })

export const sourceAnswer = z
  .object({
    source: z.string(),
    latest_date: z.string().nullable().openapi({ description: 'The latest day with rates of this source' }),
    asked_at: instantOut.nullable().openapi({ description: 'When its rates were fetched; null: never' }),
    failure: z.string().nullable().openapi({ description: 'What went wrong then; it is asked again later' }),
  })
  .openapi('FxSource')

/** The columns of the CSV file, which can be sent to another system as it is. */
export const RATE_COLUMNS = ['date', 'base', 'quote', 'rate', 'source', 'imported_at'] as const

export const showRate = ({ importedAt, ...row }: FxRateRow): z.infer<typeof rateSchema> => ({
  ...row,
  imported_at: toIso(importedAt),
})
