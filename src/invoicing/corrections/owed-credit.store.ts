import { and, desc, eq, inArray, lt, or, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Db } from '../../storage/db.store.ts'
import { cycleCloses, invoiceLines, invoices } from '../invoicing.schema.ts'
import { lineReversals } from './credit-notes.schema.ts'
import type { OwedCredit } from './owed-credit.ts'
import type { CreditableLine } from './owed-lines.ts'

/** What the close of a boundary left to be given back by credit notes. */
export async function owedAt(db: Db, contractRef: string, boundary: number): Promise<OwedCredit[]> {
  const [close] = await db
    .select({ owedCredits: cycleCloses.owedCredits })
    .from(cycleCloses)
    .where(and(eq(cycleCloses.contractRef, contractRef), eq(cycleCloses.cycleNo, boundary)))
  return close?.owedCredits ?? []
}

/**
 * Issued lines of these products of a contract, the newest first, with what was taken back of them; also those of products
 * that a line has credited, and all lines of its invoice.
 */
export async function creditableLines(
  db: Db,
  contractRef: string,
  productRefs: readonly string[],
): Promise<CreditableLine[]> {
  const credits = (column: SQLiteColumn) =>
    db
      .select({ of: column })
      .from(invoiceLines)
      .where(and(eq(invoiceLines.contractRef, contractRef), lt(invoiceLines.amount, 0n)))
  const rows = await db
    .select({ line: invoiceLines })
    .from(invoiceLines)
    .innerJoin(invoices, eq(invoices.id, invoiceLines.invoiceId))
    .where(
      and(
        eq(invoiceLines.contractRef, contractRef),
        or(
          sql`${invoiceLines.productRef} IN (SELECT value FROM json_each(${JSON.stringify(productRefs)}))`,
          inArray(invoiceLines.productRef, credits(invoiceLines.productRef)),
          inArray(invoiceLines.invoiceId, credits(invoiceLines.invoiceId)),
        ),
      ),
    )
    .orderBy(desc(invoices.issuedAt), desc(invoices.id), desc(invoiceLines.position))
  const ids = JSON.stringify(rows.map(({ line }) => line.id))
  const reversals = await db
    .select()
    .from(lineReversals)
    .where(inArray(lineReversals.lineId, sql`(SELECT value FROM json_each(${ids}))`))
  const byLine = Map.groupBy(reversals, ({ lineId }) => lineId)
  return rows.map(({ line: { invoiceId, contractRef: _, ...line } }) => ({
    invoiceId,
    line,
    before: byLine.get(line.id) ?? [],
  }))
}
