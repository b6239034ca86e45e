import { and, eq, gt, sql } from 'drizzle-orm'
import { products } from '../../catalog/catalog.schema.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import { journalEntries } from '../../ledger/ledger.schema.ts'
import { bookedUpTo } from '../../ledger/month-ends/booked.store.ts'
import { booked } from '../../ledger/month-ends/month-ends.schema.ts'
import { exactSum } from '../../reports/ledger-sums.store.ts'
import { revenueContracts, revenueFacts } from '../../revenue/revenue.schema.ts'
import type { Db } from '../../storage/db.store.ts'
import type { BookedPosition } from './found.ts'

/** The number of the latest journal entry: entries are never deleted, so later ones have higher numbers. */
export async function lastEntry(db: Db): Promise<number> {
  const [row] = await db.select({ number: sql<number | null>`MAX(rowid)` }).from(journalEntries)
  return row?.number ?? 0
}

const ACCOUNTS = ['contract_position', 'accounts_receivable'] as const

/**
 * The contract positions of a legal entity at the end of a day, as if none had been presented: by the entries up to a
 * number, so that the same can be read again. A contract with a receivable is among them though it holds nothing.
 */
export async function bookedPositions(
  db: Db,
  { entityRef, day, through }: { entityRef: string; day: LocalDate; through: number },
): Promise<BookedPosition[]> {
  const { currency, book, account, amount, contractRef, customerRef, productRef, isPresented } = booked
  const credited = sql`IIF(${account} = 'contract_position', -${amount}, 0)`
  const rows = await db
    .select({
      currency,
      contractRef: sql<string>`${contractRef}`,
      customerRef: sql<string | null>`MAX(${customerRef})`,
      primary: exactSum(sql`IIF(${book} = 'primary', ${credited}, 0)`),
      both: exactSum(credited),
      kind: products.kind,
    })
    .from(bookedUpTo({ to: day, entityRefs: [entityRef], accounts: ACCOUNTS, through }))
    .leftJoin(products, eq(products.ref, productRef))
    .where(and(eq(isPresented, false), gt(contractRef, '')))
    .groupBy(currency, contractRef, productRef)
  return rows.map(({ kind, primary, both, ...row }) => ({
    ...row,
    primary: BigInt(primary),
    both: BigInt(both),
    isUsage: kind === 'usage',
  }))
}

/** Contracts that are accounted for as one, of whose criteria or estimates something was stated. */
export async function judgedGroups(db: Db, entityRef: string): Promise<string[]> {
  const rows = await db
    .selectDistinct({ ref: revenueContracts.groupRef })
    .from(revenueContracts)
    .innerJoin(revenueFacts, eq(revenueFacts.contractRef, revenueContracts.ref))
    .where(
      and(
        eq(revenueContracts.entityRef, entityRef),
        sql`json_extract(${revenueFacts.body}, '$.kind') IN ('criteria', 'estimate')`,
      ),
    )
  return rows.map(({ ref }) => ref)
}
