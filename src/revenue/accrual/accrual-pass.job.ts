import type { Contract } from '../../contracts/contract.ts'
import type { Env } from '../../env.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { lastDayOf } from '../../ledger/accounting-period.ts'
import { logError } from '../../log.ts'
import type { Db } from '../../storage/db.store.ts'
import { mayAccrue } from './accruable.ts'
import { accrueContract } from './accrue-contract.job.ts'
import { type AccrualPass, contractsAfter, keepPass } from './passes.store.ts'

/** Contracts of one read, and reads of one run. */
const PAGE = 200
const PAGES_MAX = 50
/** Contracts measured in one run: each takes some 14 statements, of the thousand that a run may have. */
export const MEASURED_MAX = 40

type Accounting = { timezone: string; pass: AccrualPass }
type Budget = { measured: number }

/**
 * Looks at the contracts that a pass has not come to, and keeps how far it came. A run that is stopped before that looks
 * at some again, and finds that nothing has changed.
 */
export async function goThrough(
  env: Env,
  db: Db,
  { timezone, pass: begun }: Accounting,
  now: Instant,
  budget: Budget,
): Promise<AccrualPass> {
  let pass = begun
  for (let page = 0; page < PAGES_MAX && pass.doneAt === null && budget.measured > 0; page++) {
    const contracts = await contractsAfter(db, pass, PAGE)
    const { seen, due } = withinBudget(contracts, dueOf(pass, now), budget)
    for (const contract of due) await accrueOne(env, db, contract, { timezone, pass }, now)
    const isDone = seen.length === contracts.length && contracts.length < PAGE
    pass = { ...pass, throughRef: seen.at(-1)?.ref ?? pass.throughRef, doneAt: isDone ? now : null }
  }
  await keepPass(db, pass)
  return pass
}

/** What is being invoiced at this moment is accrued for a close alone. */
const dueOf =
  ({ month, isAwaited }: AccrualPass, now: Instant) =>
  (contract: Contract): boolean =>
    mayAccrue(contract, lastDayOf(month)) && (isAwaited || (contract.nextCloseAt ?? 0) > now)

/** As many contracts, in their order, as the budget has room to measure; the others cost nothing. */
function withinBudget(
  contracts: readonly Contract[],
  isDueNow: (contract: Contract) => boolean,
  budget: Budget,
) {
  const seen: Contract[] = []
  const due: Contract[] = []
  for (const contract of contracts) {
    const isDue = isDueNow(contract)
    if (isDue && budget.measured === 0) break
    if (isDue) due.push(contract)
    if (isDue) budget.measured -= 1
    seen.push(contract)
  }
  return { seen, due }
}

/** A contract that fails is logged, and looked at again in the next pass; the others go on. */
async function accrueOne(
  env: Env,
  db: Db,
  contract: Contract,
  { timezone, pass }: Accounting,
  now: Instant,
): Promise<void> {
  try {
    await accrueContract(env, db, contract, { lastDay: lastDayOf(pass.month), timezone }, now)
  } catch (error) {
    logError(error, { job: 'accrual', contractRef: contract.ref })
  }
}
