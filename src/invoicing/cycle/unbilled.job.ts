import type { Contract } from '../../contracts/contract.ts'
import type { Env } from '../../env.ts'
import type { Instant, LocalDate } from '../../kernel/calendar.ts'
import type { Db } from '../../storage/db.store.ts'
import { type OnFailure, readCloseInputs } from './close-inputs.job.ts'
import { type CreditUse, type UnbilledContract, unbilledInOrder } from './unbilled-in-order.ts'

/**
 * What the invoices to come of contracts would bill if nothing were used after a day; nothing is written. Usage of that
 * day and before counts whenever it was reported. `counted` is the credit that contracts before them are expected to use.
 */
export async function unbilledLines(
  env: Env,
  db: Db,
  contracts: readonly Contract[],
  lastDay: LocalDate,
  now: Instant,
  counted: readonly CreditUse[],
  onFailure: OnFailure,
): Promise<UnbilledContract[]> {
  const inputs = await readCloseInputs(env, db, contracts, { lastDay }, now, onFailure)
  return unbilledInOrder(inputs, counted, onFailure)
}
