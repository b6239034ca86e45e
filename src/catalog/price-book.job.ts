import { type Actor, audit } from '../access/access.store.ts'
import { canonicalJson } from '../kernel/hash.ts'
import { conflict, invalid } from '../kernel/problem.ts'
import { commit, type Db, isUniqueViolation } from '../storage/db.store.ts'
import { findProducts } from './catalog.store.ts'
import { findPriceBook, insertPriceBook, type PriceBook } from './price-book.store.ts'
import type { BookPrice } from './price-book.ts'

type SentBook = { ref: string; name: string; prices: BookPrice[] }

/**
 * Writes a price book, or its next version; the same content again is the version that is there. What contracts took
 * from earlier versions stays as it was. Throws `product_unknown` or `price_book_changed`.
 */
export async function writePriceBook(
  db: Db,
  actor: Actor,
  sent: SentBook,
): Promise<{ row: PriceBook; created: boolean }> {
  await refuseUnknownProducts(db, sent.prices)
  const before = await findPriceBook(db, sent.ref)
  if (before && isSame(before, sent)) return { row: before, created: false }
  const book: PriceBook = { ...sent, version: (before?.version ?? 0) + 1, createdAt: actor.now }
  try {
    await commit(db, [
      ...insertPriceBook(db, book),
      ...audit(db, actor, { action: 'price_book.write', subject: book.ref, before, after: book }),
    ])
    return { row: book, created: true }
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    const meanwhile = await findPriceBook(db, sent.ref)
    if (meanwhile && isSame(meanwhile, sent)) return { row: meanwhile, created: false }
    throw conflict(
      'price_book_changed',
      'Someone else wrote this price book meanwhile; read it and try again.',
    )
  }
}

const isSame = (book: PriceBook, { name, prices }: SentBook): boolean =>
  canonicalJson([book.name, book.prices]) === canonicalJson([name, prices])

async function refuseUnknownProducts(db: Db, prices: readonly BookPrice[]): Promise<void> {
  const known = await findProducts(db, [...new Set(prices.map(({ product_ref }) => product_ref))])
  const faults = prices.flatMap(({ product_ref }, place) =>
    known.has(product_ref)
      ? []
      : [
          {
            path: `prices.${place}.product_ref`,
            message: 'there is no such product; make it with POST /api/products',
          },
        ],
  )
  if (faults.length > 0) throw invalid('product_unknown', 'A price is for a product that is set up.', faults)
}
