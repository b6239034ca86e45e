import { type AnyColumn, and, eq, sql } from 'drizzle-orm'
import { legalEntities } from '../customers/customers.schema.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import type { Db, Statement } from '../storage/db.store.ts'
import { type CriteriaFact, unmetDays } from './accounting/criteria.ts'
import type { Framework } from './policy.ts'
import { revenueContracts, revenueFacts } from './revenue.schema.ts'
import { isUnmetOn } from './transaction-price/contract-criteria.ts'

/** Judgements of step 1 about any contract of a group, in the order in which they were stated: JSON, null where none was. */
export const criteriaStated = (groupRef: AnyColumn) => sql<string | null>`(
  SELECT NULLIF(json_group_array(json(stated.fact)), '[]') FROM (
    SELECT json_object('effectiveDate', fact.effective_date, 'body', json(fact.body)) AS fact
    FROM ${revenueContracts} AS member JOIN ${revenueFacts} AS fact ON fact.contract_ref = member.ref
    WHERE member.group_ref = ${groupRef} AND ${isOfCriteria}
    ORDER BY fact.created_at, fact.id) AS stated)`

const isOfCriteria = sql`fact.body ->> 'kind' = 'criteria'`

export const readCriteria = (stated: string | null): CriteriaFact[] =>
  stated === null ? [] : (JSON.parse(stated) as CriteriaFact[])

/** The contracts whose criteria are not met on a day, by a framework, or without one by that of the primary book. */
export async function contractsUnmetOn(
  db: Db,
  day: LocalDate,
  entityRef: string | undefined,
  asked?: Framework | undefined,
): Promise<Set<string>> {
  const { ref, groupRef } = revenueContracts
  const judged = sql`${groupRef} IN (SELECT member.group_ref
    FROM ${revenueFacts} AS fact JOIN ${revenueContracts} AS member ON member.ref = fact.contract_ref
    WHERE ${isOfCriteria})`
  const rows = await db
    .select({ ref, framework: legalEntities.framework, criteria: criteriaStated(groupRef) })
    .from(revenueContracts)
    .innerJoin(legalEntities, eq(legalEntities.ref, revenueContracts.entityRef))
    .where(and(judged, entityRef === undefined ? undefined : eq(revenueContracts.entityRef, entityRef)))
  return new Set(
    rows
      .filter(({ criteria, framework }) =>
        isUnmetOn(unmetDays(readCriteria(criteria), asked ?? framework)?.primary ?? [], day),
      )
      .map((row) => row.ref),
  )
}

/** Fails the batch where step 1 of a contract was judged since it was read: what was planned says otherwise. */
export function requireJudged(
  db: Db,
  read: readonly { contractRef: string; judgements: number }[],
): Statement {
  const asRead = new Map(read.map(({ contractRef, judgements }) => [contractRef, judgements]))
  const stated = sql`(SELECT COUNT(*) FROM ${revenueContracts} AS own
    JOIN ${revenueContracts} AS member ON member.group_ref = own.group_ref
    JOIN ${revenueFacts} AS fact ON fact.contract_ref = member.ref
    WHERE own.ref = read.value ->> 0 AND ${isOfCriteria})`
  return db
    .select({ never: sql`json('!' || COUNT(*))` })
    .from(sql`json_each(${JSON.stringify([...asRead])}) AS read`)
    .where(sql`${stated} <> read.value ->> 1`)
    .having(sql`COUNT(*) > 0`)
}
