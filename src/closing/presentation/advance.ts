import type { ContractTerms } from '../../contracts/contract.ts'
import { addDays, type LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import { rational, roundToInteger } from '../../kernel/rational.ts'

/** What terms say about leaving a contract. */
export type TermOfContract = Pick<ContractTerms, 'end_date' | 'termination_notice_days'>

/** The service that a customer owes whatever it does: days up to the end of the notice, or what has begun. */
export type Bound = { through: LocalDate; orBegun: boolean }

/**
 * What a customer is bound to at the end of a day: without an end, the service that has begun, since a contract is left at
 * the end of what is billed; with a notice, the days up to its end. Null for a fixed term, whose fees are owed whatever
 * the customer does (ASC 606-10-25-3, IFRS 15.11).
 *
 * @example 30 days of notice at 31 January: through 2 March (2026)
 */
export function boundTo(
  { end_date: end, termination_notice_days: notice }: TermOfContract,
  day: LocalDate,
): Bound | null {
  if (typeof notice === 'number') return { through: addDays(day, notice), orBegun: false }
  return end === null ? { through: day, orBegun: true } : null
}

/** An invoice at the end of a day, tax included: what its documents bill, and what is open of it. Minor units. */
export type OpenInvoice = {
  id: string
  contractRef: string
  currency: string
  billed: Minor
  open: Minor
}

/**
 * The part of an amount on an invoice that is not paid, in minor units, rounded half away from zero: a payment pays for
 * all that is on the invoice alike.
 *
 * @example 900.00 net of an invoice over 1,190.00 of which 595.00 are open: 450.00
 */
export const unpaidOf = (amount: Minor, { billed, open }: OpenInvoice): Minor =>
  amount <= 0n || billed <= 0n || open <= 0n ? 0n : roundToInteger(rational(amount * open, billed))
