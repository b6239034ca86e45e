import { commit, openDb } from '../../storage/db.store.ts'
import { introduce, markTold, untoldSightings } from '../sighting.store.ts'
import type { MeterContext } from './meter-context.store.ts'

/** Tells the database of the customers and products that the meter has heard of. */
export async function introduceSightings({ env, sql }: MeterContext): Promise<void> {
  const sightings = untoldSightings(sql)
  if (sightings.length === 0) return
  const db = openDb(env.DB)
  await commit(db, introduce(db, sightings))
  markTold(sql, sightings)
}
