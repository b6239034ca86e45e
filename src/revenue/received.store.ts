import { and, eq, sql } from 'drizzle-orm'
import { invoices } from '../invoicing/invoicing.schema.ts'
import { settledBy } from '../invoicing/settlement.store.ts'
import { type Minor, sum } from '../kernel/money.ts'
import { rational, roundToInteger } from '../kernel/rational.ts'
import type { Db } from '../storage/db.store.ts'

/**
 * What the invoices of a contract were paid with, without tax; a payment pays for all that is on its invoice alike. Those
 * that were taken over from elsewhere were revenue there.
 */
export async function receivedOf(db: Db, contractRef: string): Promise<Minor> {
  const rows = await db
    .select({
      total: invoices.total,
      totalTax: invoices.totalTax,
      paid: settledBy('payment', 'credit', 'bank_fee', 'discount'),
    })
    .from(invoices)
    .where(and(eq(invoices.contractRef, contractRef), sql`${invoices.origin} IS NULL`))
  return sum(
    rows
      .filter(({ total }) => total > 0n)
      .map(({ total, totalTax, paid }) => roundToInteger(rational(BigInt(paid) * (total - totalTax), total))),
  )
}
