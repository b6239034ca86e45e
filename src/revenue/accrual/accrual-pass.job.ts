import type { Contract } from '../../contracts/contract.ts'
import type { Env } from '../../env.ts'
import { contractsHeldBack } from '../../invoicing/cycle/cycle.store.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { lastDayOf } from '../../ledger/accounting-period.ts'
import type { Db } from '../../storage/db.store.ts'
import { contractsWithLateUsage } from '../../usage/late-contracts.store.ts'
import { mayAccrue, mayBeCorrected } from './accruable.ts'
import { accrueContracts } from './accrue-contracts.job.ts'
import { type AccrualPass, contractsAfter, movePass } from './passes.store.ts'

/** Contracts of one read and one commit, and reads of one run. */
const PAGE = 200
const PAGES_MAX = 50
/** Contracts measured in one run: a call to the meter of each, and some 20 statements for a page of them. */
export const MEASURED_MAX = 600

/** A pass as it was kept, null before the first one, and as it is to go on. */
type Accounting = { timezone: string; kept: AccrualPass | null; pass: AccrualPass }
type Budget = { measured: number }

/** How far a run has come; `isMet`: another one goes through the same pass, and has come further. */
type Progress = { pass: AccrualPass; isMet: boolean }

/**
 * Looks at the contracts that a pass has not come to, and keeps after each page how far it came. A run that is stopped
 * before that looks at a page again, and finds that nothing has changed.
 */
export async function goThrough(
  env: Env,
  db: Db,
  { timezone, kept: read, pass: begun }: Accounting,
  now: Instant,
  budget: Budget,
): Promise<Progress> {
  let [kept, pass] = [read, begun]
  for (let page = 0; page < PAGES_MAX && pass.doneAt === null && budget.measured > 0; page++) {
    const contracts = await contractsAfter(db, pass, PAGE)
    const corrected = await contractsCorrected(db, contracts.filter(mayBeCorrected))
    const { seen, due } = withinBudget(contracts, dueOf(pass, corrected, now), budget)
    await accrueContracts(env, db, due, { lastDay: lastDayOf(pass.month), timezone }, now)
    const isDone = seen.length === contracts.length && contracts.length < PAGE
    pass = { ...pass, throughRef: seen.at(-1)?.ref ?? pass.throughRef, doneAt: isDone ? now : null }
    if (due.length === 0) continue
    if (!(await movePass(db, kept, pass))) return { pass, isMet: true }
    kept = pass
  }
  const isMet = kept !== pass && !(await movePass(db, kept, pass))
  return { pass, isMet }
}

/** Those of contracts of which an invoice to come has to correct earlier ones: it was too small, or usage came late. */
async function contractsCorrected(db: Db, contracts: readonly Contract[]): Promise<Set<string>> {
  const [heldBack, late] = await Promise.all([
    contractsHeldBack(db, contracts),
    contractsWithLateUsage(db, contracts),
  ])
  return new Set([...heldBack, ...late])
}

/** What is being invoiced at this moment is accrued for a close alone. */
const dueOf =
  ({ month, isAwaited }: AccrualPass, corrected: ReadonlySet<string>, now: Instant) =>
  (contract: Contract): boolean =>
    (mayAccrue(contract, lastDayOf(month)) || corrected.has(contract.ref)) &&
    (isAwaited || (contract.nextCloseAt ?? 0) > now)

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
