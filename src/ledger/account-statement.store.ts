import { and, eq, gte, lt, lte, type SQL, sql } from 'drizzle-orm'
import type { LocalDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import { cursorParts, type Page, paged } from '../kernel/page.ts'
import type { Db } from '../storage/db.store.ts'
import type { AccountRole } from './account.ts'
import type { Balances } from './account-statement.ts'
import { journalEntries, postings } from './ledger.schema.ts'

export type StatementQuery = Page & {
  account: AccountRole
  entityRef?: string | undefined
  /** First and last posting date, both included. */
  from?: LocalDate | undefined
  to?: LocalDate | undefined
}

type Place = { date: LocalDate; entry: number; line: number }

export type StatementLine = Omit<typeof journalEntries.$inferSelect, 'id'> &
  Pick<typeof postings.$inferSelect, 'customerRef' | 'contractRef' | 'invoiceId' | 'productRef'> & {
    entryId: string
    amount: Minor
    place: Place
  }

/** The order of a statement: by posting date, and within a day as it was posted. */
const PLACE = sql`(${journalEntries.postingDate}, ${journalEntries}.rowid, ${postings.lineNo})`
const STATEMENT_CURSOR = /^(\d{4}-\d{2}-\d{2})~(\d{1,15})~(\d{1,9})$/

/** A part of an account's movements, and the balances that it begins with. */
export async function readStatement(
  db: Db,
  query: StatementQuery,
): Promise<{ opening: Balances; lines: StatementLine[]; nextCursor: string | null }> {
  const { account, entityRef, from, to, limit, cursor } = query
  const own = and(
    eq(postings.account, account),
    entityRef === undefined ? undefined : eq(journalEntries.entityRef, entityRef),
  )
  const place = placeOf(cursor)
  const [opening, rows] = await Promise.all([
    place || from ? balancesOf(db, and(own, place ? sql`${PLACE} <= ${place}` : before(from))) : new Map(),
    linesOf(db, and(own, place ? sql`${PLACE} > ${place}` : since(from), until(to)), limit + 1),
  ])
  const page = paged(rows, limit, ({ place: { date, entry, line } }) => `${date}~${entry}~${line}`)
  return { opening, lines: page.rows, nextCursor: page.nextCursor }
}

const { postingDate } = journalEntries
const before = (from: LocalDate | undefined) => (from === undefined ? undefined : lt(postingDate, from))
const since = (from: LocalDate | undefined) => (from === undefined ? undefined : gte(postingDate, from))
const until = (to: LocalDate | undefined) => (to === undefined ? undefined : lte(postingDate, to))

function placeOf(cursor: string | undefined): SQL | undefined {
  const parts = cursorParts(cursor, STATEMENT_CURSOR)
  return parts && sql`(${parts[0]}, ${Number(parts[1])}, ${Number(parts[2])})`
}

async function balancesOf(db: Db, filter: SQL | undefined): Promise<Balances> {
  const rows = await db
    .select({
      currency: journalEntries.currency,
      // As text: a JavaScript number would lose digits of a sum beyond 2^53.
      net: sql<string>`CAST(SUM(${postings.amount}) AS TEXT)`,
    })
    .from(postings)
    .innerJoin(journalEntries, eq(journalEntries.id, postings.entryId))
    .where(filter)
    .groupBy(journalEntries.currency)
  return new Map(rows.map(({ currency, net }) => [currency, BigInt(net)]))
}

async function linesOf(db: Db, filter: SQL | undefined, limit: number): Promise<StatementLine[]> {
  const rows = await db
    .select({ entry: journalEntries, posting: postings, rowid: sql<number>`${journalEntries}.rowid` })
    .from(postings)
    .innerJoin(journalEntries, eq(journalEntries.id, postings.entryId))
    .where(filter)
    .orderBy(postingDate, sql`${journalEntries}.rowid`, postings.lineNo)
    .limit(limit)
  return rows.map(({ entry: { id, ...entry }, posting, rowid }) => {
    const { amount, lineNo, customerRef, contractRef, invoiceId, productRef } = posting
    const place = { date: entry.postingDate, entry: rowid, line: lineNo }
    return { ...entry, entryId: id, amount, place, customerRef, contractRef, invoiceId, productRef }
  })
}
