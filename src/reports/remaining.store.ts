import { and, asc, eq, gt, gte, lte, type SQL, sql } from 'drizzle-orm'
import { invoices } from '../invoicing/invoicing.schema.ts'
import { type LocalDate, monthOf } from '../kernel/calendar.ts'
import { inBooksOf } from '../revenue/books.store.ts'
import type { Framework } from '../revenue/policy.ts'
import { revenueScheduleEntries, revenueSchedules } from '../revenue/revenue.schema.ts'
import { type Db, inList } from '../storage/db.store.ts'
import type { Scope } from './ledger-sums.store.ts'
import { type Bands, bandEnds } from './remaining.ts'

/** The books that are asked for: of one legal entity or all, by their primary framework or the one that is named. */
export type RemainingScope = Scope & { framework?: Framework | undefined }

/** What of a contract is billed by the end of the day, and becomes revenue after it. */
export type BilledRemaining = { contractRef: string; customerRef: string; currency: string; billed: Bands }

export async function billedRemaining(
  db: Db,
  asOf: LocalDate,
  scope: RemainingScope,
): Promise<BilledRemaining[]> {
  const { contractRef, customerRef, currency } = revenueSchedules
  const rows = await db
    .select({ contractRef, customerRef, currency, ...during(asOf) })
    .from(revenueScheduleEntries)
    .innerJoin(revenueSchedules, eq(revenueSchedules.lineId, revenueScheduleEntries.lineId))
    .innerJoin(invoices, eq(invoices.id, revenueSchedules.invoiceId))
    .where(stillToCome(asOf, scope))
    .groupBy(contractRef, customerRef, currency)
    .orderBy(asc(contractRef))
  return rows.map(withBands)
}

/** The same of some contracts, line by line. */
export async function billedRemainingByLine(
  db: Db,
  asOf: LocalDate,
  framework: Framework | undefined,
  contractRefs: readonly string[],
) {
  const { lineId, productRef, currency } = revenueSchedules
  const { id: invoiceId, number } = invoices
  const rows = await db
    .select({ lineId, productRef, currency, invoiceId, number, ...during(asOf) })
    .from(revenueSchedules)
    .innerJoin(revenueScheduleEntries, eq(revenueScheduleEntries.lineId, lineId))
    .innerJoin(invoices, eq(invoiceId, revenueSchedules.invoiceId))
    .where(and(inList(revenueSchedules.contractRef, contractRefs), stillToCome(asOf, { framework })))
    .groupBy(lineId)
    .orderBy(asc(number), asc(lineId))
  return rows.map(withBands)
}

/** What of a schedule falls into each band. */
function during(asOf: LocalDate) {
  const { postingDate, amount } = revenueScheduleEntries
  const [year, years] = bandEnds(asOf)
  const sumWhen = (when: SQL) => sql<string>`CAST(SUM(IIF(${when}, ${amount}, 0)) AS TEXT)`
  return {
    first: sumWhen(sql`${postingDate} <= ${year}`),
    second: sumWhen(sql`${postingDate} > ${year} AND ${postingDate} <= ${years}`),
    third: sumWhen(sql`${postingDate} > ${years}`),
  }
}

type Texts = Record<'first' | 'second' | 'third', string>

const withBands = <Row extends Texts>({ first, second, third, ...row }: Row) => ({
  ...row,
  billed: [BigInt(first), BigInt(second), BigInt(third)] as const,
})

const stillToCome = (asOf: LocalDate, { entityRef, framework }: RemainingScope): SQL | undefined =>
  and(
    // The index is by month, and most of what was ever billed is long recognised.
    gte(revenueScheduleEntries.month, monthOf(asOf)),
    gt(revenueScheduleEntries.postingDate, asOf),
    lte(invoices.issueDate, asOf),
    inBooksOf(framework),
    entityRef === undefined ? undefined : eq(revenueSchedules.entityRef, entityRef),
  )
