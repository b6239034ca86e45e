import type { Parts } from '../../http/partly.http.ts'

const ANY_REF = '-'
const ANY_PRICE = { type: 'unit', unit_amount: '0' }
const ANY_PRODUCT = { product_ref: ANY_REF, model: ANY_PRICE }

/** A product has a price or names the book that has it. */
const anyBook = (product: { model?: unknown }) => (product.model === undefined ? ANY_REF : undefined)

const listsOfTerms = {
  products: [ANY_PRODUCT],
  'products.*': ANY_PRODUCT,
  'products.*.product_ref': ANY_REF,
  'products.*.model': ANY_PRICE,
  'products.*.price_book': anyBook,
  'discounts.*': { type: 'percent', value: '0' },
  'discounts.*.value': '0',
  'discounts.*.from': undefined,
  'discounts.*.until': undefined,
  'discounts.*.cycles': undefined,
}

const ANY_CONTRACT = { customer_ref: ANY_REF, start_date: '2000-01-01', products: [ANY_PRODUCT] }

/** The parts that a contract is read by. */
export const contractParts: Parts = {
  open: ['products.*'],
  standIns: { '': ANY_CONTRACT, ...ANY_CONTRACT, ...listsOfTerms },
}

/** Those of an amendment, which may leave everything out. */
export const amendmentParts: Parts = { open: ['products.*'], standIns: { '': {}, ...listsOfTerms } }
