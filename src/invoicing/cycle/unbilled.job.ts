import type { Contract } from '../../contracts/contract.ts'
import { instantOf } from '../../contracts/periods/zone.ts'
import type { Env } from '../../env.ts'
import { addDays, type Instant, type LocalDate } from '../../kernel/calendar.ts'
import type { Db } from '../../storage/db.store.ts'
import { readCloseInput } from './close-input.job.ts'
import { type Unbilled, unbilledOf } from './unbilled.ts'

/**
 * What the contract's invoices to come would bill if nothing were used after a day; nothing is written. Usage of that day
 * and before counts whenever it was reported.
 */
export async function unbilledLines(
  env: Env,
  db: Db,
  contract: Contract,
  lastDay: LocalDate,
  now: Instant,
): Promise<Unbilled[]> {
  const until = instantOf(contract.terms, addDays(lastDay, 1))
  return unbilledOf(await readCloseInput(env, db, contract, { until }, now))
}
