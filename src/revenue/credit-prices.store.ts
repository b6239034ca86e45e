import { and, eq, inArray, sql } from 'drizzle-orm'
import { products } from '../catalog/catalog.schema.ts'
import { creditMovements } from '../credits/credits.schema.ts'
import { creditParts } from '../invoicing/credit-parts.schema.ts'
import { invoiceLines, invoices } from '../invoicing/invoicing.schema.ts'
import { formatMoney } from '../kernel/money.ts'
import { type Db, inList } from '../storage/db.store.ts'
import { NOT_TIMED, plannedMethod } from './planned-method.store.ts'
import { revenueContracts, type revenueFacts } from './revenue.schema.ts'

type RevenueFact = typeof revenueFacts.$inferSelect

/**
 * What credit takes off the price of fees that are not earned day by day, as facts of their contracts: the progress of the
 * fee decides. What it takes off other fees is spread over their days (`billed-services.store.ts`).
 */
export async function creditPricesOf(db: Db, contractRefs: readonly string[]): Promise<RevenueFact[]> {
  const rows = await db
    .select({
      part: creditParts,
      invoice: { number: invoices.number, currency: invoices.currency },
      movement: { actor: creditMovements.actor, at: creditMovements.at },
    })
    .from(creditParts)
    .innerJoin(invoiceLines, eq(invoiceLines.id, creditParts.lineId))
    .innerJoin(invoices, eq(invoices.id, creditParts.invoiceId))
    .innerJoin(creditMovements, eq(creditMovements.id, creditParts.movementId))
    .innerJoin(revenueContracts, eq(revenueContracts.ref, creditParts.contractRef))
    .leftJoin(products, eq(products.ref, creditParts.productRef))
    .where(
      and(
        inList(creditParts.contractRef, contractRefs),
        inArray(invoiceLines.kind, ['recurring', 'one_time', 'change']),
        sql`COALESCE(${plannedMethod(creditParts.productRef)}, ${products.recognition}) IN ${NOT_TIMED}`,
      ),
    )
    .orderBy(creditParts.id)
  return rows.map(({ part, invoice, movement }) => ({
    id: part.id,
    contractRef: part.contractRef,
    effectiveDate: part.bookedFrom ?? part.serviceStart,
    body: {
      kind: 'credit',
      credit_ref: part.id,
      product_ref: part.productRef,
      amount: formatMoney(-part.amount, invoice.currency),
      document: invoice.number,
      service: { start: part.serviceStart, end: part.serviceStart },
    },
    reason:
      part.bookedFrom === null
        ? `Paid with credit ${part.grantRef}`
        : `Credit ${part.grantRef} was given back`,
    actor: movement.actor,
    createdAt: movement.at,
  }))
}
