import type { Env } from '../env.ts'
import { postEntries } from '../ledger/ledger.store.ts'
import { commit, type Db, isUniqueViolation, openDb, type Statement } from '../storage/db.store.ts'
import { planSchedule, recognitionEntry } from './recognition.ts'
import { insertSchedules, linesToSchedule, markPosted, monthsToPost } from './revenue.store.ts'

/** Lines or months in one batch, and batches in one run; what is left over waits for the next run. */
const PAGE_ROWS = 200
const PAGES_MAX = 50

/**
 * Gives every new invoice line its revenue schedule, then posts the months that are over. Two runs at once, or one run
 * twice, post each month once: a batch that meets another run's rows is dropped whole, and what is left is read again.
 */
export async function recogniseRevenue(env: Env, now: number): Promise<void> {
  const db = openDb(env.DB)
  await inPages(db, () => schedulePage(db, now))
  await inPages(db, () => postPage(db, now))
}

async function schedulePage(db: Db, now: number): Promise<Statement[]> {
  const lines = await linesToSchedule(db, PAGE_ROWS)
  return lines.length === 0
    ? []
    : insertSchedules(
        db,
        lines.map((line) => planSchedule(line, now)),
      )
}

async function postPage(db: Db, now: number): Promise<Statement[]> {
  const due = await monthsToPost(db, now, PAGE_ROWS)
  if (due.length === 0) return []
  const entries = due.map((month) => recognitionEntry(month, now))
  const monthIds = due.map(({ id }) => id)
  return [...postEntries(db, entries), markPosted(db, monthIds, now)]
}

/** Commits page after page until one has nothing to do. */
async function inPages(db: Db, planPage: () => Promise<Statement[]>): Promise<void> {
  for (let page = 0; page < PAGES_MAX; page++) {
    const statements = await planPage()
    if (statements.length === 0) return
    try {
      await commit(db, statements)
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
    }
  }
}
