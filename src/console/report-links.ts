import { addDays, type LocalDate } from '../kernel/calendar.ts'
import type { AccountRole } from '../ledger/account.ts'
import type { Dimension, Timing } from '../ledger/entry-filter.ts'
import { withQuery } from '../web/table.tsx'
import { amountOf, type ReportName, type ReportView, type Row, rowKey } from './report-view.ts'

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
    | 'entry_id'
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

/** Which figure of which report; of a total where no row is named. */
export type FigureQuery = {
  report: ReportName
  as_of: LocalDate
  currency: string | undefined
  figure: string
} & Partial<Record<'entity_ref' | 'by' | 'row', string | undefined>>

/** The page that says what a figure is made of. */
export const figurePath = (query: FigureQuery): string => withQuery('/console/reports/figure', query)

/** Where a figure leads to: the entries that it is the sum of, or the page that says what it is made of. */
export function pathOf(view: ReportView, row: Row, figure: string, isTotal: boolean): string | undefined {
  const entries = view.entries?.(row, figure)
  if (entries || amountOf(row, figure) === 0n) return entries
  return figurePath({
    ...{ report: view.name, as_of: view.asOf, entity_ref: view.entityRef, by: view.choices?.now },
    ...{ currency: row.currency, figure, row: isTotal ? undefined : rowKey(view, row) },
  })
}

export const invoicePath = (invoiceId: string, place = ''): string => `/console/invoices/${invoiceId}${place}`

export const contractPath = (ref: string): string => `/console/contracts/${encodeURIComponent(ref)}`

/** The event behind each movement of a roll-forward. */
const MOVED_BY: Record<string, string> = { billed: 'invoice_issued', recognised: 'revenue_recognised' }

/** The entries that a figure of a roll-forward of some days is the sum of: of them, before them, or up to their end. */
export function movedBy(figure: string, from: LocalDate, to: LocalDate): JournalQuery | undefined {
  if (figure === 'opening') return { to: addDays(from, -1), presented: 'no' }
  if (figure === 'closing') return { to, presented: 'no' }
  return MOVED_BY[figure] ? { event: MOVED_BY[figure], from, to } : undefined
}
