import { and, asc, eq, getTableColumns, gt, isNull, type SQL, sql } from 'drizzle-orm'
import { insertGrants } from '../credits/credits.store.ts'
import { enqueue } from '../delivery/outbox.store.ts'
import { allocations } from '../invoicing/allocations.schema.ts'
import { lineReversals } from '../invoicing/corrections/credit-notes.schema.ts'
import { customerCredits } from '../invoicing/corrections/customer-credits.schema.ts'
import { type Allocation, standingAllocations } from '../invoicing/settlement.ts'
import { type Minor, sum } from '../kernel/money.ts'
import type { Page, Paged } from '../kernel/page.ts'
import type { ClosedPeriods } from '../ledger/accounting-period.ts'
import { postEntries } from '../ledger/ledger.store.ts'
import type { Db, Statement } from '../storage/db.store.ts'
import { insertRows } from '../storage/db.store.ts'
import { newestFirst } from '../storage/newest-first.store.ts'
import type { Decision, Payment } from './payment.ts'
import { matches, payments, unappliedPlaces } from './payments.schema.ts'
import type { ReceiptPlan } from './receipt-plan.ts'
import type { Refund } from './refund.ts'
import { refunds } from './refunds.schema.ts'

/** A payment, and what was decided about it. */
export type FoundPayment = {
  payment: Payment
  match: Decision
  /** As they stand: what was taken back of one is off its amount. */
  allocations: Allocation[]
  /** What of it is the customer's credit: given, and not paid back. */
  credit: Minor
  /** What was paid back, or is on its way. */
  refunded: Minor
  /** The oldest first; failed ones are among them. */
  refunds: Refund[]
}

/** A payment, and how much of it invoices and the customer's credit took or was paid back; the rest is unapplied. */
export type PaymentSummary = Payment & { applied: Minor; credit: Minor; refunded: Minor }

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
  const paidBack = await db
    .select()
    .from(refunds)
    .where(sql`${refunds.paymentId} IN ${sought}`)
    .orderBy(asc(refunds.createdAt))
  const refundsOf = Map.groupBy(paidBack, ({ paymentId }) => paymentId)
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
        ...afterRefunds(
          sum((creditsOf.get(payment.id) ?? []).map(({ amount }) => amount)),
          refundsOf.get(payment.id) ?? [],
        ),
      },
    ]),
  )
}

function afterRefunds(given: Minor, made: Refund[]) {
  const standing = made.filter(({ state }) => state !== 'failed')
  const fromCredit = sum(standing.map(({ amount, fromUnapplied }) => amount - fromUnapplied))
  return { credit: given - fromCredit, refunded: sum(standing.map(({ amount }) => amount)), refunds: made }
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
      filter.unapplied ? sql`payments.rowid IN (SELECT place FROM ${unappliedPlaces})` : undefined,
    ),
  )
  const ids = sql`(SELECT value FROM json_each(${JSON.stringify(rows.map(({ id }) => id))}))`
  const sums = await db
    .select({ id: payments.id, applied: APPLIED, credit: CREDITED, refunded: REFUNDED })
    .from(payments)
    .where(sql`${payments.id} IN ${ids}`)
  const byId = new Map(sums.map(({ id, ...rest }) => [id, rest]))
  return {
    nextCursor,
    rows: rows.map((row) => {
      const { applied = 0, credit = 0, refunded = 0 } = byId.get(row.id) ?? {}
      return { ...row, applied: BigInt(applied), credit: BigInt(credit), refunded: BigInt(refunded) }
    }),
  }
}

const APPLIED = sql<number>`(SELECT COALESCE(SUM(a.amount), 0) FROM allocations a WHERE a.payment_id = payments.id)`
const refundedSum = (column: SQL) => sql<number>`(SELECT COALESCE(SUM(${column}), 0) FROM refunds r
  WHERE r.payment_id = payments.id AND r.state <> 'failed')`
const REFUNDED = refundedSum(sql`r.amount`)
const CREDITED = sql<number>`((SELECT COALESCE(SUM(c.amount), 0) FROM customer_credits c
  WHERE c.payment_id = payments.id) - ${refundedSum(sql`r.amount - r.from_unapplied`)})`

/** Of one allocation, what was not taken back. */
const STANDING = sql<number>`(SELECT SUM(standing.amount) FROM allocations standing
  WHERE standing.id = ${allocations.id} OR standing.reverses = ${allocations.id})`

/** The payments that settle an invoice, in the order in which they were applied. */
export async function paymentsOfInvoice(
  db: Db,
  invoiceId: string,
): Promise<(Payment & { allocationId: string; applied: Minor })[]> {
  const rows = await db
    .select({ ...getTableColumns(payments), allocationId: allocations.id, applied: STANDING })
    .from(allocations)
    .innerJoin(payments, eq(payments.id, allocations.paymentId))
    .where(and(eq(allocations.invoiceId, invoiceId), isNull(allocations.reverses), gt(STANDING, 0)))
    .orderBy(asc(allocations.createdAt), asc(allocations.id))
  return rows.map((row) => ({ ...row, applied: BigInt(row.applied) }))
}

/** The statements that write a plan; a payment that is there already fails the batch. */
export const writeReceipt = (db: Db, plan: ReceiptPlan, closed: ClosedPeriods, now: number): Statement[] => [
  ...insertRows(db, payments, [plan.payment]),
  ...insertRows(db, matches, [plan.match]),
  ...insertRows(db, allocations, plan.allocations),
  ...insertRows(db, lineReversals, plan.reversals),
  ...insertRows(db, customerCredits, plan.credit ? [plan.credit] : []),
  ...insertGrants(db, plan.grants),
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
