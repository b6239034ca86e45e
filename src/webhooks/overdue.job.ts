import type { Env } from '../env.ts'
import { type Instant, localDate } from '../kernel/calendar.ts'
import { commit, openDb } from '../storage/db.store.ts'
import { noteTold, tellers, tellOverdueOf } from './overdue.store.ts'

/**
 * Tells of the invoices whose due date has passed, once a day for each seller, when the day is over where it keeps its
 * books. Days that no tick saw are made up for; what was overdue before there was a webhook is not told.
 */
export async function tellOverdue(env: Env, now: Instant): Promise<void> {
  const db = openDb(env.DB)
  for (const { entityRef, timezone, dueBefore } of await tellers(db)) {
    const today = localDate(now, timezone)
    if (dueBefore !== null && dueBefore >= today) continue
    await commit(db, [
      ...(dueBefore === null ? [] : [tellOverdueOf(db, entityRef, dueBefore, today)]),
      noteTold(db, entityRef, today),
    ])
  }
}
