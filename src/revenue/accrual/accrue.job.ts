import type { Env } from '../../env.ts'
import {
  addDays,
  firstOfMonth,
  type Instant,
  type LocalDate,
  localDate,
  monthOf,
} from '../../kernel/calendar.ts'
import { type Db, openDb } from '../../storage/db.store.ts'
import { recogniseRevenue } from '../recognition.job.ts'
import { goThrough, MEASURED_MAX } from './accrual-pass.job.ts'
import { type AccrualPass, type Accruing, accruingEntities, movePass } from './passes.store.ts'

const HOUR_MS = 60 * 60_000
/** What the month's end makes due is invoiced first; and by then the month is over in most zones of contracts, too. */
const WAIT_MS = 12 * HOUR_MS
/** How long a pass that the cron has finished answers the close that asked for it. */
const ASKED_MS = HOUR_MS

/** Readings of a pass that another run has moved meanwhile. */
const ATTEMPTS_MAX = 5

/**
 * Accrues what has been earned by the end of the month and is on no invoice yet, half a day after each month: a bounded
 * part in each run, until all contracts have been looked at. A message lets the next run follow at once; one that is lost
 * leaves the rest to the cron. When all is done, it costs one read until the next month.
 */
export async function accrueRevenue(env: Env, now: Instant): Promise<void> {
  const db = openDb(env.DB)
  const budget = { measured: MEASURED_MAX }
  let goesOn = false
  for (const { ref, timezone, pass: kept } of await accruingEntities(db)) {
    const month = monthBefore(localDate(now - WAIT_MS, timezone))
    const due = kept && kept.month >= month ? kept : beginning(ref, month)
    if (due.doneAt !== null) continue
    const { pass, isMet } = await goThrough(env, db, { timezone, kept, pass: due }, now, budget)
    // The run that is met sends a message of its own.
    if (pass.doneAt === null && !isMet) goesOn = true
  }
  if (goesOn) await goOn(env)
}

/**
 * The same for the close of a month, with whatever usage has come by then: up to the end of the last month that is over
 * where each entity keeps its books, and posted. Answers `more` when it has stopped at its bound: it goes on by itself,
 * and to ask again tells whether it has come through.
 */
export async function accrueEntities(
  env: Env,
  now: Instant,
  entityRefs: readonly string[],
): Promise<'done' | 'more'> {
  const db = openDb(env.DB)
  await recogniseRevenue(env, now)
  const budget = { measured: MEASURED_MAX }
  let isDone = true
  for (const entityRef of entityRefs) {
    if (!(await accrueEntity(env, db, entityRef, now, budget))) isDone = false
  }
  if (!isDone) await goOn(env)
  const posted = await recogniseRevenue(env, now)
  return isDone ? posted : 'more'
}

/** True when all contracts of an entity have been looked at. */
async function accrueEntity(
  env: Env,
  db: Db,
  entityRef: string,
  now: Instant,
  budget: { measured: number },
): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const [entity] = await accruingEntities(db, [entityRef])
    if (!entity) return true
    const asked = { timezone: entity.timezone, kept: entity.pass, pass: passOfClose(entity, now) }
    const { pass, isMet } = await goThrough(env, db, asked, now, budget)
    if (isMet) continue
    if (pass.doneAt === null) return false
    if (!pass.isAwaited || (await movePass(db, pass, { ...pass, isAwaited: false }))) return true
  }
  return false
}

const goOn = (env: Env) => env.CYCLES.send({ accruals: 'go on' })

/** One that a close has asked for goes on, or has answered it; otherwise all contracts are looked at again. */
function passOfClose({ ref, timezone, pass }: Accruing, now: Instant): AccrualPass {
  const month = monthBefore(localDate(now, timezone))
  const isAsked = pass?.isAwaited && pass.month === month && now - (pass.doneAt ?? now) < ASKED_MS
  return isAsked
    ? { ...pass, isAwaited: pass.doneAt === null }
    : { ...beginning(ref, month), isAwaited: true }
}

const beginning = (entityRef: string, month: string): AccrualPass => ({
  entityRef,
  month,
  throughRef: '',
  isAwaited: false,
  doneAt: null,
})

const monthBefore = (today: LocalDate): string => monthOf(addDays(firstOfMonth(today), -1))
