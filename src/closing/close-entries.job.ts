import { type Actor, audit } from '../access/access.store.ts'
import type { Env } from '../env.ts'
import { type Instant, localDate } from '../kernel/calendar.ts'
import { conflict, notFound } from '../kernel/problem.ts'
import { lastDayOf, refuseRunning } from '../ledger/accounting-period.ts'
import type { Closing } from '../ledger/fx/closing.store.ts'
import type { ForeignBooks } from '../ledger/fx/measurement.store.ts'
import { remeasureBooks } from '../ledger/fx/remeasure.job.ts'
import { bookkeepers, periodsOf } from '../ledger/periods.store.ts'
import { accrueEntities } from '../revenue/accrual/accrue.job.ts'
import { commit, type Db } from '../storage/db.store.ts'
import { type Presentation, presentPositions } from './presentation/present.job.ts'

/** What the steps of a close have posted. */
export type CloseEntries = { presented: Presentation[]; remeasured: Closing[] }

/**
 * Posts the entries of a month's end that are not posted yet, for one entity or for all of them: a lock does the same.
 * Repeated, it posts only what has come since.
 *
 * @throws Problem 404 for an unknown entity; 409 `period_not_over` for a month that still runs, `period_locked` for one
 * that takes no more entries, what the steps throw, and `fx_rate_missing` where a closing rate is not known: all else is
 * posted then
 */
export async function postCloseEntries(
  env: Env,
  db: Db,
  actor: Actor,
  { month, entityRef }: { month: string; entityRef?: string | undefined },
): Promise<CloseEntries> {
  const entities = await bookkeepers(db, entityRef)
  if (entityRef !== undefined && entities.length === 0) throw notFound('entity', entityRef)
  for (const { ref, timezone } of entities) refuseRunning(ref, month, localDate(actor.now, timezone))
  const refs = entities.map(({ ref }) => ref)
  for (const period of (await periodsOf(db, month, refs)).values()) {
    if (period.status === 'locked') throw locked(period.entityRef, month)
  }
  const posted = await takeCloseSteps(env, db, actor.now, month, refs)
  const missing = posted.remeasured.find(({ rate }) => !rate)
  if (missing) throw rateMissing(missing.books, month)
  await commit(
    db,
    audit(db, actor, { action: 'period.close_entries', subject: `${entityRef ?? '*'} ${month}` }),
  )
  return posted
}

/**
 * The steps of a close, each of which rests on those before it: what was earned and is on no invoice is accrued, positions
 * are shown on the accounts of the balance sheet, and what is monetary among these goes to the closing rate, as far as
 * rates are known. Throws 409 `accruals_going_on` where there are more contracts than one call can measure.
 */
export async function takeCloseSteps(
  env: Env,
  db: Db,
  now: Instant,
  month: string,
  entityRefs: readonly string[],
): Promise<CloseEntries> {
  if (entityRefs.length === 0) return { presented: [], remeasured: [] }
  if ((await accrueEntities(env, now, entityRefs)) === 'more') throw accruing(month)
  const presented = await presentPositions(db, now, { month, entityRefs })
  const remeasured = await remeasureBooks(db, now, month, entityRefs)
  return { presented, remeasured }
}

const locked = (entityRef: string, month: string) =>
  conflict('period_locked', `The month ${month} of "${entityRef}" is locked; unlock it first, with a reason.`)

const accruing = (month: string) =>
  conflict(
    'accruals_going_on',
    `What was earned by the end of ${month} and is on no invoice yet is still being counted; ask again in some minutes.`,
  )

const rateMissing = ({ currency, functionalCurrency, fxSource }: ForeignBooks, month: string) =>
  conflict(
    'fx_rate_missing',
    `There is no rate from ${currency} to ${functionalCurrency} of "${fxSource}" for ${lastDayOf(month)}, nor for the 7 days before. Import it with POST /api/fx-rates.`,
  )
