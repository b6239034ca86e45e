import { and, eq, gte, lt, lte, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { addDays, type LocalDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import { cursorParts, type Page, paged } from '../kernel/page.ts'
import type { Db } from '../storage/db.store.ts'
import type { AccountRole } from './account.ts'
import type { Balances } from './account-statement.ts'
import { areFew } from './entry-list.store.ts'
import { journalEntries, postings } from './ledger.schema.ts'
import { linesIn, type Reading } from './lines.store.ts'
import { bookedUpTo } from './month-ends/booked.store.ts'
import { booked } from './month-ends/month-ends.schema.ts'

export type StatementQuery = Page &
  Reading & {
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

type Lines = ReturnType<typeof linesIn>

/** The order of a statement: by posting date, and within a day as it was posted. */
const placeIn = ({ lines }: Lines): SQL => sql`(${postingDate}, ${journalEntries}.rowid, ${lines.lineNo})`
const STATEMENT_CURSOR = /^(\d{4}-\d{2}-\d{2})~(\d{1,15})~(\d{1,9})$/

/** A part of an account's movements, and the balances that it begins with. */
export async function readStatement(
  db: Db,
  query: StatementQuery,
): Promise<{ opening: Balances; lines: StatementLine[]; nextCursor: string | null }> {
  const { account, entityRef, book = 'primary', from, to, limit, cursor } = query
  const source = linesIn(query.measure)
  const own = and(
    eq(source.lines.account, account),
    eq(journalEntries.book, book),
    entityRef === undefined ? undefined : eq(journalEntries.entityRef, entityRef),
  )
  const here = placeIn(source)
  const place = placeOf(cursor)
  const first = place?.date ?? from
  const isRare = await areFew(db, sql`${postings} WHERE account = ${account}`)
  const [before, onTheDay, rows] = await Promise.all([
    first ? balancesBefore(db, query, source, and(own, lt(postingDate, first)), first) : new Map(),
    place
      ? balancesOf(db, source, and(own, eq(postingDate, place.date), sql`${here} <= ${place.at}`))
      : new Map(),
    linesOf(db, source, isRare, {
      filter: and(own, place ? sql`${here} > ${place.at}` : since(from), until(to)),
      limit: limit + 1,
    }),
  ])
  const page = paged(rows, limit, ({ place: { date, entry, line } }) => `${date}~${entry}~${line}`)
  return { opening: added(before, onTheDay), lines: page.rows, nextCursor: page.nextCursor }
}

const { postingDate } = journalEntries
const since = (from: LocalDate | undefined) => (from === undefined ? undefined : gte(postingDate, from))
const until = (to: LocalDate | undefined) => (to === undefined ? undefined : lte(postingDate, to))

function placeOf(cursor: string | undefined): { date: LocalDate; at: SQL } | undefined {
  const [date, entry, line] = cursorParts(cursor, STATEMENT_CURSOR) ?? []
  return date === undefined ? undefined : { date, at: sql`(${date}, ${Number(entry)}, ${Number(line)})` }
}

/** What the account held before a day: as posted, from the last month end that was counted on. */
function balancesBefore(
  db: Db,
  { account, entityRef, book = 'primary', measure }: StatementQuery,
  source: Lines,
  own: SQL | undefined,
  day: LocalDate,
): Promise<Balances> {
  if (measure === 'functional') return balancesOf(db, source, own)
  const entityRefs = entityRef === undefined ? undefined : [entityRef]
  return sumsOf(
    db
      .select({ currency: booked.currency, net: netOf(booked.amount) })
      .from(bookedUpTo({ to: addDays(day, -1), entityRefs, accounts: [account] }))
      .where(eq(booked.book, book))
      .groupBy(booked.currency),
  )
}

const added = (one: Balances, other: Balances): Balances =>
  new Map(
    [...new Set([...one.keys(), ...other.keys()])]
      .sort()
      .map((currency) => [currency, (one.get(currency) ?? 0n) + (other.get(currency) ?? 0n)]),
  )

const balancesOf = (db: Db, { lines, currency }: Lines, filter: SQL | undefined): Promise<Balances> =>
  sumsOf(
    db
      .select({ currency: sql<string>`${currency}`, net: netOf(lines.amount) })
      .from(lines)
      .innerJoin(journalEntries, eq(journalEntries.id, lines.entryId))
      .where(filter)
      .groupBy(currency),
  )

/** As text: a JavaScript number would lose digits of a sum beyond 2^53. */
const netOf = (amount: SQLWrapper) => sql<string>`CAST(SUM(${amount}) AS TEXT)`

const sumsOf = async (read: PromiseLike<{ currency: string; net: string }[]>): Promise<Balances> =>
  new Map((await read).map(({ currency, net }) => [currency, BigInt(net)]))

/** A rare account is read as a whole, and then put in order; of others the entries are, until the page is full. */
async function linesOf(
  db: Db,
  { lines, currency }: Lines,
  isRare: boolean,
  { filter, limit }: { filter: SQL | undefined; limit: number },
): Promise<StatementLine[]> {
  const number = sql<number>`${journalEntries}.rowid`
  const columns = db.select({
    entry: journalEntries,
    currency: sql<string>`${currency}`,
    number,
    amount: lines.amount,
    lineNo: lines.lineNo,
    customerRef: lines.customerRef,
    contractRef: lines.contractRef,
    invoiceId: lines.invoiceId,
    productRef: lines.productRef,
  })
  const rows = await (isRare
    ? columns.from(lines).crossJoin(journalEntries)
    : columns.from(journalEntries).crossJoin(lines)
  )
    .where(and(eq(journalEntries.id, lines.entryId), filter))
    .orderBy(postingDate, number, lines.lineNo)
    .limit(limit)
  return rows.map(({ entry: { id, ...entry }, number, lineNo, ...line }) => ({
    ...entry,
    ...line,
    entryId: id,
    place: { date: entry.postingDate, entry: number, line: lineNo },
  }))
}
