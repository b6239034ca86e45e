import { and, eq, gte, lte, notInArray, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { legalEntities } from '../customers/customers.schema.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import type { AccountRole } from '../ledger/account.ts'
import { PRESENTATION_EVENTS } from '../ledger/journal-event.ts'
import { journalEntries, postings } from '../ledger/ledger.schema.ts'
import type { Db } from '../storage/db.store.ts'

/** One legal entity, or all of them. */
export type Scope = { entityRef?: string | undefined }

/** Sums travel as text: a JavaScript number would lose digits of a sum beyond 2^53. */
export const exactSum = (amount: SQLWrapper): SQL<string> =>
  sql<string>`CAST(COALESCE(SUM(${amount}), 0) AS TEXT)`

/** What an account stands in credit with, as a positive sum. */
export const creditSum = exactSum(sql`-${postings.amount}`)

/**
 * The postings of an account in the books that are reported, up to a day: for a query from `postings` that cross joins
 * `journalEntries`. How the balance sheet shows positions at a month's end is left out: reports split them themselves.
 * SQLite keeps to the order of a cross join, and an account is a small part of the books.
 */
export const postedTo = (
  account: AccountRole,
  { to, entityRef }: { to: LocalDate } & Scope,
): SQL | undefined =>
  and(
    ofPrimaryBooks,
    eq(postings.account, account),
    notInArray(journalEntries.event, [...PRESENTATION_EVENTS]),
    lte(journalEntries.postingDate, to),
    entityRef === undefined ? undefined : eq(journalEntries.entityRef, entityRef),
  )

/**
 * The postings of an account from one day to another, both included: for a query from `journalEntries` that cross joins
 * `postings`. A span is a small part of an account, and the index of the days begins with the entity.
 */
export const postedWithin = (
  account: AccountRole,
  { from, to, entityRef }: { from: LocalDate; to: LocalDate } & Scope,
): SQL | undefined =>
  and(
    ofPrimaryBooks,
    eq(postings.account, account),
    gte(journalEntries.postingDate, from),
    lte(journalEntries.postingDate, to),
    entityRef === undefined ? ofAnyEntity : eq(journalEntries.entityRef, entityRef),
  )

const ofPrimaryBooks = and(eq(journalEntries.id, postings.entryId), eq(journalEntries.book, 'primary'))
const ofAnyEntity = sql`${journalEntries.entityRef} IN (SELECT ref FROM ${legalEntities})`

/** The net of one account in each currency, debit positive, at the end of the day. */
export async function accountNet(
  db: Db,
  account: AccountRole,
  asOf: LocalDate,
  { entityRef }: Scope,
): Promise<Map<string, Minor>> {
  const { currency } = journalEntries
  const rows = await db
    .select({ currency, net: exactSum(postings.amount) })
    .from(postings)
    .crossJoin(journalEntries)
    .where(postedTo(account, { to: asOf, entityRef }))
    .groupBy(currency)
  return new Map(rows.map((row) => [row.currency, BigInt(row.net)]))
}

/** What stands in credit as positive. */
export const credits = (nets: ReadonlyMap<string, Minor>): Map<string, Minor> =>
  new Map([...nets].map(([currency, net]) => [currency, -net]))
