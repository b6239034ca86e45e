import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { legalEntities } from '../../customers/customers.schema.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import type { Db, Statement } from '../../storage/db.store.ts'
import type { AccountRole } from '../account.ts'
import { functionalAmounts } from '../fx/fx.schema.ts'
import { MONETARY } from '../fx/open-item.ts'
import { journalEntries } from '../ledger.schema.ts'
import { bookedUpTo, functionalUpTo } from './booked.store.ts'
import { monthEndBalances, monthEndFunctional, monthEnds } from './month-ends.schema.ts'

export type MonthEnd = Omit<typeof monthEnds.$inferSelect, 'earliest'>

/** Each legal entity with the last month end that was counted; null before the first one. */
export const lastMonthEnds = (db: Db): Promise<{ ref: string; timezone: string; day: LocalDate | null }[]> =>
  db
    .select({
      ref: legalEntities.ref,
      timezone: legalEntities.timezone,
      day: sql<string | null>`(SELECT MAX(${monthEnds.day}) FROM ${monthEnds}
        WHERE ${monthEnds.entityRef} = ${sql.raw('legal_entities.ref')})`,
    })
    .from(legalEntities)

/** The numbers of the last journal entry and the last functional amount. */
export async function lastNumbers(db: Db): Promise<Pick<MonthEnd, 'through' | 'measuredThrough'>> {
  const [row] = await db
    .select({
      through: sql<number>`COALESCE((SELECT MAX(rowid) FROM ${journalEntries}), 0)`,
      measuredThrough: sql<number>`COALESCE((SELECT MAX(rowid) FROM ${functionalAmounts}), 0)`,
    })
    .from(sql`(SELECT 1)`)
  return row!
}

/** What accounts are told apart by; of all others the sum alone is kept, so that the rows do not grow with the years. */
const APART: Readonly<Record<string, readonly AccountRole[]>> = {
  customer_ref: ['contract_position', 'accounts_receivable', 'unapplied_cash', 'customer_credit'],
  contract_ref: ['contract_position', 'accounts_receivable'],
  product_ref: ['contract_position'],
  invoice_id: ['accounts_receivable'],
  payment_id: ['unapplied_cash'],
}

const dimension = (name: keyof typeof APART): SQL => {
  const accounts = sql.raw(APART[name]!.map((account) => `'${account}'`).join())
  return sql`IIF(account IN (${accounts}), ${sql.raw(name)}, NULL)`
}

/** The statements that count a month end, from the one before it on. One that is counted already fails them. */
export const countMonthEnd = (db: Db, end: MonthEnd): Statement[] => {
  const { entityRef, day: to, through, measuredThrough } = end
  const earliest = sql<string | null>`(SELECT MIN(posting_date) FROM ${journalEntries}
    WHERE entity_ref = ${entityRef} AND journal_entries.rowid <= ${through} AND journal_entries.rowid >
      COALESCE((SELECT MAX(through) FROM ${monthEnds} WHERE entity_ref = ${entityRef}), 0))`
  const rows = bookedUpTo({ to, entityRefs: [entityRef], through })
  const open = functionalUpTo({ to, entityRefs: [entityRef], accounts: MONETARY, through: measuredThrough })
  return [
    db.insert(monthEndBalances).select(balancesOf(end, rows)),
    db.insert(monthEndBalances).select(accountsOf(end, rows)),
    db.insert(monthEndFunctional).select(functionalOf(end, open)),
    // Last: what is read above begins at the month ends that are there.
    db.insert(monthEnds).values({ ...end, earliest }),
  ]
}

/** What each account holds at a month end, of rows that are read as `booked`. */
export const balancesOf = ({ day }: MonthEnd, rows: SQLWrapper): SQL => sql`
  SELECT ${day} AS day, entity_ref, book, currency, account, ${dimension('customer_ref')} AS customer_ref,
    ${dimension('contract_ref')} AS contract_ref, ${dimension('invoice_id')} AS invoice_id,
    ${dimension('product_ref')} AS product_ref, ${dimension('payment_id')} AS payment_id, is_presented,
    SUM(amount) AS amount
  FROM ${rows} GROUP BY entity_ref, book, currency, account, 6, 7, 8, 9, 10, is_presented
  HAVING SUM(amount) <> 0`

/** Every account that was ever posted to, so that one that holds nothing is told with nothing. */
const accountsOf = ({ day }: MonthEnd, rows: SQLWrapper): SQL => sql`
  SELECT DISTINCT ${day} AS day, entity_ref, book, currency, account, NULL AS customer_ref, NULL AS contract_ref,
    NULL AS invoice_id, NULL AS product_ref, NULL AS payment_id, 0 AS is_presented, 0 AS amount
  FROM ${rows}`

/** What is open in other currencies than the functional one, of rows that are read as `functional_booked`. */
export const functionalOf = ({ day }: MonthEnd, rows: SQLWrapper): SQL => sql`
  SELECT ${day} AS day, entity_ref, book, currency, account,
    IIF(account = 'stripe_clearing', NULL, customer_ref) AS customer_ref, contract_ref, invoice_id,
    SUM(amount) AS amount, SUM(carried) AS carried, SUM(remeasured) AS remeasured
  FROM ${rows} GROUP BY entity_ref, book, currency, account, 6, contract_ref, invoice_id
  HAVING SUM(amount) <> 0 OR SUM(carried) <> 0 OR SUM(remeasured) <> 0`
