import { and, eq, gte, lte, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { LocalDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import type { AccountRole } from '../ledger/account.ts'
import { journalEntries, postings } from '../ledger/ledger.schema.ts'
import { bookedUpTo } from '../ledger/month-ends/booked.store.ts'
import { booked } from '../ledger/month-ends/month-ends.schema.ts'
import type { Db } from '../storage/db.store.ts'

/** One legal entity, or all of them. */
export type Scope = { entityRef?: string | undefined }

/** Sums travel as text: a JavaScript number would lose digits of a sum beyond 2^53. */
export const exactSum = (amount: SQLWrapper): SQL<string> =>
  sql<string>`CAST(COALESCE(SUM(${amount}), 0) AS TEXT)`

/** What an account stands in credit with, as a positive sum. */
export const creditSum = exactSum(sql`-${postings.amount}`)

/**
 * What accounts hold at the end of a day, as `booked`: together with `reported`, in the books that are reported. How the
 * balance sheet shows positions at a month's end is left out: reports split them themselves.
 */
export const reportedUpTo = (
  accounts: readonly AccountRole[],
  { to, entityRef }: { to: LocalDate } & Scope,
): ReturnType<typeof bookedUpTo> =>
  bookedUpTo({ to, accounts, entityRefs: entityRef === undefined ? undefined : [entityRef] })

export const reported = and(eq(booked.book, 'primary'), eq(booked.isPresented, false))

/**
 * The postings of an account from one day to another, both included: for a query from `journalEntries` that cross joins
 * `postings`. A span is a small part of an account.
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
    entityRef === undefined ? undefined : eq(journalEntries.entityRef, entityRef),
  )

const ofPrimaryBooks = and(eq(journalEntries.id, postings.entryId), eq(journalEntries.book, 'primary'))

/** The net of one account in each currency, debit positive, at the end of the day. */
export async function accountNet(
  db: Db,
  account: AccountRole,
  asOf: LocalDate,
  { entityRef }: Scope,
): Promise<Map<string, Minor>> {
  const { currency, amount } = booked
  const rows = await db
    .select({ currency, net: exactSum(amount) })
    .from(reportedUpTo([account], { to: asOf, entityRef }))
    .where(reported)
    .groupBy(currency)
  return new Map(rows.map((row) => [row.currency, BigInt(row.net)]))
}

/** What stands in credit as positive. */
export const credits = (nets: ReadonlyMap<string, Minor>): Map<string, Minor> =>
  new Map([...nets].map(([currency, net]) => [currency, -net]))
