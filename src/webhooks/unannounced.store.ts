import { asc, sql } from 'drizzle-orm'
import { type Db, inTuples, type Statement } from '../storage/db.store.ts'
import { unannouncedEvents } from './webhooks.schema.ts'

export type Unannounced = typeof unannouncedEvents.$inferSelect

/** What has happened and nobody was told of yet, in the order in which it happened. */
export const unannounced = (db: Db, limit: number): Promise<Unannounced[]> =>
  db.select().from(unannouncedEvents).orderBy(asc(sql`rowid`)).limit(limit)

export const takeAway = (db: Db, rows: readonly Unannounced[]): Statement =>
  db.delete(unannouncedEvents).where(
    inTuples(
      [unannouncedEvents.type, unannouncedEvents.sourceId],
      rows.map(({ type, sourceId }) => [type, sourceId]),
    ),
  )

export const countUnannounced = (db: Db): Promise<number> => db.$count(unannouncedEvents)
