import { and, eq, ne } from 'drizzle-orm'
import { insertGrants, insertMovements, keptCredits } from '../credits/credits.store.ts'
import type { CreditGrant } from '../credits/grant.ts'
import type { GrantState } from '../credits/movement.ts'
import { allocations } from '../invoicing/allocations.schema.ts'
import { lineReversals } from '../invoicing/corrections/credit-notes.schema.ts'
import { customerCredits } from '../invoicing/corrections/customer-credits.schema.ts'
import type { Instant } from '../kernel/calendar.ts'
import type { ClosedPeriods } from '../ledger/accounting-period.ts'
import { postEntries } from '../ledger/ledger.store.ts'
import { type Db, insertRows, type Statement } from '../storage/db.store.ts'
import type { RefundPlan } from './plan-refund.ts'
import type { Refund } from './refund.ts'
import { refunds } from './refunds.schema.ts'
import type { UndoPlan } from './undo.ts'

export async function findRefund(db: Db, id: string): Promise<Refund | undefined> {
  const [refund] = await db.select().from(refunds).where(eq(refunds.id, id))
  return refund
}

/** The grants that hold what of a payment is the customer's credit, also what came back with a refund that failed. */
export async function grantsOfPayment(db: Db, paymentId: string): Promise<GrantState[]> {
  const kept = await db
    .select({ id: customerCredits.id })
    .from(customerCredits)
    .where(eq(customerCredits.paymentId, paymentId))
  const failed = await db
    .select({ id: refunds.id })
    .from(refunds)
    .where(and(eq(refunds.paymentId, paymentId), eq(refunds.state, 'failed')))
  return keptCredits(
    db,
    [...kept, ...failed].map(({ id }) => id),
  )
}

export const writeUndo = (db: Db, plan: UndoPlan, closed: ClosedPeriods): Statement[] => [
  ...insertRows(db, allocations, plan.allocations),
  ...insertRows(db, lineReversals, plan.reversals),
  ...postEntries(db, plan.entries, closed),
]

/** The batch fails when the money was applied, or the credit used, meanwhile. */
export const writeRefund = (db: Db, plan: RefundPlan, closed: ClosedPeriods): Statement[] => [
  ...insertRows(db, refunds, [plan.refund]),
  ...insertMovements(db, plan.voided),
  ...postEntries(db, plan.entries, closed),
]

/** Names a refund as the processor does; the first name stays. */
export const nameRefund = (db: Db, id: string, processorRef: string): Statement =>
  db.update(refunds).set({ processorRef }).where(eq(refunds.id, id))

/** Writes how a refund ended. A bank may send it back days after it succeeded; a failure is final. */
export const endRefund = (
  db: Db,
  { id }: Refund,
  { state, endedAt }: { state: 'succeeded' | 'failed'; endedAt: Instant },
  givenBack: readonly CreditGrant[],
): Statement[] => [
  db
    .update(refunds)
    .set({ state, endedAt })
    .where(and(eq(refunds.id, id), ne(refunds.state, 'failed'))),
  ...insertGrants(db, givenBack),
]
