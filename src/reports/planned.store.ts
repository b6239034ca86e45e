import { and, asc, eq, isNull, lte, ne, type SQL, sql } from 'drizzle-orm'
import { lineReversals } from '../invoicing/corrections/credit-notes.schema.ts'
import { invoiceLines, invoices } from '../invoicing/invoicing.schema.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import { inBooksOf } from '../revenue/books.store.ts'
import type { Framework } from '../revenue/policy.ts'
import { revenueContracts, revenueScheduleEntries, revenueSchedules } from '../revenue/revenue.schema.ts'
import type { Db } from '../storage/db.store.ts'
import { exactSum, type Scope } from './ledger-sums.store.ts'
import { type Bands, bandEnds } from './remaining.ts'

/** What remains of the obligations of a contract, and how much of it is billed; minor units. */
export type PlannedRemaining = {
  contractRef: string
  customerRef: string
  currency: string
  remaining: Bands
  billed: Minor
}

const isCovered = sql`EXISTS (SELECT 1 FROM json_each(${revenueContracts.covers}) WHERE value = ${invoiceLines.productRef})`

/** Obligations that were agreed by the end of the day, with what of them becomes revenue after it. */
export async function plannedRemaining(
  db: Db,
  asOf: LocalDate,
  { entityRef, framework }: Scope & { framework?: Framework | undefined },
): Promise<PlannedRemaining[]> {
  const { postingDate, amount } = revenueScheduleEntries
  const { contractRef, customerRef, currency } = revenueSchedules
  const [year, years] = bandEnds(asOf)
  const during = (when: SQL) => exactSum(sql`IIF(${when}, ${amount}, 0)`)
  const rows = await db
    .select({
      contractRef,
      customerRef,
      currency,
      recognised: during(sql`${postingDate} <= ${asOf}`),
      first: during(sql`${postingDate} > ${asOf} AND ${postingDate} <= ${year}`),
      second: during(sql`${postingDate} > ${year} AND ${postingDate} <= ${years}`),
      third: during(sql`${postingDate} > ${years}`),
    })
    .from(revenueScheduleEntries)
    .innerJoin(revenueSchedules, eq(revenueSchedules.lineId, revenueScheduleEntries.lineId))
    .where(
      and(
        isNull(revenueSchedules.invoiceId),
        isNull(revenueSchedules.accrual),
        inBooksOf(framework),
        lte(revenueSchedules.bookedOn, asOf),
        entityRef === undefined ? undefined : eq(revenueSchedules.entityRef, entityRef),
      ),
    )
    .groupBy(contractRef, customerRef, currency)
    .orderBy(asc(contractRef))
  const billed = await billedFees(db, asOf)
  return rows.map(({ recognised, first, second, third, ...row }) => ({
    ...row,
    remaining: [BigInt(first), BigInt(second), BigInt(third)],
    billed: (billed.get(row.contractRef) ?? 0n) - BigInt(recognised),
  }))
}

/** What was invoiced of the fees that plans cover, less what was taken back since, contract by contract. */
async function billedFees(db: Db, asOf: LocalDate): Promise<Map<string, Minor>> {
  const takenBack = sql`COALESCE((SELECT SUM(${lineReversals.amount}) FROM ${lineReversals}
    WHERE ${lineReversals.lineId} = ${invoiceLines.id} AND ${lineReversals.bookedFrom} <= ${asOf}), 0)`
  const rows = await db
    .select({
      ref: revenueContracts.ref,
      billed: exactSum(sql`${invoiceLines.netAmount} - ${takenBack}`),
    })
    .from(revenueContracts)
    .innerJoin(invoiceLines, eq(invoiceLines.contractRef, revenueContracts.ref))
    .innerJoin(invoices, eq(invoices.id, invoiceLines.invoiceId))
    .where(and(ne(sql`${revenueContracts.covers}`, '[]'), isCovered, lte(invoices.issueDate, asOf)))
    .groupBy(revenueContracts.ref)
  return new Map(rows.map(({ ref, billed }) => [ref, BigInt(billed)]))
}

/** The products whose fees follow a plan, contract by contract. */
export async function coveredProducts(db: Db, { entityRef }: Scope): Promise<Map<string, Set<string>>> {
  const { ref, covers } = revenueContracts
  const rows = await db
    .select({ ref, covers })
    .from(revenueContracts)
    .where(
      and(
        ne(sql`${covers}`, '[]'),
        entityRef === undefined ? undefined : eq(revenueContracts.entityRef, entityRef),
      ),
    )
  return new Map(rows.map((row) => [row.ref, new Set(row.covers)]))
}
