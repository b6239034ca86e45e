import { and, asc, eq, gt, notInArray, sql } from 'drizzle-orm'
import { products } from '../../catalog/catalog.schema.ts'
import { netOf } from '../../closing/presentation/found.ts'
import { presentedPositions } from '../../closing/presentation/presentation.schema.ts'
import type { Found } from '../../closing/presentation/presentation.ts'
import type { Minor } from '../../kernel/money.ts'
import { PRESENTATION_EVENTS } from '../../ledger/journal-event.ts'
import { journalEntries, postings } from '../../ledger/ledger.schema.ts'
import { type Db, inList } from '../../storage/db.store.ts'
import { exactSum } from '../ledger-sums.store.ts'
import type { Checked } from './check.ts'
import type { Item } from './compare.ts'
import type { FactPage } from './fact-kind.ts'

type Run = typeof presentedPositions.$inferSelect

/** What the books held of contracts when closes of months came to them: read again, as they stood then. */
export async function checkPresented(db: Db, { after, limit }: FactPage): Promise<Checked> {
  const { sourceId, books } = presentedPositions
  const runs = await db
    .select()
    .from(presentedPositions)
    .where(and(gt(sourceId, after), eq(books, 'primary')))
    .orderBy(asc(sourceId))
    .limit(limit)
  const held = Map.groupBy(await heldThen(db, runs), (product) => product.sourceId)
  return {
    recomputed: runs.map((run) => itemOf(run.sourceId, netOf(held.get(run.sourceId) ?? []))),
    recorded: runs.map((run) => itemOf(run.sourceId, run)),
    until: runs.length < limit ? null : (runs.at(-1)?.sourceId ?? null),
  }
}

type Held = { sourceId: string; net: Minor; isUsage: boolean }

/** What each product of a contract stood in credit with, by the entries that the run had counted. */
async function heldThen(db: Db, runs: readonly Run[]): Promise<Held[]> {
  const { sourceId, books, entityRef, currency, contractRef, month, through } = presentedPositions
  const ids = runs.map((run) => run.sourceId)
  const rows = await db
    .select({ sourceId, kind: products.kind, net: exactSum(sql`-${postings.amount}`) })
    .from(presentedPositions)
    .innerJoin(postings, eq(postings.contractRef, contractRef))
    .innerJoin(journalEntries, eq(journalEntries.id, postings.entryId))
    .leftJoin(products, eq(products.ref, postings.productRef))
    .where(
      and(
        inList(sourceId, ids),
        eq(books, 'primary'),
        eq(postings.account, 'contract_position'),
        eq(journalEntries.book, 'primary'),
        eq(journalEntries.entityRef, entityRef),
        eq(journalEntries.currency, currency),
        notInArray(journalEntries.event, [...PRESENTATION_EVENTS]),
        sql`substr(${journalEntries.postingDate}, 1, 7) <= ${month}`,
        sql`journal_entries.rowid <= ${through}`,
      ),
    )
    .groupBy(sourceId, postings.productRef)
  return rows.map(({ kind, net, ...row }) => ({ ...row, net: BigInt(net), isUsage: kind === 'usage' }))
}

const itemOf = (id: string, { net, accrued }: Pick<Found, 'net' | 'accrued'>): Item => ({
  kind: 'presented_balances',
  id,
  content: { net: String(net), accrued: String(accrued) },
})
