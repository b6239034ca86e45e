import type { ContractProduct } from '../contract.ts'
import type { AskedTrial } from '../periods/trial.ts'

/** A product of a contract whose price is that of a price book, with some of it replaced. */
export type BookedProduct = {
  book: string
  overrides: Record<string, unknown>
  /** When a flat price without a term of its own is billed. */
  term: 'in_advance' | 'in_arrears' | undefined
  product: Omit<ContractProduct, 'model' | 'modifiers' | 'price_book'> & AskedTrial
}

/** A product as it is asked for: with its price, or with the name of a book. */
export type AskedProduct = (ContractProduct & AskedTrial) | BookedProduct

export const isBooked = (product: AskedProduct): product is BookedProduct => 'book' in product
