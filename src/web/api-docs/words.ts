import { BOOKS_WORDS } from './words/books.ts'
import { CONTRACT_WORDS } from './words/contracts.ts'
import { INVOICE_WORDS } from './words/invoices.ts'
import { PARTY_WORDS } from './words/parties.ts'
import { PRICE_WORDS } from './words/prices.ts'
import { REVENUE_WORDS } from './words/revenue.ts'
import { SHARED_WORDS } from './words/shared.ts'
import { USAGE_WORDS } from './words/usage.ts'

/**
 * What fields mean, by their name, or by as much of the way to it as tells it apart: a glossary, so that a name means the
 * same in every call. A description that stands in a schema itself goes before.
 */
export type Words = Readonly<Record<string, string>>

export const WORDS: Words = {
  ...SHARED_WORDS,
  ...PARTY_WORDS,
  ...PRICE_WORDS,
  ...CONTRACT_WORDS,
  ...USAGE_WORDS,
  ...INVOICE_WORDS,
  ...BOOKS_WORDS,
  ...REVENUE_WORDS,
}
