import { and, asc, eq, gt, isNull } from 'drizzle-orm'
import { planGroup } from '../../revenue/accounting/plan-group.ts'
import { readGroups } from '../../revenue/groups.store.ts'
import { revenueContracts, revenueScheduleEntries, revenueSchedules } from '../../revenue/revenue.schema.ts'
import { type Db, inList } from '../../storage/db.store.ts'
import type { Checked } from './check.ts'
import type { FactPage } from './fact-kind.ts'
import { plannedItems } from './portion-item.ts'

/**
 * The plans of contracts that are accounted for as a whole: made from terms, deliveries and estimates as if nothing was
 * ever planned. A contract that waits for its plan, or whose facts allow none, is left out.
 */
export async function checkPlans(db: Db, page: FactPage): Promise<Checked> {
  const refs = await groupsAfter(db, page)
  const groups = await readGroups(db, refs)
  const plans = groups
    .filter(({ members }) => members.every(({ row }) => !row.stale && row.problem === null))
    .flatMap((group) => {
      const { planned } = planGroup(group, [], 0)
      return planned ? [{ entries: planned.entries, refs: group.members.map(({ row }) => row.ref) }] : []
    })
  const recorded = await portionsOf(
    db,
    plans.flatMap((plan) => plan.refs),
  )
  return {
    recomputed: plannedItems(plans.flatMap(({ entries }) => entries)),
    recorded: plannedItems(recorded),
    until: refs.length < page.limit ? null : (refs.at(-1) ?? null),
  }
}

async function groupsAfter(db: Db, { after, limit }: FactPage): Promise<string[]> {
  const { ref, groupRef } = revenueContracts
  const rows = await db
    .select({ ref })
    .from(revenueContracts)
    .where(and(eq(ref, groupRef), gt(ref, after)))
    .orderBy(asc(ref))
    .limit(limit)
  return rows.map((row) => row.ref)
}

const portionsOf = (db: Db, refs: readonly string[]) => {
  const { lineId, postingDate, cause, amount } = revenueScheduleEntries
  return db
    .select({ lineId, postingDate, cause, amount })
    .from(revenueScheduleEntries)
    .innerJoin(revenueSchedules, eq(revenueSchedules.lineId, lineId))
    .where(
      and(
        inList(revenueSchedules.contractRef, refs),
        isNull(revenueSchedules.invoiceId),
        isNull(revenueSchedules.accrual),
      ),
    )
}
