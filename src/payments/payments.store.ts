import { and, asc, eq, getTableColumns } from 'drizzle-orm'
import type { Db, Statement } from '../db.ts'
import { insertRows } from '../db.ts'
import { enqueue } from '../delivery/outbox.store.ts'
import { allocations } from '../invoicing/allocations.schema.ts'
import type { Minor } from '../kernel/money.ts'
import type { Page, Paged } from '../kernel/page.ts'
import { postEntries } from '../ledger/ledger.store.ts'
import { newestFirst } from '../newest-first.ts'
import type { Allocation, CustomerCredit, Decision, Payment } from './payment.ts'
import { customerCredits, matches, payments } from './payments.schema.ts'
import type { ReceiptPlan } from './receipt-plan.ts'

/** A payment, and what was decided about it. */
export type FoundPayment = {
  payment: Payment
  match: Decision
  allocations: Allocation[]
  credit: CustomerCredit | null
}

export async function findPayment(db: Db, id: string): Promise<FoundPayment | undefined> {
  const [payment] = await db.select().from(payments).where(eq(payments.id, id))
  const [match] = await db.select().from(matches).where(eq(matches.paymentId, id))
  if (!payment || !match) return undefined
  const [credit] = await db.select().from(customerCredits).where(eq(customerCredits.paymentId, id))
  const applied = await db
    .select()
    .from(allocations)
    .where(eq(allocations.paymentId, id))
    .orderBy(asc(allocations.invoiceId))
  return { payment, match, allocations: applied, credit: credit ?? null }
}

/** Newest first. */
export const listPayments = (
  db: Db,
  filter: Page & { customerRef?: string | undefined; entityRef?: string | undefined },
): Promise<Paged<Payment>> =>
  newestFirst(
    db,
    payments,
    filter,
    and(
      filter.customerRef === undefined ? undefined : eq(payments.customerRef, filter.customerRef),
      filter.entityRef === undefined ? undefined : eq(payments.entityRef, filter.entityRef),
    ),
  )

/** The payments that an invoice was settled with, in the order in which they were applied. */
export const paymentsOfInvoice = (
  db: Db,
  invoiceId: string,
): Promise<(Payment & { allocationId: string; applied: Minor })[]> =>
  db
    .select({ ...getTableColumns(payments), allocationId: allocations.id, applied: allocations.amount })
    .from(allocations)
    .innerJoin(payments, eq(payments.id, allocations.paymentId))
    .where(eq(allocations.invoiceId, invoiceId))
    .orderBy(asc(allocations.createdAt), asc(allocations.id))

/** The statements that write a plan; a payment that is there already fails the batch. */
export const writeReceipt = (db: Db, plan: ReceiptPlan, now: number): Statement[] => [
  ...insertRows(db, payments, [plan.payment]),
  ...insertRows(db, matches, [plan.match]),
  ...insertRows(db, allocations, plan.allocations),
  ...insertRows(db, customerCredits, plan.credit ? [plan.credit] : []),
  ...postEntries(db, plan.entries),
  ...enqueue(db, plan.outbox, now),
]
