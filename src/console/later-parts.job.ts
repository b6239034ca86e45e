import type { LocalDate } from '../kernel/calendar.ts'
import { sum } from '../kernel/money.ts'
import { laterBySchedule } from '../reports/contract-balances.store.ts'
import type { ContractPosition } from '../reports/contract-balances.ts'
import { plannedRemaining } from '../reports/planned.store.ts'
import { splitByBilling } from '../reports/remaining.ts'
import type { Db } from '../storage/db.store.ts'
import { contractPath } from './report-links.ts'
import type { FigurePart } from './report-view.ts'
import { scheduleName, schedulePath } from './revenue-parts.job.ts'

/**
 * What a contract was billed for days more than twelve months away: schedule by schedule, and of its plan. A last part
 * takes off what goes beyond the liability, which is all that is owed.
 */
export async function nonCurrentParts(
  { db, day, own }: { db: Db; day: LocalDate; own: ContractPosition },
  liability: bigint,
): Promise<FigurePart[]> {
  const { contractRefs, currency, entityRef } = own
  const [schedules, planned] = await Promise.all([
    laterBySchedule(db, day, contractRefs),
    plannedRemaining(db, day, { entityRef }),
  ])
  const isOwn = (one: { contractRef: string; currency: string }) =>
    one.currency === currency && contractRefs.includes(one.contractRef)
  const parts = [
    ...schedules.filter(isOwn).map(({ amount, ...schedule }) => ({
      what: scheduleName(schedule),
      amount,
      path: schedulePath(schedule),
    })),
    ...planned.filter(isOwn).map(({ contractRef, remaining, billed }) => {
      const [, next, beyond] = splitByBilling(remaining, billed).billed
      return { what: `Plan of ${contractRef}`, amount: next + beyond, path: contractPath(contractRef) }
    }),
  ]
  const later = sum(parts.map(({ amount }) => amount))
  const most = later < 0n ? 0n : later < liability ? later : liability
  return [...parts, { what: 'Not more than the liability', amount: most - later }]
}
