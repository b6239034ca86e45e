import type { Contract } from '../../contracts/contract.ts'
import { instantOf } from '../../contracts/periods/zone.ts'
import type { Env } from '../../env.ts'
import { addDays, type Instant, type LocalDate } from '../../kernel/calendar.ts'
import type { Db } from '../../storage/db.store.ts'
import type { InvoiceLine } from '../invoice.ts'
import { readCloseInput } from './close-input.job.ts'
import { planCycleClose } from './cycle-close.ts'

/** The lines of an invoice to come, and the boundary of the contract that it is made at. */
export type UnbilledLines = { boundary: number; lines: InvoiceLine[] }

/**
 * What the contract's next invoice would bill if nothing were used after a day, by the very plan that issues it; nothing
 * is written. Usage of that day and before counts whenever it was reported.
 */
export async function unbilledLines(
  env: Env,
  db: Db,
  contract: Contract,
  lastDay: LocalDate,
  now: Instant,
): Promise<UnbilledLines[]> {
  const until = instantOf(contract.terms, addDays(lastDay, 1))
  const input = await readCloseInput(env, db, contract, { until }, now)
  const lines = planCycleClose(input).invoices.flatMap((invoice) => invoice.lines)
  return [{ boundary: contract.nextCycle, lines }]
}
