import type { Contract } from '../../contracts/contract.ts'
import type { Env } from '../../env.ts'
import type { Instant, LocalDate } from '../../kernel/calendar.ts'
import type { Db } from '../../storage/db.store.ts'
import { type OnFailure, readCloseInputs } from './close-inputs.job.ts'
import { type Unbilled, unbilledOf } from './unbilled.ts'

/** A contract, and what its invoices to come would bill. */
export type UnbilledContract = { contract: Contract; unbilled: Unbilled[] }

/**
 * What the invoices to come of contracts would bill if nothing were used after a day; nothing is written. Usage of that
 * day and before counts whenever it was reported.
 */
export async function unbilledLines(
  env: Env,
  db: Db,
  contracts: readonly Contract[],
  lastDay: LocalDate,
  now: Instant,
  onFailure: OnFailure,
): Promise<UnbilledContract[]> {
  const inputs = await readCloseInputs(env, db, contracts, { lastDay }, now, onFailure)
  return inputs.flatMap((input) => {
    try {
      return { contract: input.contract, unbilled: unbilledOf(input) }
    } catch (error) {
      onFailure(input.contract, error)
      return []
    }
  })
}
