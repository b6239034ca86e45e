import { BOOKS_EXAMPLES } from './examples/books.ts'
import { PREVIEW_EXAMPLES } from './examples/previews.ts'
import { SALES_EXAMPLES } from './examples/sales.ts'
import { USAGE_EXAMPLES } from './examples/usage.ts'
import { WEBHOOK_EXAMPLES } from './examples/webhooks.ts'

/**
 * A body for each call that takes JSON. Read from the top they are a story: sent in this order to an empty deployment,
 * each is taken, but for those that name an invoice or a payment.
 */
export type Examples = Readonly<Record<string, unknown>>

export const EXAMPLES: Examples = {
  ...SALES_EXAMPLES,
  ...USAGE_EXAMPLES,
  ...PREVIEW_EXAMPLES,
  ...BOOKS_EXAMPLES,
  ...WEBHOOK_EXAMPLES,
}
