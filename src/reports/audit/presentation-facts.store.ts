import { runsAfter } from '../../closing/presentation/presentation.store.ts'
import {
  NOTHING_BEFORE,
  presentationEntries,
  presentationId,
} from '../../closing/presentation/presentation-entry.ts'
import type { Db } from '../../storage/db.store.ts'
import type { FactEntries, FactPage } from './fact-kind.ts'

/** What closes of months found of contracts, and showed on the accounts of the balance sheet. */
export async function presentationFacts(db: Db, { after, limit }: FactPage): Promise<FactEntries[]> {
  const runs = await runsAfter(db, after, limit)
  return runs.map(({ of, found, before }) => ({
    id: presentationId(of),
    entries: presentationEntries(of, found, before ?? NOTHING_BEFORE),
  }))
}
