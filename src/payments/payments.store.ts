import { and, asc, eq, getTableColumns, gt, sql } from 'drizzle-orm'
import { enqueue } from '../delivery/outbox.store.ts'
import { allocations } from '../invoicing/allocations.schema.ts'
import { customerCredits } from '../invoicing/customer-credits.schema.ts'
import { type Allocation, standingAllocations } from '../invoicing/settlement.ts'
import { type Minor, sum } from '../kernel/money.ts'
import type { Page, Paged } from '../kernel/page.ts'
import type { ClosedPeriods } from '../ledger/accounting-period.ts'
import { postEntries } from '../ledger/ledger.store.ts'
import type { Db, Statement } from '../storage/db.store.ts'
import { insertRows } from '../storage/db.store.ts'
import { newestFirst } from '../storage/newest-first.store.ts'
import type { Decision, Payment } from './payment.ts'
import { matches, payments } from './payments.schema.ts'
import type { ReceiptPlan } from './receipt-plan.ts'

/** A payment, and what was decided about it. */
export type FoundPayment = {
  payment: Payment
  match: Decision
  /** As they stand: what was taken back of one is off its amount. */
  allocations: Allocation[]
  credit: Minor
}

/** A payment, and how much of it invoices and the customer's credit took; the rest is unapplied. */
export type PaymentSummary = Payment & { applied: Minor; credit: Minor }

export async function findPayment(db: Db, id: string): Promise<FoundPayment | undefined> {
  return (await findPayments(db, [id])).get(id)
}

/** Payments by their id; those that are not there are left out. */
export async function findPayments(db: Db, ids: readonly string[]): Promise<Map<string, FoundPayment>> {
  const sought = sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`
  const found = await db
    .select({ payment: payments, match: matches })
    .from(payments)
    .innerJoin(matches, eq(matches.paymentId, payments.id))
    .where(sql`${payments.id} IN ${sought}`)
  if (found.length === 0) return new Map()
  const applied = await db
    .select()
    .from(allocations)
    .where(sql`${allocations.paymentId} IN ${sought}`)
    .orderBy(asc(allocations.invoiceId), asc(allocations.createdAt))
  const credits = await db
    .select()
    .from(customerCredits)
    .where(sql`${customerCredits.paymentId} IN ${sought}`)
  const appliedOf = Map.groupBy(applied, ({ paymentId }) => paymentId)
  const creditsOf = Map.groupBy(credits, ({ paymentId }) => paymentId)
  return new Map(
    found.map(({ payment, match }) => [
      payment.id,
      {
        payment,
        match,
        allocations: standingAllocations(appliedOf.get(payment.id) ?? []).map(({ left, ...allocation }) => ({
          ...allocation,
          amount: left,
        })),
        credit: sum((creditsOf.get(payment.id) ?? []).map(({ amount }) => amount)),
      },
    ]),
  )
}

export type PaymentFilter = Page & {
  customerRef?: string | undefined
  entityRef?: string | undefined
  /** Only money that still waits for a decision. */
  unapplied?: boolean | undefined
}

/** Newest first. */
export async function listPayments(db: Db, filter: PaymentFilter): Promise<Paged<PaymentSummary>> {
  const { rows, nextCursor } = await newestFirst(
    db,
    payments,
    filter,
    and(
      filter.customerRef === undefined ? undefined : eq(payments.customerRef, filter.customerRef),
      filter.entityRef === undefined ? undefined : eq(payments.entityRef, filter.entityRef),
      filter.unapplied ? gt(payments.amount, sql`${APPLIED} + ${CREDITED}`) : undefined,
    ),
  )
  const ids = sql`(SELECT value FROM json_each(${JSON.stringify(rows.map(({ id }) => id))}))`
  const sums = await db
    .select({ id: payments.id, applied: APPLIED, credit: CREDITED })
    .from(payments)
    .where(sql`${payments.id} IN ${ids}`)
  const byId = new Map(sums.map(({ id, applied, credit }) => [id, { applied, credit }]))
  return {
    nextCursor,
    rows: rows.map((row) => {
      const { applied = 0, credit = 0 } = byId.get(row.id) ?? {}
      return { ...row, applied: BigInt(applied), credit: BigInt(credit) }
    }),
  }
}

const APPLIED = sql<number>`(SELECT COALESCE(SUM(a.amount), 0) FROM allocations a WHERE a.payment_id = payments.id)`
const CREDITED = sql<number>`(SELECT COALESCE(SUM(c.amount), 0) FROM customer_credits c
  WHERE c.payment_id = payments.id)`

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
export const writeReceipt = (db: Db, plan: ReceiptPlan, closed: ClosedPeriods, now: number): Statement[] => [
  ...insertRows(db, payments, [plan.payment]),
  ...insertRows(db, matches, [plan.match]),
  ...insertRows(db, allocations, plan.allocations),
  ...insertRows(db, customerCredits, plan.credit ? [plan.credit] : []),
  ...postEntries(db, plan.entries, closed),
  ...enqueue(db, plan.outbox, now),
]

export async function findAllocation(
  db: Db,
  id: string,
): Promise<{ allocation: Allocation; payment: Payment } | undefined> {
  const [allocation] = await db.select().from(allocations).where(eq(allocations.id, id))
  const [payment] = allocation?.paymentId
    ? await db.select().from(payments).where(eq(payments.id, allocation.paymentId))
    : []
  return allocation && payment && { allocation, payment }
}
