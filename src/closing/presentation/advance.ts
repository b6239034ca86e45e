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

/** An invoice without tax, less what was credited; minor units. */
export type BilledInvoice = { id: string; contractRef: string; currency: string; net: Minor }

/**
 * What is not paid of the part of a contract's billing that is no revenue, `net` in minor units. What was billed first
 * became revenue first, so that part is on the latest invoices.
 *
 * @example 300.00 of 500.00 are no revenue; 200.00 of the earlier year are unpaid, of the latest 300.00 nothing is: 0.00
 */
export function unpaidOfLatest(
  net: Minor,
  latestFirst: readonly BilledInvoice[],
  open: ReadonlyMap<string, OpenInvoice>,
): Minor {
  let left = net > 0n ? net : 0n
  let unpaid = 0n
  for (const { id, net: billed } of latestFirst) {
    const part = billed < left ? billed : left
    const invoice = open.get(id)
    if (part > 0n && invoice) unpaid += unpaidOf(part, invoice)
    left -= part > 0n ? part : 0n
  }
  return unpaid
}

/**
 * The part of an amount on an invoice that is not paid, in minor units, rounded half away from zero: a payment pays for
 * all that is on the invoice alike.
 *
 * @example 900.00 net of an invoice over 1,190.00 of which 595.00 are open: 450.00
 */
export const unpaidOf = (amount: Minor, { billed, open }: OpenInvoice): Minor =>
  amount <= 0n || billed <= 0n || open <= 0n ? 0n : roundToInteger(rational(amount * open, billed))
