import { and, asc, desc, eq, getTableColumns, lt, or, sql } from 'drizzle-orm'
import type { Minor } from '../kernel/money.ts'
import { type Page, type Paged, paged, placeAfter } from '../kernel/page.ts'
import { conflict } from '../kernel/problem.ts'
import type { Db } from '../storage/db.store.ts'
import { allocations } from './allocations.schema.ts'
import type { Invoice, InvoiceLine, InvoiceState } from './invoice.ts'
import { invoiceLines, invoices } from './invoicing.schema.ts'
import { inState, isOpen, readSettlement, settledByKind } from './settlement.store.ts'
import { type Allocation, type Settlement, settledAmount } from './settlement.ts'

/** How far an invoice is settled; `allocated` is all of it, so that the total less it is open. */
type Settled = { allocated: Minor; settlement: Settlement }
/** An invoice without its lines. */
export type InvoiceSummary = Omit<Invoice, 'lines'> & Settled
export type FoundInvoice = { invoice: Invoice } & Settled

export type InvoiceFilter = Page & {
  customerRef?: string | undefined
  contractRef?: string | undefined
  state?: InvoiceState | undefined
  /** Only invoices that still owe something. */
  open?: boolean | undefined
}

/** Most open invoices that one question may bring back; the oldest due come first. */
const OPEN_INVOICES_MAX = 5_000

/** Finds an invoice by its id or its document number, which two sellers may both have used: then only the id tells. */
export async function findInvoice(db: Db, ref: string): Promise<FoundInvoice | undefined> {
  const found = await summaries(db)
    .where(or(eq(invoices.id, ref), eq(invoices.number, ref)))
    .limit(2)
  const [first, second] = found.map(toSummary)
  if (!first) return undefined
  if (second) {
    throw conflict(
      'invoice_number_ambiguous',
      `Two sellers issued an invoice "${ref}"; ask by the invoice's id.`,
    )
  }
  const { allocated, settlement, ...invoice } = first
  return { invoice: { ...invoice, lines: await linesOf(db, invoice.id) }, allocated, settlement }
}

/** Newest first. The cursor is SQLite's rowid, which grows with every invoice issued. */
export async function listInvoices(db: Db, filter: InvoiceFilter): Promise<Paged<InvoiceSummary>> {
  const before = placeAfter(filter.cursor)
  const rows = await summaries(db)
    .where(
      and(
        filter.customerRef === undefined ? undefined : eq(invoices.customerRef, filter.customerRef),
        filter.contractRef === undefined ? undefined : eq(invoices.contractRef, filter.contractRef),
        filter.open ? isOpen : undefined,
        filter.state && inState(filter.state),
        before === undefined ? undefined : lt(place, before),
      ),
    )
    .orderBy(desc(place))
    .limit(filter.limit + 1)
  const { rows: shown, nextCursor } = paged(rows, filter.limit, (row) => String(row.place))
  return { rows: shown.map(toSummary), nextCursor }
}

/** Invoices that still owe something, the oldest due first. */
export async function openInvoices(
  db: Db,
  filter: { entityRef?: string | undefined; customerRef?: string | undefined; currency?: string | undefined },
): Promise<InvoiceSummary[]> {
  const rows = await summaries(db)
    .where(
      and(
        isOpen,
        filter.entityRef === undefined ? undefined : eq(invoices.entityRef, filter.entityRef),
        filter.customerRef === undefined ? undefined : eq(invoices.customerRef, filter.customerRef),
        filter.currency === undefined ? undefined : eq(invoices.currency, filter.currency),
      ),
    )
    .orderBy(asc(invoices.dueDate), asc(place))
    .limit(OPEN_INVOICES_MAX)
  return rows.map(toSummary)
}

export const allocationsOfInvoice = (db: Db, invoiceId: string): Promise<Allocation[]> =>
  db
    .select()
    .from(allocations)
    .where(eq(allocations.invoiceId, invoiceId))
    .orderBy(asc(sql`${allocations}.rowid`))

const place = sql<number>`invoices.rowid`

const summaries = (db: Db) =>
  db.select({ ...getTableColumns(invoices), settled: settledByKind, place }).from(invoices)

function toSummary({
  place: _,
  settled,
  ...invoice
}: typeof invoices.$inferSelect & { settled: string; place: number }): InvoiceSummary {
  const settlement = readSettlement(settled)
  return { ...invoice, allocated: settledAmount(settlement), settlement }
}

async function linesOf(db: Db, invoiceId: string): Promise<InvoiceLine[]> {
  const rows = await db
    .select()
    .from(invoiceLines)
    .where(eq(invoiceLines.invoiceId, invoiceId))
    .orderBy(asc(invoiceLines.position))
  return rows.map(({ invoiceId: _, contractRef: __, ...line }) => line)
}
