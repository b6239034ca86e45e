import { and, asc, eq, gt, isNotNull } from 'drizzle-orm'
import { tokenReceipts } from '../../payments/crypto/crypto.schema.ts'
import { valuationOf, valuedEntries } from '../../payments/crypto/fair-value.ts'
import { payments } from '../../payments/payments.schema.ts'
import type { Db } from '../../storage/db.store.ts'
import type { FactEntries, FactPage } from './fact-kind.ts'

/** What tokens were worth on the day they came. */
export async function tokenFacts(db: Db, { after, limit }: FactPage): Promise<FactEntries[]> {
  const rows = await db
    .select({ receipt: tokenReceipts, payment: payments })
    .from(tokenReceipts)
    .innerJoin(payments, eq(payments.id, tokenReceipts.paymentId))
    .where(and(gt(tokenReceipts.paymentId, after), isNotNull(tokenReceipts.fairValue)))
    .orderBy(asc(tokenReceipts.paymentId))
    .limit(limit)
  return rows.map(({ receipt, payment }) => {
    const left = receipt.amount - (receipt.valued ?? 0n)
    const valuation = valuationOf(receipt, left, receipt.rate ?? '1', receipt.valuedAt ?? 0)
    return { id: payment.id, entries: valuedEntries(payment, receipt, valuation) }
  })
}
