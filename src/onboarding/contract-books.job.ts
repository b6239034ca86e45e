import { findPriceBook, type PriceBook } from '../catalog/price-book.store.ts'
import type { ContractVersion } from '../contracts/contracts.store.ts'
import type { Db } from '../storage/db.store.ts'

/** Price books by their names. */
export type Books = ReadonlyMap<string, PriceBook>

/** For each contract the latest books, but those that its first prices were taken from in the versions that they had. */
export async function booksTakenBy(
  db: Db,
  latest: Books,
  versions: readonly ContractVersion[],
): Promise<Map<string, Books>> {
  const read = new Map<string, Promise<PriceBook | undefined>>()
  const bookOf = ({ ref, version }: { ref: string; version: number }) => {
    const key = JSON.stringify([ref, version])
    if (!read.has(key)) read.set(key, findPriceBook(db, ref, version))
    return read.get(key)!
  }
  const taken = new Map<string, Books>()
  for (const { contractRef, terms } of versions) {
    const books = new Map(latest)
    for (const { price_book: named } of terms.products) {
      const book = named && (await bookOf(named))
      if (book) books.set(book.ref, book)
    }
    taken.set(contractRef, books)
  }
  return taken
}
