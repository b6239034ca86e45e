import { and, eq, gt, gte, lt, sql } from 'drizzle-orm'
import { legalEntities } from '../customers/customers.schema.ts'
import { invoices } from '../invoicing/invoicing.schema.ts'
import { openAmount } from '../invoicing/settlement.store.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import type { Db, Statement } from '../storage/db.store.ts'
import { overdueTold, unannouncedEvents, webhooks } from './webhooks.schema.ts'

/** A seller, and the day before which all that was due is told; null while nothing was told yet. */
export type Teller = { entityRef: string; timezone: string; dueBefore: LocalDate | null }

/** The sellers, while there is anybody to tell. */
export const tellers = (db: Db): Promise<Teller[]> =>
  db
    .select({
      entityRef: legalEntities.ref,
      timezone: legalEntities.timezone,
      dueBefore: overdueTold.dueBefore,
    })
    .from(legalEntities)
    .leftJoin(overdueTold, eq(overdueTold.entityRef, legalEntities.ref))
    .where(sql`EXISTS (SELECT 1 FROM ${webhooks})`)

/** Tells of the invoices that were due from one day on and before another, and are open. */
export const tellOverdueOf = (db: Db, entityRef: string, from: LocalDate, before: LocalDate): Statement =>
  db
    .insert(unannouncedEvents)
    .select(
      db
        .select({
          type: sql`'invoice.overdue'`.as('type'),
          sourceId: invoices.id,
          subjectId: sql`${invoices.id}`.as('subject_id'),
          at: sql`NULL`.as('at'),
        })
        .from(invoices)
        .where(
          and(
            eq(invoices.entityRef, entityRef),
            gte(invoices.dueDate, from),
            lt(invoices.dueDate, before),
            gt(openAmount, 0),
          ),
        ),
    )
    .onConflictDoNothing()

export const noteTold = (db: Db, entityRef: string, dueBefore: LocalDate): Statement =>
  db
    .insert(overdueTold)
    .values({ entityRef, dueBefore })
    .onConflictDoUpdate({ target: overdueTold.entityRef, set: { dueBefore } })
