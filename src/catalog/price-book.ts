import type { LocalDate } from '../kernel/calendar.ts'
import type { Price } from './price.ts'

/** A price of one product in one currency, from a day on, until a later one of the same begins. */
export type BookPrice = Price & { product_ref: string; currency: string; valid_from: LocalDate }

/** The price that a book has for a product on a day; undefined where it has none in that currency by then. */
export function priceInForce(
  prices: readonly BookPrice[],
  { productRef, currency, day }: { productRef: string; currency: string; day: LocalDate },
): BookPrice | undefined {
  return prices
    .filter((price) => price.product_ref === productRef && price.currency === currency)
    .filter(({ valid_from }) => valid_from <= day)
    .reduce<BookPrice | undefined>(
      (latest, price) => (latest && latest.valid_from >= price.valid_from ? latest : price),
      undefined,
    )
}

type Json = { [key: string]: unknown }

/**
 * A price with some of its numbers replaced: objects are merged field by field, lists and all else are replaced whole.
 *
 * @example withOverrides({ model: { type: 'unit', unit_amount: '1' } }, { model: { unit_amount: '0.9' } })
 */
export function withOverrides(base: Json, overrides: Json): Json {
  const merged: Json = { ...base }
  for (const [key, value] of Object.entries(overrides)) {
    const before = Object.hasOwn(base, key) ? base[key] : undefined
    merged[key] = isObject(before) && isObject(value) ? withOverrides(before, value) : value
  }
  return merged
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
