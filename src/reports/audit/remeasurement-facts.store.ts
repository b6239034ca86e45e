import type { Db } from '../../storage/db.store.ts'
import type { FactEntries, FactPage } from './fact-kind.ts'
import { remeasurementRuns } from './remeasurement-runs.store.ts'

/** The closes of months in foreign currencies. Their amounts are functional ones, and are checked with these. */
export async function remeasurementFacts(db: Db, page: FactPage): Promise<FactEntries[]> {
  const runs = await remeasurementRuns(db, page)
  return runs.map(({ id, entries }) => ({ id, entries: entries.map(({ entry }) => entry) }))
}
