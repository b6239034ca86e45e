import { and, count, eq, isNull, ne, sql } from 'drizzle-orm'
import type { Minor } from '../../kernel/money.ts'
import type { Page, Paged } from '../../kernel/page.ts'
import type { ClosedPeriods } from '../../ledger/accounting-period.ts'
import { postEntries } from '../../ledger/ledger.store.ts'
import { type Db, inList, insertRows, type Statement } from '../../storage/db.store.ts'
import { newestFirst } from '../../storage/newest-first.store.ts'
import type { Payout, PayoutState } from './payout.ts'
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

export const listPayouts = (
  db: Db,
  page: Page & { entityRef?: string | undefined; state?: PayoutState | undefined },
): Promise<Paged<Payout>> =>
  newestFirst(
    db,
    payouts,
    page,
    and(
      page.entityRef === undefined ? undefined : eq(payouts.entityRef, page.entityRef),
      page.state === undefined ? undefined : eq(payouts.state, page.state),
    ),
  )

/** What left with a payout, minor units: how many movements, what they come to, and what Stripe kept of it. */
export type MovedWith = { count: number; amount: Minor; fees: Minor }

export const NOTHING_MOVED: MovedWith = { count: 0, amount: 0n, fees: 0n }

export async function movedWith(db: Db, payoutIds: readonly string[]): Promise<Map<string, MovedWith>> {
  const { payoutId, amount, fee } = processorTransactions
  const rows = await db
    .select({
      payoutId,
      count: count(),
      amount: sql<string>`CAST(SUM(${amount}) AS TEXT)`,
      fees: sql<string>`CAST(SUM(${fee}) AS TEXT)`,
    })
    .from(processorTransactions)
    .where(inList(payoutId, payoutIds))
    .groupBy(payoutId)
  return new Map(
    rows.map((row) => [
      row.payoutId ?? '',
      { count: row.count, amount: BigInt(row.amount), fees: BigInt(row.fees) },
    ]),
  )
}
