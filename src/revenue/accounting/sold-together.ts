import { decimal, divide, isZero, sum } from '../../kernel/rational.ts'
import type { DiscountBundle } from '../allocation/discount-bundle.ts'
import { exactMinor } from './estimate.ts'
import type { Promised } from './promise.ts'
import { entryFor, type SspBook, type SspBundle, unitsOf } from './ssp-book.ts'

/**
 * The bundles of a book that a contract promises goods of, as evidence of whom its discount belongs to (ASC
 * 606-10-32-37, IFRS 15.82). A good is regularly sold alone where its selling price was observed; one that takes the
 * residual has no such price, and the discount of the others is found before it (606-10-32-38). A good that others are
 * combined with was not observed with them: its bundle fails condition (a).
 *
 * @example one seat-month and one plan-month for 80.00: 5 seats and 5 plans for a year fill 60 bundles
 */
export function soldTogether(
  book: SspBook | undefined,
  promised: readonly Promised[],
  currency: string,
): DiscountBundle[] {
  if (!book) return []
  const allSoldAlone = promised.every(({ product }) => isSoldAlone(book, product.ref, currency))
  return book.bundles
    .filter((bundle) => bundle.currency === currency)
    .flatMap((bundle) => {
      const goods = bundle.products.map((good) => filledBy(good, book, promised, currency))
      const missing = goods.filter(({ fills }) => isZero(fills)).map(({ ref }) => ref)
      if (missing.some((ref) => !isCombined(promised, ref))) return []
      const { price, evidence } = bundle
      const combined = missing.length === 0 ? undefined : missing
      return { goods, price: exactMinor(price, currency), allSoldAlone, evidence, combined }
    })
}

function isSoldAlone(book: SspBook, productRef: string, currency: string): boolean {
  const method = entryFor(book, productRef, currency)?.method
  return method === 'observed' || method === 'residual'
}

const isCombined = (promised: readonly Promised[], ref: string): boolean =>
  promised.some(
    ({ product, joined }) =>
      joined.length > 0 && (product.ref === ref || joined.some(({ productRef }) => productRef === ref)),
  )

function filledBy(
  { product_ref: ref, quantity }: SspBundle['products'][number],
  book: SspBook,
  promised: readonly Promised[],
  currency: string,
) {
  const per = entryFor(book, ref, currency)?.per ?? 'once'
  const own = promised.filter(({ product, joined }) => product.ref === ref && joined.length === 0)
  const units = sum(own.map(({ service }) => unitsOf(per, service.pieces)))
  return { ref, keys: own.map(({ key }) => key), fills: divide(units, decimal(quantity)) }
}
