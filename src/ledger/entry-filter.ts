import type { LocalDate } from '../kernel/calendar.ts'
import type { AccountRole } from './account.ts'
import type { Book } from './journal-entry.ts'

/** When a product's revenue is earned. */
export const TIMINGS = ['over_time', 'point_in_time'] as const
export type Timing = (typeof TIMINGS)[number]

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
}
