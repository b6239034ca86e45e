import { asc, gt } from 'drizzle-orm'
import { customerCredits } from '../../invoicing/corrections/customer-credits.schema.ts'
import { payments } from '../../payments/payments.schema.ts'
import { creditedEntry, overpaymentId, receivedEntry } from '../../payments/receipt-plan.ts'
import { type Db, inList } from '../../storage/db.store.ts'
import type { FactEntries, FactPage } from './fact-kind.ts'

/** Payments, and what of them was kept as credit when they came. */
export async function paymentFacts(db: Db, { after, limit }: FactPage): Promise<FactEntries[]> {
  const received = await db
    .select()
    .from(payments)
    .where(gt(payments.id, after))
    .orderBy(asc(payments.id))
    .limit(limit)
  const kept = await db
    .select()
    .from(customerCredits)
    .where(
      inList(
        customerCredits.id,
        received.map(({ id }) => overpaymentId(id)),
      ),
    )
  const byPayment = new Map(kept.map((credit) => [credit.paymentId, credit]))
  return received.map((payment) => {
    const credit = byPayment.get(payment.id)
    return {
      id: payment.id,
      entries: [receivedEntry(payment), ...(credit ? [creditedEntry(payment, credit)] : [])],
    }
  })
}
