import type { LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'

/** A line of the billing plan, without tax; minor units. */
export type Billing = {
  date: LocalDate
  amount: Minor
  /** The obligation that it is for, where it is for one. */
  key?: string
  paidOn?: LocalDate
  /** The customer may cancel without paying: there is no right to the money before it comes. */
  isCancellable: boolean
}

/** A line of the plan on the day from which the consideration counts. */
export type Due = { date: LocalDate; amount: Minor; key?: string }

/**
 * From when on an invoice counts: its own date, or the day of payment where the contract can be cancelled until then
 * (ASC 606-10-45-2 and Example 38, IFRS 15.106 and IE198). Without a right and without money it does not count at all.
 */
export const duesOf = (billings: readonly Billing[]): Due[] =>
  billings.flatMap(({ date, amount, key, paidOn, isCancellable }) => {
    const from = isCancellable ? paidOn : date
    return from === undefined ? [] : [{ date: from, amount, ...(key === undefined ? {} : { key }) }]
  })

/** When the money comes, as far as it is known: the day of payment, else the invoice's own date. */
export const paymentsOf = (billings: readonly Billing[]): Due[] =>
  duesOf(billings.map((line) => ({ ...line, date: line.paidOn ?? line.date })))
