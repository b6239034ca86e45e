import { and, eq, gte, lte, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { LocalDate } from '../kernel/calendar.ts'
import type { AccountRole } from '../ledger/account.ts'
import { journalEntries, postings } from '../ledger/ledger.schema.ts'

/** One legal entity, or all of them. */
export type Scope = { entityRef?: string | undefined }

/** Sums travel as text: a JavaScript number would lose digits of a sum beyond 2^53. */
export const exactSum = (amount: SQLWrapper): SQL<string> =>
  sql<string>`CAST(COALESCE(SUM(${amount}), 0) AS TEXT)`

/** What an account stands in credit with, as a positive sum. */
export const creditSum = exactSum(sql`-${postings.amount}`)

/** The postings of an account in the books that are reported, from one day to another, both included. */
export const postedTo = (
  account: AccountRole,
  { from, to, entityRef }: { from?: LocalDate; to: LocalDate } & Scope,
): SQL | undefined =>
  and(
    eq(postings.account, account),
    eq(journalEntries.book, 'primary'),
    from === undefined ? undefined : gte(journalEntries.postingDate, from),
    lte(journalEntries.postingDate, to),
    entityRef === undefined ? undefined : eq(journalEntries.entityRef, entityRef),
  )
