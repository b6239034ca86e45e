import type { Env } from '../../env.ts'
import { addDays, firstOfMonth, type Instant, type LocalDate, localDate } from '../../kernel/calendar.ts'
import { commit, isUniqueViolation, openDb } from '../../storage/db.store.ts'
import { countMonthEnd, lastMonthEnds, lastNumbers } from './month-ends.store.ts'

/** What a month's end posts has mostly come by then; what comes later is counted apart, until the next month end. */
const WAIT_MS = 24 * 60 * 60_000

/**
 * Counts what the accounts of each legal entity hold at the end of the last month that is over, a day later: closes and
 * reports begin there instead of with the first entry. One read where that is done.
 */
export async function countMonthEnds(env: Env, now: Instant): Promise<void> {
  const db = openDb(env.DB)
  for (const { ref: entityRef, timezone, day: counted } of await lastMonthEnds(db)) {
    const day = monthEndBefore(localDate(now - WAIT_MS, timezone))
    if (counted !== null && counted >= day) continue
    const end = { entityRef, day, ...(await lastNumbers(db)), countedAt: now }
    try {
      await commit(db, countMonthEnd(db, end))
    } catch (error) {
      // Another run was faster.
      if (!isUniqueViolation(error)) throw error
    }
  }
}

const monthEndBefore = (today: LocalDate): LocalDate => addDays(firstOfMonth(today), -1)
