import { asc, gt, inArray, sql } from 'drizzle-orm'
import { combinationEntries } from '../../ledger/fx/combination.ts'
import { positionGroups } from '../../ledger/fx/fx.schema.ts'
import type { Db } from '../../storage/db.store.ts'
import type { FactEntries, FactPage } from './fact-kind.ts'

/** Statements by which the positions of contracts became one. What that is worth is checked with the functional amounts. */
export async function combinationFacts(db: Db, { after, limit }: FactPage): Promise<FactEntries[]> {
  const { sourceId } = positionGroups
  const page = db
    .selectDistinct({ sourceId })
    .from(positionGroups)
    .where(gt(sourceId, after))
    .orderBy(asc(sourceId))
    .limit(limit)
  const rows = await db
    .select()
    .from(positionGroups)
    .where(inArray(sourceId, page))
    .orderBy(asc(sourceId), asc(sql`position_groups.rowid`))
  return [...Map.groupBy(rows, (row) => row.sourceId)].map(([id, joining]) => ({
    id,
    entries: combinationEntries(joining, 0),
  }))
}
