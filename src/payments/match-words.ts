import { formatMoney, type Minor } from '../kernel/money.ts'
import type { Evidence, MatchRule } from './match.ts'

/** Which evidence decided, for people in finance. */
export const INTRODUCTIONS = {
  strong_evidence: 'The payment was made for this very invoice',
  structured_reference: 'The payment carries the creditor reference of the invoice',
  invoice_number: 'The payment names the invoice by its number',
  several_invoice_numbers: 'The payment names several invoices, and their open amounts add up to it',
  known_payer: 'The account has paid for this customer before, and one open invoice has exactly this amount',
} satisfies Partial<Record<MatchRule, string>>

/** What a payment does to the invoice that it is for, of which so much is open. */
export function effectOf(
  { amount, currency }: Evidence,
  open: Minor,
  { fee, discount }: { fee: Minor; discount: Minor },
): string {
  const money = (minor: Minor) => `${formatMoney(minor, currency)} ${currency}`
  if (open === 0n) return `It is paid already, so ${money(amount)} are kept as the customer's credit.`
  if (discount > 0n)
    return `${money(amount)} settle it in full: ${money(discount)} less is the discount for paying early.`
  if (fee > 0n)
    return `${money(amount)} settle it in full: ${money(fee)} less is within the tolerance for bank fees.`
  if (amount < open) return `${money(amount)} of ${money(open)} open are paid.`
  if (amount === open) return `${money(amount)} settle it in full.`
  return `${money(open)} settle it in full, and ${money(amount - open)} are kept as the customer's credit.`
}
