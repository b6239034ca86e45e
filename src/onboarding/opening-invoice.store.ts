import { asc } from 'drizzle-orm'
import { invoiceLines, invoices } from '../invoicing/invoicing.schema.ts'
import { NOTHING_CLOSED } from '../ledger/accounting-period.ts'
import { postEntries } from '../ledger/ledger.store.ts'
import { type Db, inList, insertRows, type Statement } from '../storage/db.store.ts'
import { factsThere, type OpeningFacts, type OpeningInvoice, openingEntry } from './opening-invoice.ts'

/** What the imported invoices among these ids were made of. */
export async function openingFacts(db: Db, ids: readonly string[]): Promise<Map<string, OpeningFacts>> {
  const [rows, lines] = await Promise.all([
    db.select().from(invoices).where(inList(invoices.id, ids)),
    db
      .select()
      .from(invoiceLines)
      .where(inList(invoiceLines.invoiceId, ids))
      .orderBy(asc(invoiceLines.position)),
  ])
  const linesOf = Map.groupBy(lines, ({ invoiceId }) => invoiceId)
  return new Map(rows.map((row) => [row.id, factsThere(row, linesOf.get(row.id) ?? [])]))
}

/** What taking over open invoices writes: the invoices, their lines, and an entry for each. */
export function openingStatements(
  db: Db,
  taken: readonly { invoice: OpeningInvoice; timezone: string }[],
): Statement[] {
  const opened = taken.map(({ invoice }) => invoice)
  return [
    ...insertRows(db, invoices, opened),
    ...insertRows(
      db,
      invoiceLines,
      opened.flatMap(({ id, contractRef, lines }) =>
        lines.map((line) => ({ ...line, invoiceId: id, contractRef })),
      ),
    ),
    ...postEntries(
      db,
      taken.map(({ invoice, timezone }) => openingEntry(invoice, timezone)),
      NOTHING_CLOSED,
    ),
  ]
}
