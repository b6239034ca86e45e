import { addDays, addMonths, type LocalDate } from '../kernel/calendar.ts'
import type { AccountRole } from '../ledger/account.ts'
import type { Dimension, Timing } from '../ledger/entry-filter.ts'
import { withQuery } from '../web/table.tsx'

/** What of the journal is shown; the names are those of the API. */
export type JournalQuery = {
  account?: AccountRole | undefined
  from?: LocalDate | undefined
  to?: LocalDate | undefined
  belongs_before?: LocalDate | undefined
  timing?: Timing | undefined
  without?: Dimension | undefined
  /** `no` leaves out how the balance sheet shows positions at a month's end. */
  presented?: 'no' | undefined
} & Partial<
  Record<
    | 'entity_ref'
    | 'event'
    | 'source_id'
    | 'currency'
    | 'contract_ref'
    | 'customer_ref'
    | 'product_ref'
    | 'country'
    | 'invoice'
    | 'schedule'
    | 'scheduled_in'
    | 'belongs_in',
    string | undefined
  >
>

/** The entries that a figure is made of. */
export const journalPath = (query: JournalQuery): string => withQuery('/console/journal', query)

/** The entries of the legal entity that a report is of. */
export const of = ({ entityRef }: { entityRef?: string | undefined }): Pick<JournalQuery, 'entity_ref'> => ({
  entity_ref: entityRef,
})

/** The first and the last day of a month. */
export const daysOf = (month: string): { from: LocalDate; to: LocalDate } => ({
  from: `${month}-01`,
  to: addDays(addMonths(`${month}-01`, 1), -1),
})

/** The event behind each movement of a roll-forward. */
const MOVED_BY: Record<string, string> = { billed: 'invoice_issued', recognised: 'revenue_recognised' }

/** The entries behind a figure of a roll-forward of some days: of them, before them, or up to their end. */
export function movedBy(figure: string, from: LocalDate, to: LocalDate): JournalQuery {
  if (figure === 'opening') return { to: addDays(from, -1) }
  if (figure === 'other') return { from, to }
  return MOVED_BY[figure] ? { event: MOVED_BY[figure], from, to } : { to }
}
