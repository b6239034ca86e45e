import { and, count, eq, sql } from 'drizzle-orm'
import { legalEntities } from '../../customers/customers.schema.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import type { Db } from '../../storage/db.store.ts'
import { journalEntries } from '../ledger.schema.ts'
import { functionalUpTo } from '../month-ends/booked.store.ts'
import { functionalBooked } from '../month-ends/month-ends.schema.ts'
import { functionalCurrency } from './functional-currency.store.ts'
import { functionalAmounts } from './fx.schema.ts'
import type { ForeignBooks } from './measurement.store.ts'
import { MONETARY } from './open-item.ts'
import { type OpenBalance, REMEASURED } from './remeasurement.ts'

/** Sums travel as text: a JavaScript number would lose digits of a sum beyond 2^53. */
const exact = (amount: unknown) => sql<string>`CAST(SUM(${amount}) AS TEXT)`

/** What is open in currencies that are not the functional one at the end of a day; as of when an entry was measured. */
export async function openBalances(
  db: Db,
  day: LocalDate,
  entityRefs: readonly string[],
  before?: string,
): Promise<(ForeignBooks & OpenBalance)[]> {
  const through = before === undefined ? undefined : (await firstLineOf(db, before)) - 1
  const { entityRef, book, currency, account, amount, carried, remeasured } = functionalBooked
  // A payout takes the money of all customers together.
  const customerRef = sql<
    string | null
  >`IIF(${account} = 'stripe_clearing', NULL, ${functionalBooked.customerRef})`
  const contractRef = sql<
    string | null
  >`IIF(${account} = 'contract_position', ${functionalBooked.contractRef}, NULL)`
  const invoiceId = sql<
    string | null
  >`IIF(${account} = 'accounts_receivable', ${functionalBooked.invoiceId}, NULL)`
  const rows = await db
    .select({
      entityRef,
      book,
      currency,
      functionalCurrency,
      rounding: legalEntities.rounding,
      fxSource: legalEntities.fxSource,
      account,
      customerRef,
      contractRef,
      invoiceId,
      amount: exact(amount),
      carried: exact(carried),
      remeasured: exact(remeasured),
    })
    .from(functionalUpTo({ to: day, entityRefs, accounts: MONETARY, through }))
    .innerJoin(legalEntities, eq(legalEntities.ref, entityRef))
    .groupBy(entityRef, book, currency, account, customerRef, contractRef, invoiceId)
    .having(sql`SUM(${amount}) <> 0 OR SUM(${carried}) <> 0 OR SUM(${remeasured}) <> 0`)
  return rows.map((row) => ({
    ...row,
    amount: BigInt(row.amount),
    carried: BigInt(row.carried),
    remeasured: BigInt(row.remeasured),
  }))
}

/** The number of the first functional amount of an entry. */
async function firstLineOf(db: Db, entry: string): Promise<number> {
  const [row] = await db
    .select({ number: sql<number | null>`MIN(rowid)` })
    .from(functionalAmounts)
    .where(eq(functionalAmounts.entryId, entry))
  return row?.number ?? 0
}

/** How often these books were remeasured for the month that ends on a day. */
export async function runsBefore(db: Db, books: ForeignBooks, monthEnd: LocalDate): Promise<number> {
  const [row] = await db
    .select({ runs: count() })
    .from(journalEntries)
    .where(
      and(
        eq(journalEntries.entityRef, books.entityRef),
        eq(journalEntries.book, books.book),
        eq(journalEntries.currency, books.currency),
        eq(journalEntries.event, REMEASURED),
        sql`COALESCE(${journalEntries.belongsTo}, ${journalEntries.postingDate}) = ${monthEnd}`,
      ),
    )
  return row?.runs ?? 0
}
