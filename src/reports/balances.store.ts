import { and, asc, eq, gt, gte, lte, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { customers } from '../customers/customers.schema.ts'
import { invoices } from '../invoicing/invoicing.schema.ts'
import { type LocalDate, monthOf } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import type { AccountRole } from '../ledger/account.ts'
import { journalEntries, postings } from '../ledger/ledger.schema.ts'
import { trialBalance } from '../ledger/ledger.store.ts'
import { revenueScheduleEntries, revenueSchedules } from '../revenue/revenue.schema.ts'
import type { Db } from '../storage/db.store.ts'
import type { OpenReceivable } from './ageing.ts'
import { type Bands, bandEnds } from './remaining.ts'
import type { PositionMovement } from './rollforward.ts'

type Scope = { entityRef?: string | undefined }

/** Sums travel as text: a JavaScript number would lose digits of a sum beyond 2^53. */
const exactSum = (amount: SQLWrapper): SQL<string> => sql<string>`CAST(COALESCE(SUM(${amount}), 0) AS TEXT)`

/** The net of one account in each currency, debit positive, at the end of the day. */
export async function accountNet(
  db: Db,
  account: AccountRole,
  asOf: LocalDate,
  { entityRef }: Scope,
): Promise<Map<string, Minor>> {
  const balances = await trialBalance(db, { asOf, entityRef })
  return new Map(balances.filter((row) => row.account === account).map((row) => [row.currency, row.net]))
}

/** What the books say is open of invoices at the end of the day, by customer and due date. */
export async function openReceivables(
  db: Db,
  asOf: LocalDate,
  { entityRef }: Scope,
): Promise<OpenReceivable[]> {
  const { customerRef, currency, dueDate } = invoices
  const rows = await db
    .select({
      customerRef,
      customerName: sql<string>`COALESCE(${customers.name}, ${customerRef})`,
      currency,
      dueDate,
      open: exactSum(postings.amount),
    })
    .from(postings)
    .innerJoin(journalEntries, eq(journalEntries.id, postings.entryId))
    .innerJoin(invoices, eq(invoices.id, postings.invoiceId))
    .leftJoin(customers, eq(customers.ref, customerRef))
    .where(
      and(
        eq(postings.account, 'accounts_receivable'),
        lte(journalEntries.postingDate, asOf),
        entityRef === undefined ? undefined : eq(journalEntries.entityRef, entityRef),
      ),
    )
    .groupBy(currency, customerRef, dueDate)
    .having(sql`SUM(${postings.amount}) <> 0`)
    .orderBy(asc(currency), asc(customerRef), asc(dueDate))
  return rows.map((row) => ({ ...row, open: BigInt(row.open) }))
}

/** How contract positions moved from one day to another, both included. */
export async function positionMovements(
  db: Db,
  { from, to, entityRef }: { from: LocalDate; to: LocalDate } & Scope,
): Promise<PositionMovement[]> {
  const perContract = contractMovements(db, { from, to, entityRef })
  const { opening, billed, recognised, other } = perContract
  const closing = sql`${opening} + ${billed} - ${recognised} + ${other}`
  const rows = await db
    .select({
      entityRef: perContract.entityRef,
      currency: perContract.currency,
      opening: exactSum(opening),
      billed: exactSum(billed),
      recognised: exactSum(recognised),
      other: exactSum(other),
      liability: exactSum(sql`MAX(${closing}, 0)`),
      unbilled: exactSum(sql`MAX(-(${closing}), 0)`),
    })
    .from(perContract)
    .groupBy(perContract.entityRef, perContract.currency)
    .orderBy(asc(perContract.entityRef), asc(perContract.currency))
  return rows.map((row) => ({
    ...row,
    opening: BigInt(row.opening),
    billed: BigInt(row.billed),
    recognised: BigInt(row.recognised),
    other: BigInt(row.other),
    liability: BigInt(row.liability),
    unbilled: BigInt(row.unbilled),
  }))
}

/** One row for each contract; what the books hold in credit counts as positive. */
function contractMovements(db: Db, { from, to, entityRef }: { from: LocalDate; to: LocalDate } & Scope) {
  const { postingDate, event, currency } = journalEntries
  const credited = (when: SQL) => sql<number>`SUM(IIF(${when}, -${postings.amount}, 0))`
  const within = sql`${postingDate} >= ${from}`
  return db
    .select({
      entityRef: journalEntries.entityRef,
      currency,
      opening: credited(sql`${postingDate} < ${from}`).as('opening'),
      billed: credited(sql`${within} AND ${event} = 'invoice_issued'`).as('billed'),
      recognised: sql<number>`-${credited(sql`${within} AND ${event} = 'revenue_recognised'`)}`.as(
        'recognised',
      ),
      other: credited(sql`${within} AND ${event} NOT IN ('invoice_issued', 'revenue_recognised')`).as(
        'other',
      ),
    })
    .from(postings)
    .innerJoin(journalEntries, eq(journalEntries.id, postings.entryId))
    .where(
      and(
        eq(postings.account, 'contract_position'),
        lte(postingDate, to),
        entityRef === undefined ? undefined : eq(journalEntries.entityRef, entityRef),
      ),
    )
    .groupBy(journalEntries.entityRef, currency, postings.contractRef)
    .as('movements')
}

/** What of a contract is billed by the end of the day, and becomes revenue after it. */
export type BilledRemaining = { contractRef: string; customerRef: string; currency: string; billed: Bands }

export async function billedRemaining(
  db: Db,
  asOf: LocalDate,
  { entityRef }: Scope,
): Promise<BilledRemaining[]> {
  const { postingDate, amount, month } = revenueScheduleEntries
  const { contractRef, customerRef, currency } = revenueSchedules
  const [year, years] = bandEnds(asOf)
  const during = (when: SQL) => sql<string>`CAST(SUM(IIF(${when}, ${amount}, 0)) AS TEXT)`
  const rows = await db
    .select({
      contractRef,
      customerRef,
      currency,
      first: during(sql`${postingDate} <= ${year}`),
      second: during(sql`${postingDate} > ${year} AND ${postingDate} <= ${years}`),
      third: during(sql`${postingDate} > ${years}`),
    })
    .from(revenueScheduleEntries)
    .innerJoin(revenueSchedules, eq(revenueSchedules.lineId, revenueScheduleEntries.lineId))
    .innerJoin(invoices, eq(invoices.id, revenueSchedules.invoiceId))
    .where(
      and(
        // The index is by month, and most of what was ever billed is long recognised.
        gte(month, monthOf(asOf)),
        gt(postingDate, asOf),
        lte(invoices.issueDate, asOf),
        entityRef === undefined ? undefined : eq(revenueSchedules.entityRef, entityRef),
      ),
    )
    .groupBy(contractRef, customerRef, currency)
    .orderBy(asc(contractRef))
  return rows.map(({ first, second, third, ...row }) => ({
    ...row,
    billed: [BigInt(first), BigInt(second), BigInt(third)],
  }))
}
