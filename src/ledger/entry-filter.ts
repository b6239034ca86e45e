import type { LocalDate } from '../kernel/calendar.ts'
import type { AccountRole } from './account.ts'
import type { Book } from './journal-entry.ts'

/** When a product's revenue is earned. */
export const TIMINGS = ['over_time', 'point_in_time'] as const
export type Timing = (typeof TIMINGS)[number]

/** What a posting may have been made without. */
export const DIMENSIONS = ['contract_ref', 'product_ref'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** What of the journal is asked for. */
export type EntryFilter = {
  /** By default the primary one. */
  book?: Book | undefined
  entityRef?: string | undefined
  account?: AccountRole | undefined
  /** First and last posting date, both included. */
  from?: LocalDate | undefined
  to?: LocalDate | undefined
  event?: string | undefined
  /** One entry, and the one that takes it back. */
  entryId?: string | undefined
  /** What the event happened to: with `event` it names one entry. */
  sourceId?: string | undefined
  currency?: string | undefined
  invoiceId?: string | undefined
  contractRef?: string | undefined
  customerRef?: string | undefined
  productRef?: string | undefined
  /** Of the customer; `none` for those without one. */
  country?: string | undefined
  timing?: Timing | undefined
  /** Only what belongs to a day before this one, and stands in a later month. */
  belongsBefore?: LocalDate | undefined
  /** Only what belongs to a day of this month, `YYYY-MM`, and stands in a later one. */
  belongsIn?: string | undefined
  /** Only what names none of it. */
  without?: Dimension | undefined
  /** False leaves out how the balance sheet shows positions at a month's end. */
  presented?: false | undefined
  /** Only revenue of this schedule: of an invoice line, an obligation or an accrual. */
  schedule?: string | undefined
  /** With `schedule`: only what it has for days of this month, `YYYY-MM`. */
  scheduledIn?: string | undefined
}
