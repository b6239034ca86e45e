import { asc } from 'drizzle-orm'
import type { Invoice } from '../../invoicing/invoice.ts'
import { invoiceLines, invoices } from '../../invoicing/invoicing.schema.ts'
import { type Db, inList } from '../../storage/db.store.ts'

/** Invoices with all their lines, in the order of their ids. */
export async function readInvoices(db: Db, ids: readonly string[]): Promise<Map<string, Invoice>> {
  const rows = await db.select().from(invoices).where(inList(invoices.id, ids)).orderBy(asc(invoices.id))
  const lines = await db
    .select()
    .from(invoiceLines)
    .where(inList(invoiceLines.invoiceId, ids))
    .orderBy(asc(invoiceLines.invoiceId), asc(invoiceLines.position))
  const own = Map.groupBy(lines, ({ invoiceId }) => invoiceId)
  return new Map(rows.map((row) => [row.id, { ...row, lines: own.get(row.id) ?? [] }]))
}
