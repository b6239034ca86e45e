import type { z } from '@hono/zod-openapi'
import { modifiersField } from '../../catalog/modifiers.http.ts'
import { priceModelSchema, readPriceModel } from '../../catalog/price.http.ts'
import { latestPriceBooks, type PriceBook } from '../../catalog/price-book.store.ts'
import { priceInForce, withOverrides } from '../../catalog/price-book.ts'
import { faultsOfPrice } from '../../catalog/price-faults.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import type { IsRead, Partly } from '../../kernel/partly.ts'
import type { Fault } from '../../kernel/problem.ts'
import type { Db } from '../../storage/db.store.ts'
import type { ContractProduct } from '../contract.ts'
import type { AskedTrial } from '../periods/trial.ts'
import { type AskedProduct, type BookedProduct, isBooked } from './booked-product.ts'

/** The products with their prices; one whose price is not known stands at a price of nothing, which is not read. */
export type PricedProducts = Partly<(ContractProduct & AskedTrial)[]>

/** What contracts begin with: `isRead` knows the day as `start_date`. */
type Start = { currency: string; day: LocalDate; isRead: IsRead }

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
  const unpriced = new Set<string>()
  const value = asked.map((one, place) => {
    if (!isBooked(one)) return one
    const at = `products.${place}`
    const priced = bookedPrice(one, books.get(one.book), start, (field) => start.isRead(`${at}.${field}`))
    if ('product_ref' in priced) return priced
    unpriced.add(`${at}.model`)
    faults.push(...priced.faults.map(({ path, message }) => ({ path: `${at}.${path}`, message })))
    return { ...one.product, model: UNPRICED }
  })
  return { value, faults, isRead: (path) => start.isRead(path) && !unpriced.has(path) }
}

const UNKNOWN_BOOK: Fault = {
  path: 'price_book',
  message: 'there is no such price book; make it with POST /api/price-books',
}

/** What of a product says which price of a book is its own. */
const PRICED_BY = ['product_ref', 'billing_start_date', 'overrides'] as const

const UNPRICED = { type: 'unit', unit_amount: '0' } as const

function bookedPrice(
  { book: ref, overrides, term, product }: BookedProduct,
  book: PriceBook | undefined,
  { currency, day, isRead }: Start,
  isFieldRead: IsRead,
): (ContractProduct & AskedTrial) | { faults: Fault[] } {
  if (!isFieldRead('price_book')) return { faults: [] }
  if (!book) return { faults: [UNKNOWN_BOOK] }
  const isFound = ['currency', 'start_date'].every(isRead) && PRICED_BY.every(isFieldRead)
  if (!isFound) return { faults: [] }
  const from = product.billing_start_date ?? day
  const base = priceInForce(book.prices, { productRef: product.product_ref, currency, day: from })
  if (!base) {
    const message = `"${ref}" has no price for ${product.product_ref} in ${currency} on ${from}`
    return { faults: [{ path: 'price_book', message }] }
  }
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

const faultsAt = (what: string, error: z.ZodError | undefined): Fault[] =>
  (error?.issues ?? []).map(({ path, message }) => ({
    path: ['overrides', what, ...path].join('.'),
    message,
  }))
