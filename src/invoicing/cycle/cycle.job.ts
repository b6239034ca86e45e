import type { Contract } from '../../contracts/contract.ts'
import { findContract } from '../../contracts/contracts.store.ts'
import type { CycleMessage, Env } from '../../env.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { randomId } from '../../kernel/id.ts'
import type { ClosedPeriods } from '../../ledger/accounting-period.ts'
import { closedPeriods, isPeriodClosed } from '../../ledger/periods.store.ts'
import { logError } from '../../log.ts'
import { commit, type Db, isUniqueViolation, openDb, type Statement } from '../../storage/db.store.ts'
import { planChange } from './change-plan.ts'
import { claimedContracts, claimPage } from './claim.store.ts'
import { changeStatements, closeStatements } from './close.store.ts'
import { readChangeInput, readCloseInput } from './close-input.job.ts'
import { planCycleClose } from './cycle-close.ts'

/** Contracts in one queue message, and messages of one cron tick. */
const PAGE = 100
const PAGES_MAX = 50
/** A claim that is not worked off in this time is taken for lost, and the contract is claimed again. */
const LEASE_MS = 5 * 60_000
/** Boundaries of one contract that one message closes; what is left is claimed by the next tick. */
const BOUNDARIES_MAX = 60
/** Plans made anew because another close of the same seller took the invoice number, or its period was closed. */
const ATTEMPTS_MAX = 20

/** Claims the contracts whose invoice is due, a page at a time, and sends one small message for each page. */
export async function claimDueContracts(env: Env, now: Instant): Promise<void> {
  const db = openDb(env.DB)
  for (let page = 0; page < PAGES_MAX; page++) {
    const token = randomId('claim')
    const claimed = await claimPage(db, { token, until: now + LEASE_MS }, now, PAGE)
    if (claimed > 0) await env.CYCLES.send({ claimToken: token })
    if (claimed < PAGE) return
  }
}

/**
 * Closes every boundary that is due of the contracts under a claim. A contract that fails is logged and keeps its
 * claim until the lease ends; the others go on. The same message again finds nothing to do.
 */
export async function closeClaimed(env: Env, { claimToken }: CycleMessage, now: Instant): Promise<void> {
  const db = openDb(env.DB)
  for (const contract of await claimedContracts(db, claimToken)) {
    try {
      await closeDueBoundaries(env, db, contract, now)
    } catch (error) {
      logError(error, { job: 'cycle', contractRef: contract.ref, boundary: contract.nextCycle })
    }
  }
}

async function closeDueBoundaries(env: Env, db: Db, claimed: Contract, now: Instant): Promise<void> {
  let contract: Contract | undefined = claimed
  for (let left = BOUNDARIES_MAX; contract && left > 0; left--) {
    const due = whatIsDue(contract, now)
    if (!due) return
    if (due === 'change') await billChange(env, db, contract, left === 1, now)
    else await closeBoundary(env, db, contract, left === 1, now)
    contract = await findContract(db, contract.ref)
  }
}

/** Seal, read, decide, commit. */
const closeBoundary = (env: Env, db: Db, contract: Contract, isLast: boolean, now: Instant): Promise<void> =>
  committed(db, contract, async (closed) => {
    const plan = planCycleClose(await readCloseInput(env, db, contract, 'seal', now))
    const release = isLast || !whatIsDue({ ...contract, ...plan.next }, now)
    return closeStatements(db, plan, { closed, release }, now)
  })

const billChange = (env: Env, db: Db, contract: Contract, isLast: boolean, now: Instant): Promise<void> =>
  committed(db, contract, async (closed) => {
    const plan = planChange(await readChangeInput(env, db, contract, now))
    const release = isLast || !whatIsDue({ ...contract, ...plan.next }, now)
    return changeStatements(db, plan, { closed, release }, now)
  })

/** Commits what is planned, and plans again with the next free number where another close took ours. */
async function committed(
  db: Db,
  contract: Contract,
  planned: (closed: ClosedPeriods) => Promise<Statement[]>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const statements = await planned(await closedPeriods(db, [contract.entityRef]))
    try {
      await commit(db, statements)
      return
    } catch (error) {
      const isMet = isUniqueViolation(error) || isPeriodClosed(error)
      if (!isMet || attempt === ATTEMPTS_MAX) throw error
      const found = await findContract(db, contract.ref)
      if (found?.nextCycle !== contract.nextCycle || found.billsChangeAt !== contract.billsChangeAt) return
    }
  }
}

/** What comes first; a boundary before a change of the same moment. One that is to be renewed first waits for that. */
function whatIsDue(
  {
    nextCloseAt,
    billsChangeAt = null,
    renewsAt = null,
  }: Pick<Contract, 'nextCloseAt' | 'billsChangeAt' | 'renewsAt'>,
  now: Instant,
): 'boundary' | 'change' | undefined {
  if (renewsAt !== null && renewsAt <= now) return undefined
  const closesAt = nextCloseAt ?? Number.POSITIVE_INFINITY
  const changesAt = billsChangeAt ?? Number.POSITIVE_INFINITY
  if (Math.min(closesAt, changesAt) > now) return undefined
  return closesAt <= changesAt ? 'boundary' : 'change'
}
