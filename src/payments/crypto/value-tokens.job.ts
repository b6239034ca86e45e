import type { Env } from '../../env.ts'
import { postEntries } from '../../ledger/ledger.store.ts'
import { closedPeriods } from '../../ledger/periods.store.ts'
import { logError } from '../../log.ts'
import { commit, type Db, isRefusedBy, openDb } from '../../storage/db.store.ts'
import { valuationOf, valuedEntries } from './fair-value.ts'
import { keepValuation, receiptsToValue, refundedAtPar } from './token-receipts.store.ts'

/** Receipts valued in one tick; the others follow in the next ones. */
const RECEIPTS_PER_TICK = 100

type Due = Awaited<ReturnType<typeof receiptsToValue>>[number]

/**
 * Takes tokens to their fair value on receipt, as far as rates are known by now; without one they stay at par. One that
 * fails is tried again in the next tick, and does not keep the others from it.
 */
export async function valueTokens(env: Env, now: number): Promise<void> {
  const db = openDb(env.DB)
  for (const due of await receiptsToValue(db, RECEIPTS_PER_TICK)) {
    try {
      await valueReceipt(db, due, now)
    } catch (error) {
      // Another run was faster, or tokens left meanwhile: the next tick looks again.
      if (isRefusedBy(error, 'tokens are valued once')) continue
      logError(error, { job: 'valueTokens', payment: due.payment.id })
    }
  }
}

async function valueReceipt(db: Db, { receipt, payment, rate }: Due, now: number): Promise<void> {
  const valuation = valuationOf(receipt, await refundedAtPar(db, payment.id), rate, now)
  const closed = await closedPeriods(db, [payment.entityRef])
  await commit(db, [
    keepValuation(db, payment.id, valuation),
    ...postEntries(db, valuedEntries(payment, receipt, valuation), closed),
  ])
}
