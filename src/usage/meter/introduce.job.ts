import { commit, openDb } from '../../storage/db.store.ts'
import { markLateTold, tellLate, untoldLate } from '../late-contracts.store.ts'
import { introduce, markTold, untoldSightings } from '../sighting.store.ts'
import type { MeterContext } from './meter-context.store.ts'

/** Tells the database of the customers and products that the meter has heard of, and of contracts with late usage. */
export async function introduceSightings({ env, sql }: MeterContext): Promise<void> {
  const sightings = untoldSightings(sql)
  const late = untoldLate(sql)
  if (sightings.length + late.length === 0) return
  const db = openDb(env.DB)
  await commit(db, [...introduce(db, sightings), ...tellLate(db, late)])
  markTold(sql, sightings)
  markLateTold(sql, late)
}
