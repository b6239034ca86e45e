import { and, eq, isNull, ne, sql } from 'drizzle-orm'
import type { ClosedPeriods } from '../../ledger/accounting-period.ts'
import { postEntries } from '../../ledger/ledger.store.ts'
import { type Db, inList, insertRows, type Statement } from '../../storage/db.store.ts'
import type { Payout } from './payout.ts'
import { payouts, processorTransactions } from './payouts.schema.ts'
import { type ProcessorTransaction, transactionEntries } from './processor-transaction.ts'

/** Those of these movements that are in the books. */
export async function transactionsById(
  db: Db,
  ids: readonly string[],
): Promise<Map<string, ProcessorTransaction>> {
  const rows = await db.select().from(processorTransactions).where(inList(processorTransactions.id, ids))
  return new Map(rows.map((row) => [row.id, row]))
}

/** Movements with their entries; one that is in the books already fails the batch. */
export const writeTransactions = (
  db: Db,
  moved: readonly ProcessorTransaction[],
  closed: ClosedPeriods,
): Statement[] => [
  ...insertRows(db, processorTransactions, moved),
  ...postEntries(db, moved.flatMap(transactionEntries), closed),
]

/** The parts of a payout of Stripe's. */
export const partsOfPayout = (db: Db, processorRef: string): Promise<Payout[]> =>
  db.select().from(payouts).where(eq(payouts.processorRef, processorRef))

export const writePayouts = (db: Db, parts: readonly Payout[]): Statement[] => insertRows(db, payouts, parts)

/** Says which payout took movements that were in the books before; the first one stays. */
export const assignTransactions = (db: Db, { id }: Payout, transactionIds: readonly string[]): Statement =>
  db
    .update(processorTransactions)
    .set({ payoutId: id })
    .where(and(isNull(processorTransactions.payoutId), inList(processorTransactions.id, transactionIds)))

/** A payout that failed stays so. */
export const movePayout = (db: Db, { id, state, paidAt, returnedAt }: Payout): Statement =>
  db
    .update(payouts)
    .set({ state, paidAt, returnedAt })
    .where(and(eq(payouts.id, id), ne(payouts.state, 'failed')))

/** The payouts that a seller's bank account may still get, the earliest first. */
export const payoutsToArrive = (db: Db, entityRef: string): Promise<Payout[]> =>
  db
    .select()
    .from(payouts)
    .where(
      and(
        eq(payouts.entityRef, entityRef),
        ne(payouts.state, 'failed'),
        sql`NOT EXISTS (SELECT 1 FROM bank_entries WHERE bank_entries.payout_ref = payouts.processor_ref)`,
      ),
    )
    .orderBy(payouts.arrivesOn, payouts.id)
