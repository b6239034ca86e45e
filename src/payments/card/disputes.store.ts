import { and, eq, gt, sql } from 'drizzle-orm'
import { grantsSoldOn, keptCredits } from '../../credits/credits.store.ts'
import { allocations } from '../../invoicing/allocations.schema.ts'
import { customerCredits } from '../../invoicing/corrections/customer-credits.schema.ts'
import { invoices } from '../../invoicing/invoicing.schema.ts'
import { settledBy } from '../../invoicing/settlement.store.ts'
import { type Db, insertRows, type Statement } from '../../storage/db.store.ts'
import type { Payment } from '../payment.ts'
import type { Dispute } from './dispute.ts'
import type { BoughtCredit } from './disputed-credit.ts'
import { disputes } from './disputes.schema.ts'

export async function findDispute(db: Db, id: string): Promise<Dispute | undefined> {
  const [dispute] = await db.select().from(disputes).where(eq(disputes.id, id))
  return dispute
}

/** Writes a dispute that was not known, or its end. One that has ended keeps its end. */
export const writeDispute = (db: Db, dispute: Dispute, isKnown: boolean): Statement[] =>
  isKnown
    ? [
        db
          .update(disputes)
          .set({ state: dispute.state, closedAt: dispute.closedAt, creditTaken: dispute.creditTaken })
          .where(and(eq(disputes.id, dispute.id), eq(disputes.state, 'open'))),
      ]
    : insertRows(db, disputes, [dispute])

/** The credit that a payment has paid for: what its invoices have sold, and what was kept of it. */
export async function creditBoughtBy(db: Db, { id, amount }: Payment): Promise<BoughtCredit[]> {
  const paid = sql<number>`SUM(${allocations.amount})`
  const [settled, kept] = await Promise.all([
    db
      .select({
        invoiceId: allocations.invoiceId,
        paid,
        owed: sql<number>`${invoices.total} - ${settledBy('credit_note')}`,
      })
      .from(allocations)
      .innerJoin(invoices, eq(invoices.id, allocations.invoiceId))
      .where(eq(allocations.paymentId, id))
      .groupBy(allocations.invoiceId)
      .having(gt(paid, 0)),
    db.select({ id: customerCredits.id }).from(customerCredits).where(eq(customerCredits.paymentId, id)),
  ])
  const sold = settled.map(async (row) => ({
    states: await grantsSoldOn(db, row.invoiceId),
    paid: BigInt(row.paid),
    owed: BigInt(row.owed),
  }))
  const states = await keptCredits(
    db,
    kept.map((credit) => credit.id),
  )
  return [...(await Promise.all(sold)), { states, paid: amount, owed: amount }]
}
