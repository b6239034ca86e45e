import { asc, eq, sql } from 'drizzle-orm'
import { customers } from '../customers/customers.schema.ts'
import { invoices } from '../invoicing/invoicing.schema.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { booked } from '../ledger/month-ends/month-ends.schema.ts'
import type { Db } from '../storage/db.store.ts'
import type { OpenReceivable } from './ageing.ts'
import { reported, reportedUpTo, type Scope } from './ledger-sums.store.ts'

/** What the books say is open of invoices at the end of the day, by customer and due date. */
export async function openReceivables(
  db: Db,
  asOf: LocalDate,
  { entityRef }: Scope,
): Promise<OpenReceivable[]> {
  const { customerRef, currency, dueDate } = invoices
  const rows = await db
    .select({
      customerRef,
      customerName: sql<string>`COALESCE(${customers.name}, ${customerRef})`,
      currency,
      dueDate,
      open: sql<string>`CAST(SUM(${booked.amount}) AS TEXT)`,
    })
    .from(reportedUpTo(['accounts_receivable'], { to: asOf, entityRef }))
    .innerJoin(invoices, eq(invoices.id, booked.invoiceId))
    .leftJoin(customers, eq(customers.ref, customerRef))
    .where(reported)
    .groupBy(currency, customerRef, dueDate)
    .having(sql`SUM(${booked.amount}) <> 0`)
    .orderBy(asc(currency), asc(customerRef), asc(dueDate))
  return rows.map((row) => ({ ...row, open: BigInt(row.open) }))
}
