import type { Env } from '../env.ts'
import { postEntries } from '../ledger/ledger.store.ts'
import { closedPeriods, isPeriodClosed } from '../ledger/periods.store.ts'
import { commit, type Db, isUniqueViolation, openDb, type Statement } from '../storage/db.store.ts'
import { planPage } from './accounting.job.ts'
import { settledBy, settleLeft } from './accrual/settle.job.ts'
import { linesToSchedule } from './billed-services.store.ts'
import { requireJudged } from './criteria.store.ts'
import { otherBookId, planSchedules } from './line-schedule.ts'
import { recognitionEntry, type UnscheduledLine } from './recognition.ts'
import {
  entriesToPost,
  insertSchedules,
  isPlanChanged,
  markPosted,
  postedOfSchedules,
  withdrawLines,
} from './revenue.store.ts'

/** Lines read for one commit, and the schedule entries that it writes: a year paid in advance has 365. */
const PAGE_LINES = 100
const PAGE_SCHEDULE_ENTRIES = 4_000
/** Schedule entries posted in one commit. */
const PAGE_POSTED = 1_000
/** Commits of each kind in one run; what is left over waits for the next run. */
const PAGES_MAX = 50

/**
 * Plans contracts that were signed, amended or told of, gives every other invoice line its revenue schedule in place of
 * what was accrued for it, then posts the portions whose day is over. Two runs at once, or one
 * run twice, post each portion once: a batch that meets another run's rows is dropped whole, and what is left is read
 * again. Answers `more` when it has stopped at its bound.
 */
export async function recogniseRevenue(env: Env, now: number): Promise<'done' | 'more'> {
  const db = openDb(env.DB)
  const planned = await inPages(db, () => planPage(db, now))
  const scheduled = await inPages(db, () => schedulePage(db, now))
  const settled = await inPages(db, () => settleLeft(db))
  const posted = await inPages(db, () => postPage(db, now))
  return planned && scheduled && settled && posted ? 'done' : 'more'
}

async function schedulePage(db: Db, now: number): Promise<Statement[]> {
  const lines = await linesToSchedule(db, PAGE_LINES)
  if (lines.length === 0) return []
  const [covered, others] = [lines.filter((line) => line.isCovered), lines.filter((line) => !line.isCovered)]
  const posted = await postedOfSchedules(db, idsOfJudged(others))
  const plans = planSchedules(others, { now, entriesMax: PAGE_SCHEDULE_ENTRIES, posted })
  const done = [...covered.map(({ lineId }) => lineId), ...plans.map(({ schedule }) => schedule.lineId)]
  const written = lines.filter(({ lineId }) => done.includes(lineId))
  return [
    ...withdrawLines(db, idsOfJudged(written), posted),
    ...insertSchedules(db, plans, done),
    ...(await settledBy(db, written)),
    requireJudged(db, written),
  ]
}

/** The schedules, in both books, of lines that may have been planned before the criteria were judged. */
const idsOfJudged = (lines: readonly UnscheduledLine[]): string[] =>
  lines.filter(({ unmet }) => unmet).flatMap(({ lineId }) => [lineId, otherBookId(lineId)])

async function postPage(db: Db, now: number): Promise<Statement[]> {
  const due = await entriesToPost(db, now, PAGE_POSTED)
  if (due.length === 0) return []
  const entries = due.map((entry) => recognitionEntry(entry, now))
  const closed = await closedPeriods(
    db,
    due.map(({ entityRef }) => entityRef),
  )
  const entryIds = due.map(({ id }) => id)
  return [...postEntries(db, entries, closed), ...markPosted(db, entryIds, now)]
}

/** Commits page after page; true when there was nothing left to do, false when the bound came first. */
async function inPages(db: Db, planPage: () => Promise<Statement[]>): Promise<boolean> {
  for (let page = 0; page < PAGES_MAX; page++) {
    const statements = await planPage()
    if (statements.length === 0) return true
    try {
      await commit(db, statements)
    } catch (error) {
      if (!isUniqueViolation(error) && !isPeriodClosed(error) && !isPlanChanged(error)) throw error
    }
  }
  return false
}
