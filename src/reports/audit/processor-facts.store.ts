import { asc, eq, gt } from 'drizzle-orm'
import { legalEntities } from '../../customers/customers.schema.ts'
import { localDate } from '../../kernel/calendar.ts'
import { payoutEntries } from '../../payments/card/payout.ts'
import { payouts, processorTransactions } from '../../payments/card/payouts.schema.ts'
import { transactionEntries } from '../../payments/card/processor-transaction.ts'
import type { Db } from '../../storage/db.store.ts'
import type { FactEntries, FactPage } from './fact-kind.ts'

/** What the card processor keeps, and what it converts. */
export async function processorFacts(db: Db, { after, limit }: FactPage): Promise<FactEntries[]> {
  const rows = await db
    .select()
    .from(processorTransactions)
    .where(gt(processorTransactions.id, after))
    .orderBy(asc(processorTransactions.id))
    .limit(limit)
  return rows.map((moved) => ({ id: moved.id, entries: transactionEntries(moved) }))
}

/** What it pays out, and what the bank sent back after that. */
export async function payoutFacts(db: Db, { after, limit }: FactPage): Promise<FactEntries[]> {
  const rows = await db
    .select({ payout: payouts, timezone: legalEntities.timezone })
    .from(payouts)
    .innerJoin(legalEntities, eq(legalEntities.ref, payouts.entityRef))
    .where(gt(payouts.id, after))
    .orderBy(asc(payouts.id))
    .limit(limit)
  return rows.map(({ payout, timezone }) => {
    const { id, state, arrivesOn, paidAt, returnedAt } = payout
    return {
      id,
      entries: [
        ...(paidAt === null ? [] : payoutEntries({ ...payout, state: 'paid' }, undefined, arrivesOn, paidAt)),
        ...(returnedAt === null
          ? []
          : payoutEntries({ ...payout, state }, 'paid', localDate(returnedAt, timezone), returnedAt)),
      ],
    }
  })
}
