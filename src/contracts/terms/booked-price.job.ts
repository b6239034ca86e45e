import type { z } from '@hono/zod-openapi'
import { modifiersField } from '../../catalog/modifiers.http.ts'
import { priceModelSchema, readPriceModel } from '../../catalog/price.http.ts'
import { latestPriceBooks, type PriceBook } from '../../catalog/price-book.store.ts'
import { priceInForce, withOverrides } from '../../catalog/price-book.ts'
import { faultsOfPrice } from '../../catalog/price-faults.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import type { Fault } from '../../kernel/problem.ts'
import type { Db } from '../../storage/db.store.ts'
import type { ContractProduct } from '../contract.ts'
import type { AskedTrial } from '../periods/trial.ts'
import { type AskedProduct, type BookedProduct, isBooked } from './booked-product.ts'

/** The products with their prices, and what is wrong with those that have none: these stand at a price of nothing. */
export type PricedProducts = {
  products: (ContractProduct & AskedTrial)[]
  faults: Fault[]
  unpriced: ReadonlySet<number>
}

type Start = { currency: string; day: LocalDate }

/**
 * Takes prices out of price books: of the latest version, the one that holds when the product begins, with what the
 * contract says otherwise. It is written into the terms, so later versions of the book change nothing of it.
 */
export async function pricedByBook(
  db: Db,
  asked: readonly AskedProduct[],
  start: Start,
): Promise<PricedProducts> {
  return pricedFrom(await latestPriceBooks(db, booksOf(asked)), asked, start)
}

/** The names of the books that products take their prices from. */
export const booksOf = (asked: readonly AskedProduct[]): string[] => [
  ...new Set(asked.flatMap((one) => (isBooked(one) ? [one.book] : []))),
]

/** The same out of books that were read before. */
export function pricedFrom(
  books: ReadonlyMap<string, PriceBook>,
  asked: readonly AskedProduct[],
  start: Start,
): PricedProducts {
  const faults: Fault[] = []
  const unpriced = new Set<number>()
  const products = asked.map((one, place) => {
    if (!isBooked(one)) return one
    const priced = bookedPrice(one, books.get(one.book), start)
    if ('product_ref' in priced) return priced
    unpriced.add(place)
    faults.push(...priced.faults.map(({ path, message }) => ({ path: `products.${place}.${path}`, message })))
    return { ...one.product, model: UNPRICED }
  })
  return { products, faults, unpriced }
}

const UNPRICED = { type: 'unit', unit_amount: '0' } as const

function bookedPrice(
  { book: ref, overrides, term, product }: BookedProduct,
  book: PriceBook | undefined,
  { currency, day }: Start,
): (ContractProduct & AskedTrial) | { faults: Fault[] } {
  const from = product.billing_start_date ?? day
  const base = book && priceInForce(book.prices, { productRef: product.product_ref, currency, day: from })
  if (!book || !base) return { faults: [noPrice(ref, book, product.product_ref, currency, from)] }
  const { model, modifiers = {} } = base
  const merged = withOverrides({ model, modifiers }, overrides)
  const readModel = priceModelSchema.safeParse(merged.model)
  const readModifiers = modifiersField.safeParse(merged.modifiers)
  const faults = [...faultsAt('model', readModel.error), ...faultsAt('modifiers', readModifiers.error)]
  if (!readModel.success || !readModifiers.success) return { faults }
  const price = { model: readPriceModel(withTerm(readModel.data, term)), modifiers: readModifiers.data }
  const unfit = faultsOfPrice(price).map(({ path, message }) => ({ path: `overrides.${path}`, message }))
  if (unfit.length > 0) return { faults: unfit }
  return {
    ...product,
    model: price.model,
    ...(price.modifiers && { modifiers: price.modifiers }),
    ...(term === 'in_advance' && price.model.type !== 'flat' && { bill: 'advance' }),
    price_book: { ref, version: book.version },
  }
}

type SentModel = z.infer<typeof priceModelSchema>

const withTerm = (model: SentModel, term: BookedProduct['term']): SentModel =>
  model.type === 'flat' && term ? { ...model, term } : model

function noPrice(
  ref: string,
  book: PriceBook | undefined,
  productRef: string,
  currency: string,
  day: LocalDate,
): Fault {
  const message = book
    ? `"${ref}" has no price for ${productRef} in ${currency} on ${day}`
    : 'there is no such price book; make it with POST /api/price-books'
  return { path: 'price_book', message }
}

const faultsAt = (what: string, error: z.ZodError | undefined): Fault[] =>
  (error?.issues ?? []).map(({ path, message }) => ({
    path: ['overrides', what, ...path].join('.'),
    message,
  }))
