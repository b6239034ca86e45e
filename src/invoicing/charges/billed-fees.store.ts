import { and, asc, eq, inArray, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Contract } from '../../contracts/contract.ts'
import { type Db, inList } from '../../storage/db.store.ts'
import { lineReversals } from '../corrections/credit-notes.schema.ts'
import { invoiceLines, invoices } from '../invoicing.schema.ts'
import { daysToSettle } from './fee-period.ts'
import { type BilledFee, takenBack } from './paid-part.ts'

/** Cycles of a contract. */
export type CyclesOfContract = { contract: Pick<Contract, 'ref' | 'terms'>; cycles: readonly number[] }

/**
 * What was billed in advance for cycles of contracts and for all periods of products that reach into them, by contract and
 * in the order it was issued: lines of recurring fees on invoices made before their days, and lines of changes, with what
 * was taken back of them since.
 */
export async function billedFees(
  db: Db,
  asked: readonly CyclesOfContract[],
): Promise<Map<string, BilledFee[]>> {
  if (asked.length === 0) return new Map()
  const rows = await linesOf(db, asked)
  const reversals = await reversalsOf(
    db,
    rows.map(({ id }) => id),
  )
  const fees = rows.map(({ id, netAmount, contractRef, ...row }) => {
    const taken = (reversals.get(id) ?? []).map((one) => takenBack({ ...row, netAmount }, one))
    return { contractRef, fee: { ...row, taken } }
  })
  const byContract = Map.groupBy(fees, ({ contractRef }) => contractRef)
  return new Map([...byContract].map(([ref, own]) => [ref, own.map(({ fee }) => fee)]))
}

const linesOf = (db: Db, asked: readonly CyclesOfContract[]) =>
  db
    .select({
      id: invoiceLines.id,
      contractRef: invoiceLines.contractRef,
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
        beginsWithin(asked),
        inArray(invoiceLines.kind, ['recurring', 'change']),
        or(
          eq(invoiceLines.kind, 'change'),
          eq(invoices.cycleNo, 0),
          lte(invoices.periodEnd, invoiceLines.serviceStart),
        ),
      ),
    )
    .orderBy(asc(invoices.issuedAt), asc(invoiceLines.position))

/** True for lines of the contracts whose service begins on the days that their cycles settle. */
function beginsWithin(asked: readonly CyclesOfContract[]): SQL {
  const days = asked.flatMap(({ contract: { ref, terms }, cycles }) =>
    daysToSettle(terms, cycles).map(({ start, end }) => [ref, start, end]),
  )
  return sql`${invoiceLines.id} IN (
    SELECT own.id FROM json_each(${JSON.stringify(days)}) AS days CROSS JOIN ${invoiceLines} AS own
    WHERE own.contract_ref = json_extract(days.value, '$[0]')
      AND own.service_start >= json_extract(days.value, '$[1]')
      AND own.service_start < json_extract(days.value, '$[2]'))`
}

async function reversalsOf(db: Db, lineIds: readonly string[]) {
  const rows = await db.select().from(lineReversals).where(inList(lineReversals.lineId, lineIds))
  return Map.groupBy(rows, ({ lineId }) => lineId)
}

/** The next free place among the invoices of changes inside a cycle. */
export async function nextChangeNo(db: Db, contractRef: string, cycleNo: number): Promise<number> {
  const [row] = await db
    .select({ last: sql<number | null>`MAX(${invoices.changeNo})` })
    .from(invoices)
    .where(and(eq(invoices.contractRef, contractRef), eq(invoices.cycleNo, cycleNo)))
  return (row?.last ?? 0) + 1
}
