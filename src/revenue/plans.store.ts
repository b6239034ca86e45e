import { and, eq, sql } from 'drizzle-orm'
import { type Db, inList, insertRows, type Statement } from '../storage/db.store.ts'
import type { GroupPlan } from './accounting/plan-group.ts'
import type { Posted } from './accounting/schedule-of.ts'
import { revenueContracts, revenueScheduleEntries, revenueSchedules } from './revenue.schema.ts'
import { isPosted, withdrawPlanned } from './revenue.store.ts'
import type { RevenueContract } from './revenue-contracts.store.ts'

/** What was posted of the obligations of these contracts. */
export const postedOf = (db: Db, refs: readonly string[]): Promise<(Posted & { contractRef: string })[]> => {
  const { lineId, postingDate, amount, cause } = revenueScheduleEntries
  return db
    .select({ lineId, postingDate, amount, cause, contractRef: revenueSchedules.contractRef })
    .from(revenueScheduleEntries)
    .innerJoin(revenueSchedules, eq(revenueSchedules.lineId, lineId))
    .where(and(ofObligations(refs), isPosted))
}

/** The plus signs keep SQLite from reading all obligations by an index of their own. */
const ofObligations = (refs: readonly string[]) =>
  and(
    inList(revenueSchedules.contractRef, refs),
    sql`+${revenueSchedules.invoiceId} IS NULL`,
    sql`+${revenueSchedules.accrual} IS NULL`,
  )

/**
 * The statements that write plans in place of those before. The batch fails where another run planned one of the groups,
 * or posted of it, since it was read (`isPlanChanged`).
 */
export function writePlans(
  db: Db,
  plans: readonly GroupPlan<RevenueContract>[],
  posted: readonly { contractRef: string }[],
): Statement[] {
  const planned = plans.flatMap((plan) => plan.planned ?? [])
  const refs = plans.flatMap((plan) => (plan.planned ? plan.members.map(({ row }) => row.ref) : []))
  const schedules = planned.flatMap((plan) => plan.schedules)
  const entryOf = sql`${revenueScheduleEntries.lineId} IN (
    SELECT ${revenueSchedules.lineId} FROM ${revenueSchedules} WHERE ${ofObligations(refs)})`
  const counted = posted.filter(({ contractRef }) => refs.includes(contractRef)).length
  return [
    ...withdrawPlanned(
      db,
      entryOf,
      schedules.map(({ lineId }) => lineId),
      counted,
    ),
    ...insertRows(db, revenueSchedules, schedules),
    ...insertRows(
      db,
      revenueScheduleEntries,
      planned.flatMap((plan) => plan.entries),
    ),
    markPlanned(db, plans),
  ]
}

/** Groups that cannot be read wait for nothing: their lines follow themselves, and they say why. */
export const giveUp = (db: Db, groupRefs: readonly string[]): Statement[] =>
  groupRefs.length === 0
    ? []
    : [
        db
          .update(revenueContracts)
          .set({
            stale: false,
            step: sql`${revenueContracts.step} + 1`,
            problem: 'The contract has no signed terms, or its legal entity is not set up.',
          })
          .where(inList(revenueContracts.groupRef, groupRefs)),
      ]

/** A trigger refuses a step that someone else has taken meanwhile. */
function markPlanned(db: Db, plans: readonly GroupPlan<RevenueContract>[]): Statement {
  const rows = plans
    .flatMap(({ members }) => members)
    .map(({ row, decided, problem }) => ({ ...decided, ref: row.ref, step: row.step + 1, problem }))
  const field = (name: string) => sql`json_extract(planned.value, ${sql.raw(`'$.${name}'`)})`
  return db
    .update(revenueContracts)
    .set({
      basis: field('basis'),
      basisReason: field('basisReason'),
      products: field('products'),
      covers: field('covers'),
      problem: field('problem'),
      stale: sql`0`,
      step: field('step'),
    })
    .from(sql`json_each(${JSON.stringify(rows)}) AS planned`)
    .where(sql`${revenueContracts.ref} = ${field('ref')}`)
}
