import type { Env } from '../env.ts'
import type { Instant } from '../kernel/calendar.ts'
import { commit, type Db, openDb } from '../storage/db.store.ts'
import { announcementOf, type Happening } from './announce.ts'
import { writeDeliveries } from './deliveries.store.ts'
import { EVENTS, type SubjectKind } from './event-type.ts'
import type { Subject } from './subject.store.ts'
import { readSubjects } from './subjects.store.ts'
import { takeAway, type Unannounced, unannounced } from './unannounced.store.ts'
import { allWebhooks } from './webhooks.store.ts'

const PAGE = 100
const PAGES_MAX = 20

/**
 * Turns what has happened into messages and their deliveries, and takes it off the list in the same batch: what commits
 * twice makes the same rows, what does not commit is found again.
 */
export async function announceEvents(env: Env, now: Instant): Promise<void> {
  const db = openDb(env.DB)
  for (let page = 0; page < PAGES_MAX; page++) {
    const found = await unannounced(db, PAGE)
    if (found.length === 0) return
    await announce(db, found, now)
    if (found.length < PAGE) return
  }
}

async function announce(db: Db, found: readonly Unannounced[], now: Instant): Promise<void> {
  const [happenings, webhooks] = await Promise.all([withSubjects(db, found, now), allWebhooks(db)])
  await commit(db, [
    ...writeDeliveries(db, announcementOf(happenings, webhooks, now), now),
    takeAway(db, found),
  ])
}

/** One whose subject is not there is left out: nothing that is told of is ever deleted. */
async function withSubjects(db: Db, found: readonly Unannounced[], now: Instant): Promise<Happening[]> {
  const byKind = Map.groupBy(found, ({ type }) => EVENTS[type].about)
  const read = await Promise.all(
    [...byKind].map(async ([kind, rows]): Promise<[SubjectKind, Map<string, Subject>]> => {
      const ids = [...new Set(rows.map(({ subjectId }) => subjectId))]
      return [kind, await readSubjects(db, kind, ids)]
    }),
  )
  const subjects = new Map(read)
  return found.flatMap(({ type, sourceId, subjectId, at }) => {
    const subject = subjects.get(EVENTS[type].about)?.get(subjectId)
    return subject ? [{ type, sourceId, at: at ?? now, subject }] : []
  })
}
