import { and, eq, or, type SQL, sql } from 'drizzle-orm'
import { legalEntities } from '../customers/customers.schema.ts'
import type { Db } from '../storage/db.store.ts'
import { type Framework, frameworksOf } from './policy.ts'
import { revenueSchedules } from './revenue.schema.ts'

/** The framework that each legal entity reports under: the asked one where its books have it, or that of its primary book. */
export async function reportedUnder(
  db: Db,
  entityRef: string | undefined,
  asked: Framework | undefined,
): Promise<Map<string, Framework>> {
  const rows = await db
    .select({ ref: legalEntities.ref, framework: legalEntities.framework })
    .from(legalEntities)
    .where(entityRef === undefined ? undefined : eq(legalEntities.ref, entityRef))
    .orderBy(legalEntities.ref)
  return new Map(
    rows.flatMap(({ ref, framework }) => {
      const { primary, secondary } = frameworksOf(framework)
      const chosen = asked ?? primary
      return chosen === primary || chosen === secondary ? [[ref, chosen] as const] : []
    }),
  )
}

/** The frameworks that the books of a legal entity, or of all, are kept by. */
export async function frameworksKept(db: Db, entityRef: string | undefined): Promise<Framework[]> {
  const rows = await db
    .selectDistinct({ framework: legalEntities.framework })
    .from(legalEntities)
    .where(entityRef === undefined ? undefined : eq(legalEntities.ref, entityRef))
  const kept = rows.flatMap(({ framework }) => Object.values(frameworksOf(framework)))
  return (['ASC606', 'IFRS15'] as const).filter((one) => kept.includes(one))
}

/**
 * The schedules of the books that are kept by a framework: the primary book, and with it the secondary one where that says
 * by how much the asked framework differs. Without a framework the primary books.
 */
export const inBooksOf = (asked: Framework | undefined): SQL | undefined => {
  const { book, entityRef } = revenueSchedules
  if (asked === undefined) return eq(book, 'primary')
  const keeps = (choice: Framework | 'both') =>
    sql`${entityRef} IN (SELECT ${legalEntities.ref} FROM ${legalEntities} WHERE ${legalEntities.framework} = ${choice})`
  const both =
    frameworksOf('both').secondary === asked ? keeps('both') : and(keeps('both'), eq(book, 'primary'))
  return or(and(keeps(asked), eq(book, 'primary')), both)
}
