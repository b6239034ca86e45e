import { formatMoney, sum } from '../kernel/money.ts'
import { invalid } from '../kernel/problem.ts'
import { roundToInteger } from '../kernel/rational.ts'
import type { Db } from '../storage/db.store.ts'
import { exactMinor } from './accounting/estimate.ts'
import { factsOf } from './accounting/facts.ts'
import type { Group } from './accounting/group.ts'
import type { RevenueFact } from './facts.store.ts'
import { receivedOf } from './received.store.ts'
import type { RevenueContract } from './revenue-contracts.store.ts'

/** No more is kept than was paid; what several events say of one amount counts once. Throws 422 `more_than_received`. */
export async function refuseBeyondReceived(
  db: Db,
  { facts, members: [{ row }] }: Group<RevenueContract>,
  fact: RevenueFact,
): Promise<void> {
  const { contractRef } = fact
  const kept = factsOf([...facts, fact], 'non_refundable').filter((one) => one.contractRef === contractRef)
  const byKey = new Map(
    kept.map(({ body }) => [body.key, roundToInteger(exactMinor(body.amount, row.currency))]),
  )
  const received = await receivedOf(db, contractRef)
  if (sum([...byKey.values()]) <= received) return
  const message = `must not be more than was received, in all ${formatMoney(received, row.currency)} without tax`
  throw invalid('more_than_received', `The amount ${message}.`, [{ path: 'amount', message }])
}
