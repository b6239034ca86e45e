import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { legalEntities } from '../../customers/customers.schema.ts'
import { allocations } from '../../invoicing/allocations.schema.ts'
import { lineReversals } from '../../invoicing/corrections/credit-notes.schema.ts'
import { invoices } from '../../invoicing/invoicing.schema.ts'
import { payments } from '../../payments/payments.schema.ts'
import { refunds } from '../../payments/refunds.schema.ts'
import { type Db, inList } from '../../storage/db.store.ts'
import type { FactEntries, FactPage } from './fact-kind.ts'
import { settlementEntries } from './settlement-entries.ts'

/** What payments settle of invoices, what a bank kept of them, and what was undone. */
export async function allocationFacts(db: Db, { after, limit }: FactPage): Promise<FactEntries[]> {
  const page = await db
    .select()
    .from(allocations)
    .where(gt(allocations.id, after))
    .orderBy(asc(allocations.id))
    .limit(limit)
  const factsOf = await readSettlements(db, [...new Set(page.map(({ invoiceId }) => invoiceId))])
  return page.map((allocation) => {
    const facts = factsOf(allocation.invoiceId)
    return { id: allocation.id, entries: facts ? settlementEntries(allocation, facts) : [] }
  })
}

async function readSettlements(db: Db, invoiceIds: readonly string[]) {
  const [found, settled, reversals] = await Promise.all([
    db
      .select({ invoice: invoices, timezone: legalEntities.timezone })
      .from(invoices)
      .innerJoin(legalEntities, eq(legalEntities.ref, invoices.entityRef))
      .where(inList(invoices.id, invoiceIds)),
    db
      .select()
      .from(allocations)
      .where(inList(allocations.invoiceId, invoiceIds))
      .orderBy(asc(sql`${allocations}.rowid`)),
    db
      .select()
      .from(lineReversals)
      .where(and(inList(lineReversals.invoiceId, invoiceIds), eq(lineReversals.cause, 'recovery'))),
  ])
  const paymentIds = [...new Set(settled.flatMap(({ paymentId }) => paymentId ?? []))]
  const [received, returns] = await Promise.all([
    db.select().from(payments).where(inList(payments.id, paymentIds)),
    db
      .select()
      .from(refunds)
      .where(and(inList(refunds.paymentId, paymentIds), eq(refunds.kind, 'return'))),
  ])
  const byInvoice = Map.groupBy(settled, ({ invoiceId }) => invoiceId)
  const reversedOf = Map.groupBy(reversals, ({ invoiceId }) => invoiceId)
  const byId = new Map(received.map((payment) => [payment.id, payment]))
  const headers = new Map(found.map((row) => [row.invoice.id, row]))
  return (invoiceId: string) => {
    const header = headers.get(invoiceId)
    const own = byInvoice.get(invoiceId) ?? []
    const ids = new Set(own.flatMap(({ paymentId }) => paymentId ?? []))
    const paid = [...ids].flatMap((id) => byId.get(id) ?? [])
    const back = reversedOf.get(invoiceId) ?? []
    return header && { ...header, allocations: own, reversals: back, payments: paid, returns }
  }
}
