import type { Scope } from '../reports/ledger-sums.store.ts'
import { taxDocuments } from '../reports/revenue-reports.job.ts'
import type { Span } from '../reports/span.ts'
import { waterfallCell } from '../revenue/reports.store.ts'
import type { Db } from '../storage/db.store.ts'
import { contractPath, invoicePath, journalPath } from './report-links.ts'
import type { FigurePart, Row } from './report-view.ts'

type Schedule = {
  lineId: string
  contractRef: string
  productRef: string
  invoiceId: string | null
  number: string | null
}

/** A schedule by its line, and by its contract where no invoice has it. */
export const scheduleName = ({ contractRef, productRef, number }: Schedule): string =>
  number === null ? `${contractRef}: ${productRef}` : `Invoice ${number}: ${productRef}`

/** The line of the schedule, or the contract that it is of. */
export const schedulePath = ({ invoiceId, lineId, contractRef }: Schedule): string =>
  invoiceId === null ? contractPath(contractRef) : invoicePath(invoiceId, `#${lineId}`)

/** The schedules behind an amount of the waterfall: what is posted leads to its entries, what is to come to its line. */
export async function waterfallParts(
  db: Db,
  { entityRef }: Scope,
  { currency = '', booking_month = '' }: Row,
  month: string,
): Promise<FigurePart[]> {
  const rows = await waterfallCell(db, { currency, bookingMonth: booking_month, month, entityRef })
  return rows.flatMap(({ recognised, scheduled, ...schedule }) => [
    {
      what: scheduleName(schedule),
      amount: recognised,
      path: journalPath({ account: 'revenue', schedule: schedule.lineId, scheduled_in: month }),
    },
    { what: `${scheduleName(schedule)}, to come`, amount: scheduled, path: schedulePath(schedule) },
  ])
}

/** The documents that a tax is of. */
export async function taxParts(
  db: Db,
  span: Span,
  scope: Scope,
  row: Row,
  figure: string,
): Promise<FigurePart[]> {
  const documents = await taxDocuments(db, span, scope)
  return documents
    .filter(
      ({ entityRef, currency, name, percent, reason }) =>
        JSON.stringify([entityRef, currency, name, percent, reason ?? '']) ===
        JSON.stringify([row.entity_ref, row.currency, row.tax_name, row.percent, row.reason]),
    )
    .map(({ number, invoiceId, taxable, tax }) => ({
      what: number,
      amount: figure === 'tax' ? tax : taxable,
      path: invoicePath(invoiceId),
    }))
}
