import { z } from '@hono/zod-openapi'
import { isCurrency } from '../kernel/currency.ts'
import { BOOKS } from './journal-entry.ts'
import type { Reading } from './lines.store.ts'

/** In place of a code: the currency that the books of an entity are measured in. */
const FUNCTIONAL = 'functional'

export const bookField = z.enum(BOOKS).default('primary').openapi({
  description: 'The books of the framework of the entity, or what the other framework has otherwise',
})

/** `?currency=functional` of the trial balance and of account statements. */
export const functionalField = z.literal(FUNCTIONAL).optional().openapi({
  description: 'In the functional currency of each entity, and not in the currencies of the entries',
})

/** A filter by the currency of entries, or `functional`. */
export const currencyOrFunctional = z
  .string()
  .refine(
    (text) => text === FUNCTIONAL || isCurrency(text),
    'must be an ISO 4217 code such as USD, or functional',
  )
  .optional()
  .openapi({
    description: 'Only entries in this currency; or `functional`: all of them, in the functional currency',
  })

/** What a currency that is asked for means: a filter, or another measure. */
export const readingOf = (currency: string | undefined): Reading & { currency: string | undefined } =>
  currency === FUNCTIONAL ? { measure: 'functional', currency: undefined } : { currency }
