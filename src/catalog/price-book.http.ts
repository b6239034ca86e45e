import { z } from '@hono/zod-openapi'
import { currencyField, dateField, instantOut, nameField, refField } from '../http/fields.http.ts'
import { toIso } from '../kernel/calendar.ts'
import type { Fault } from '../kernel/problem.ts'
import { modifiersField, modifiersSchema } from './modifiers.http.ts'
import { priceModelSchema, readPriceModel, refinePrice } from './price.http.ts'
import type { PriceBook } from './price-book.store.ts'
import type { BookPrice } from './price-book.ts'
import { refinedBy } from './price-fields.http.ts'

const PRICES_MAX = 1000

const bookPriceSchema = z
  .strictObject({
    product_ref: refField,
    currency: currencyField,
    model: priceModelSchema,
    modifiers: modifiersField,
    valid_from: dateField.openapi({ description: 'The first day of the price.' }),
  })
  .superRefine(refinePrice)

type SentPrice = z.infer<typeof bookPriceSchema>

export const priceBookBody = z
  .strictObject({
    price_book: refField.openapi({ description: 'The name that contracts call it by.' }),
    name: nameField,
    prices: z.array(bookPriceSchema).min(1).max(PRICES_MAX).superRefine(refinedBy(faultsOfRepeats)),
  })
  .openapi('NewPriceBook')

/** Two prices of a product that begin on the same day. */
function faultsOfRepeats(prices: readonly SentPrice[]): Fault[] {
  const seen = new Map<string, number>()
  return prices.flatMap(({ product_ref, currency, valid_from }, place) => {
    const key = JSON.stringify([product_ref, currency, valid_from])
    const earlier = seen.get(key)
    if (earlier === undefined) seen.set(key, place)
    return earlier === undefined
      ? []
      : [{ path: `${place}.valid_from`, message: `prices.${earlier} begins on the same day` }]
  })
}

export const priceBookSchema = z
  .object({
    price_book: refField,
    version: z.int(),
    name: z.string(),
    prices: z.array(
      z.object({
        product_ref: refField,
        currency: currencyField,
        model: priceModelSchema,
        modifiers: modifiersSchema.optional(),
        valid_from: dateField,
      }),
    ),
    created_at: instantOut,
  })
  .openapi('PriceBook')

export const readBookPrices = (prices: readonly SentPrice[]): BookPrice[] =>
  prices.map(({ model, modifiers, ...price }) => ({
    ...price,
    model: readPriceModel(model),
    ...(modifiers && { modifiers }),
  }))

export const showPriceBook = (book: PriceBook): z.infer<typeof priceBookSchema> => ({
  price_book: book.ref,
  version: book.version,
  name: book.name,
  prices: book.prices,
  created_at: toIso(book.createdAt),
})
