import { and, asc, eq, getTableColumns, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Page, Paged } from '../../kernel/page.ts'
import { type Db, insertRows, type Statement } from '../../storage/db.store.ts'
import { newestFirst } from '../../storage/newest-first.store.ts'
import { chainCursors, chainTransfers } from './crypto.schema.ts'
import type { ScanPlan } from './scan.ts'
import type { ChainProgress, ChainTransfer, TransferState } from './transfer.ts'

/** A transfer with how far its chain has been read; `confirmation` makes words of it. */
export type TransferProgress = ChainTransfer & ChainProgress

/** What has been seen on chains for an invoice, the oldest first. */
export const transfersOfInvoice = (db: Db, invoiceId: string): Promise<TransferProgress[]> =>
  db
    .select({
      ...getTableColumns(chainTransfers),
      latestBlock: sql<number>`COALESCE(${chainCursors.latestBlock}, ${chainTransfers.blockNumber})`,
      finalizedBlock: sql<number>`COALESCE(${chainCursors.finalizedBlock}, 0)`,
    })
    .from(chainTransfers)
    .leftJoin(chainCursors, eq(chainCursors.chainId, chainTransfers.chainId))
    .where(eq(chainTransfers.invoiceId, invoiceId))
    .orderBy(asc(chainTransfers.seenAt), asc(chainTransfers.id))

export const listTransfers = (
  db: Db,
  page: Page & { invoiceId?: string | undefined; state?: TransferState | undefined },
): Promise<Paged<ChainTransfer>> =>
  newestFirst(
    db,
    chainTransfers,
    page,
    and(
      page.invoiceId === undefined ? undefined : eq(chainTransfers.invoiceId, page.invoiceId),
      page.state === undefined ? undefined : eq(chainTransfers.state, page.state),
    ),
  )

/** The transfers of a chain that are only seen, and those told now, in whatever state. */
export const knownTransfers = (
  db: Db,
  chainId: number,
  told: readonly ChainTransfer[],
): Promise<ChainTransfer[]> =>
  db
    .select()
    .from(chainTransfers)
    .where(and(eq(chainTransfers.chainId, chainId), or(eq(chainTransfers.state, 'seen'), hasIdOf(told))))

const hasIdOf = (transfers: readonly ChainTransfer[]): SQL =>
  sql`${chainTransfers.id} IN (SELECT value FROM json_each(${JSON.stringify(transfers.map(({ id }) => id))}))`

/** The oldest transfers in blocks up to this one that are not booked yet. */
export const unbookedTransfers = (
  db: Db,
  chainId: number,
  upToBlock: number,
  limit: number,
): Promise<ChainTransfer[]> =>
  db
    .select()
    .from(chainTransfers)
    .where(
      and(
        eq(chainTransfers.chainId, chainId),
        eq(chainTransfers.state, 'seen'),
        lte(chainTransfers.blockNumber, upToBlock),
      ),
    )
    .orderBy(asc(chainTransfers.blockNumber), asc(chainTransfers.txHash), asc(chainTransfers.ordinal))
    .limit(limit)

/** Writes what a scan found out. When a transfer was first seen stays, and a final one stays as it is. */
export const saveScan = (db: Db, plan: ScanPlan): Statement[] => [
  ...insertRows(db, chainTransfers, plan.fresh, { ignoreExisting: true }),
  ...plan.moved.map(({ id, seenAt: _, ...told }) =>
    db
      .update(chainTransfers)
      .set(told)
      .where(and(eq(chainTransfers.id, id), ne(chainTransfers.state, 'final'))),
  ),
  db
    .update(chainTransfers)
    .set({ state: 'orphaned' })
    .where(and(hasIdOf(plan.orphaned), eq(chainTransfers.state, 'seen'))),
]

/** `paymentId` is null for a transfer below one minor unit: it arrived, but it is no money that books can hold. */
export const markFinal = (db: Db, id: string, paymentId: string | null): Statement[] => [
  db.update(chainTransfers).set({ state: 'final', paymentId }).where(eq(chainTransfers.id, id)),
]

type ChainCursor = typeof chainCursors.$inferSelect

export async function findCursor(db: Db, chainId: number): Promise<ChainCursor | undefined> {
  const [cursor] = await db.select().from(chainCursors).where(eq(chainCursors.chainId, chainId))
  return cursor
}

/** Two watchers may overlap: what is settled never moves back. */
export const saveCursor = (db: Db, cursor: ChainCursor): Statement[] => [
  db
    .insert(chainCursors)
    .values(cursor)
    .onConflictDoUpdate({
      target: chainCursors.chainId,
      set: {
        finalizedBlock: sql`max(${chainCursors.finalizedBlock}, excluded.finalized_block)`,
        latestBlock: cursor.latestBlock,
        readAt: cursor.readAt,
      },
    }),
]
