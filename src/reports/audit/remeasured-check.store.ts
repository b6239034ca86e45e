import { functionalLines } from '../../ledger/fx/measurement.store.ts'
import type { Db } from '../../storage/db.store.ts'
import type { Checked } from './check.ts'
import type { FactPage } from './fact-kind.ts'
import { functionalItem } from './functional-item.ts'
import { remeasurementRuns } from './remeasurement-runs.store.ts'

/** What the closes of months have taken open balances to, at the rates that were known. */
export async function checkRemeasured(db: Db, page: FactPage): Promise<Checked> {
  const runs = await remeasurementRuns(db, page)
  const entries = runs.flatMap((run) => run.entries)
  const lines = await functionalLines(
    db,
    entries.map(({ entry }) => entry.id),
  )
  return {
    recomputed: entries.map(({ entry, lines: due }) => functionalItem(entry.id, due)),
    recorded: [...lines].map(([entryId, own]) => functionalItem(entryId, own)),
    until: runs.length < page.limit ? null : (runs.at(-1)?.id ?? null),
  }
}
