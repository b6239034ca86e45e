import { and, asc, eq, sql } from 'drizzle-orm'
import { customers } from '../customers/customers.schema.ts'
import { invoices } from '../invoicing/invoicing.schema.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import { booked } from '../ledger/month-ends/month-ends.schema.ts'
import type { Db } from '../storage/db.store.ts'
import type { OpenReceivable } from './ageing.ts'
import { exactSum, reported, reportedUpTo, type Scope } from './ledger-sums.store.ts'

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
    .crossJoin(invoices)
    .leftJoin(customers, eq(customers.ref, customerRef))
    .where(and(reported, eq(invoices.id, booked.invoiceId)))
    .groupBy(currency, customerRef, dueDate)
    .having(sql`SUM(${booked.amount}) <> 0`)
    .orderBy(asc(currency), asc(customerRef), asc(dueDate))
  return rows.map((row) => ({ ...row, open: BigInt(row.open) }))
}

/** The same, invoice by invoice: of one customer, or of all. */
export async function openByInvoice(
  db: Db,
  asOf: LocalDate,
  { entityRef, customerRef }: Scope & { customerRef?: string | undefined },
): Promise<{ id: string; number: string; currency: string; dueDate: LocalDate; open: Minor }[]> {
  const { id, number, currency, dueDate } = invoices
  const rows = await db
    .select({ id, number, currency, dueDate, open: exactSum(booked.amount) })
    .from(reportedUpTo(['accounts_receivable'], { to: asOf, entityRef }))
    .crossJoin(invoices)
    .where(
      and(
        reported,
        eq(invoices.id, booked.invoiceId),
        customerRef === undefined ? undefined : eq(invoices.customerRef, customerRef),
      ),
    )
    .groupBy(currency, id)
    .having(sql`SUM(${booked.amount}) <> 0`)
    .orderBy(asc(dueDate), asc(number))
  return rows.map((row) => ({ ...row, open: BigInt(row.open) }))
}
