import { asc, eq, gt } from 'drizzle-orm'
import { legalEntities } from '../../customers/customers.schema.ts'
import { localDate } from '../../kernel/calendar.ts'
import { disputeEntries } from '../../payments/card/dispute.ts'
import { disputes } from '../../payments/card/disputes.schema.ts'
import { payments } from '../../payments/payments.schema.ts'
import type { Db } from '../../storage/db.store.ts'
import type { FactEntries, FactPage } from './fact-kind.ts'

/** Card payments that were disputed: on the day that we heard of it, and on that of the end. */
export async function disputeFacts(db: Db, { after, limit }: FactPage): Promise<FactEntries[]> {
  const rows = await db
    .select({ dispute: disputes, payment: payments, timezone: legalEntities.timezone })
    .from(disputes)
    .innerJoin(payments, eq(payments.id, disputes.paymentId))
    .innerJoin(legalEntities, eq(legalEntities.ref, payments.entityRef))
    .where(gt(disputes.id, after))
    .orderBy(asc(disputes.id))
    .limit(limit)
  return rows.map(({ dispute, payment, timezone }) => {
    const { openedAt, closedAt } = dispute
    const booked = (now: number) => ({ payment, day: localDate(now, timezone), now })
    return {
      id: dispute.id,
      entries: [
        ...disputeEntries({ ...dispute, state: 'open' }, undefined, booked(openedAt)),
        ...(closedAt === null ? [] : disputeEntries(dispute, 'open', booked(closedAt))),
      ],
    }
  })
}
