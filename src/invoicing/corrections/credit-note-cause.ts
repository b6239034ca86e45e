/**
 * Why a credit note is issued. Its postings are the same for all; what differs is whether the price of what was promised
 * falls, which matters where revenue follows the plan of a contract and not its invoice lines.
 *
 * - `concession`: a price cut for the service of the credited lines, given or to come.
 * - `service_level`: a price cut for service that was given and fell short.
 * - `return`: what was handed over comes back.
 * - `billing_error`: more was billed than was agreed.
 * - `cancellation`: the contract's own terms say what is no longer promised.
 */
export const CREDIT_NOTE_CAUSES = [
  'concession',
  'service_level',
  'return',
  'billing_error',
  'cancellation',
] as const
export type CreditNoteCause = (typeof CREDIT_NOTE_CAUSES)[number]

/** Causes by which the customer owes less for what was promised (ASC 606-10-32-42 to 32-45, IFRS 15.87 to 90). */
export const PRICE_CUTS = ['concession', 'service_level', 'return'] as const satisfies CreditNoteCause[]
