import { and, asc, eq, inArray, lte, or, sql } from 'drizzle-orm'
import type { Contract } from '../../contracts/contract.ts'
import type { Db } from '../../storage/db.store.ts'
import { lineReversals } from '../corrections/credit-notes.schema.ts'
import { invoiceLines, invoices } from '../invoicing.schema.ts'
import { daysToSettle } from './fee-period.ts'
import { type BilledFee, takenBack } from './paid-part.ts'

/**
 * What was billed in advance for cycles of a contract and for all periods of products that reach into them, in the order it
 * was issued: lines of recurring fees on invoices made before their days, and lines of changes, with what was taken back
 * of them since.
 */
export async function billedFees(
  db: Db,
  { ref: contractRef, terms }: Pick<Contract, 'ref' | 'terms'>,
  cycles: readonly number[],
): Promise<BilledFee[]> {
  const days = JSON.stringify(daysToSettle(terms, cycles).map(({ start, end }) => [start, end]))
  const rows = await db
    .select({
      id: invoiceLines.id,
      netAmount: invoiceLines.netAmount,
      productRef: invoiceLines.productRef,
      description: invoiceLines.description,
      serviceStart: invoiceLines.serviceStart,
      serviceEnd: invoiceLines.serviceEnd,
      serviceCycleNo: invoiceLines.serviceCycleNo,
      quantity: invoiceLines.quantity,
      unitAmount: invoiceLines.unitAmount,
      priceKey: invoiceLines.priceKey,
      amount: invoiceLines.amount,
      taxes: invoiceLines.taxes,
    })
    .from(invoiceLines)
    .innerJoin(invoices, eq(invoices.id, invoiceLines.invoiceId))
    .where(
      and(
        eq(invoiceLines.contractRef, contractRef),
        inArray(invoiceLines.kind, ['recurring', 'change']),
        sql`EXISTS (SELECT 1 FROM json_each(${days}) WHERE ${invoiceLines.serviceStart} >= json_extract(value, '$[0]')
          AND ${invoiceLines.serviceStart} < json_extract(value, '$[1]'))`,
        or(
          eq(invoiceLines.kind, 'change'),
          eq(invoices.cycleNo, 0),
          lte(invoices.periodEnd, invoiceLines.serviceStart),
        ),
      ),
    )
    .orderBy(asc(invoices.issuedAt), asc(invoiceLines.position))
  const reversals = await reversalsOf(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map(({ id, netAmount, ...row }) => {
    const own = reversals.filter(({ lineId }) => lineId === id)
    return { ...row, taken: own.map((reversal) => takenBack({ ...row, netAmount }, reversal)) }
  })
}

const reversalsOf = (db: Db, lineIds: readonly string[]) =>
  db
    .select()
    .from(lineReversals)
    .where(sql`${lineReversals.lineId} IN (SELECT value FROM json_each(${JSON.stringify(lineIds)}))`)

/** The next free place among the invoices of changes inside a cycle. */
export async function nextChangeNo(db: Db, contractRef: string, cycleNo: number): Promise<number> {
  const [row] = await db
    .select({ last: sql<number | null>`MAX(${invoices.changeNo})` })
    .from(invoices)
    .where(and(eq(invoices.contractRef, contractRef), eq(invoices.cycleNo, cycleNo)))
  return (row?.last ?? 0) + 1
}
