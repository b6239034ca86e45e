import { asc, eq, gt } from 'drizzle-orm'
import { legalEntities } from '../../customers/customers.schema.ts'
import { localDate } from '../../kernel/calendar.ts'
import { payments } from '../../payments/payments.schema.ts'
import { failedEntry, refundEntry } from '../../payments/refund-entries.ts'
import { refunds } from '../../payments/refunds.schema.ts'
import type { Db } from '../../storage/db.store.ts'
import type { FactEntries, FactPage } from './fact-kind.ts'

/** Money of payments that left again, and what of it came back. */
export async function refundFacts(db: Db, { after, limit }: FactPage): Promise<FactEntries[]> {
  const rows = await db
    .select({ refund: refunds, payment: payments, timezone: legalEntities.timezone })
    .from(refunds)
    .innerJoin(payments, eq(payments.id, refunds.paymentId))
    .innerJoin(legalEntities, eq(legalEntities.ref, payments.entityRef))
    .where(gt(refunds.id, after))
    .orderBy(asc(refunds.id))
    .limit(limit)
  return rows.map(({ refund, payment, timezone }) => {
    const { id, state, endedAt } = refund
    const failed =
      state === 'failed' && endedAt !== null
        ? [failedEntry(refund, payment, localDate(endedAt, timezone), endedAt)]
        : []
    return { id, entries: [refundEntry(refund, payment), ...failed] }
  })
}
