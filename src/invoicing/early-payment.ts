import type { EarlyPaymentDiscount } from '../contracts/contract.ts'
import { addDays, type LocalDate } from '../kernel/calendar.ts'
import { displayMoney, type Minor } from '../kernel/money.ts'
import { decimal, divide, multiply, rational, roundToInteger } from '../kernel/rational.ts'
import { dateInWords } from './documents/date-words.ts'

/** An offer of an invoice: who pays on or before a day pays less. */
export type EarlyPayment = { percent: string; until: LocalDate }

/** The offer as the invoice makes it: days count from its date, and the last one is included. */
export const earlyPaymentOf = (
  { percent, within_days }: EarlyPaymentDiscount,
  issueDate: LocalDate,
): EarlyPayment => ({ percent, until: addDays(issueDate, within_days) })

/**
 * What paying early takes off, tax included; rounded half up, once.
 *
 * @example earlyDiscount(11_900n, { percent: '2', until: '2026-01-11' }) // 238n
 */
export const earlyDiscount = (total: Minor, { percent }: EarlyPayment): Minor =>
  roundToInteger(multiply(rational(total), divide(decimal(percent), rational(100n))))

/** What the invoice says of it; EN 16931 has it among the payment terms (BT-20). */
export function earlyPaymentNote(total: Minor, currency: string, offer: EarlyPayment): string {
  const discount = earlyDiscount(total, offer)
  const amount = displayMoney(total - discount, currency)
  return `${offer.percent}% off if paid by ${dateInWords(offer.until)}: ${amount}.`
}
