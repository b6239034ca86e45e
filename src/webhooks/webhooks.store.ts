import { asc, eq, inArray, isNotNull, or, sql } from 'drizzle-orm'
import type { Page, Paged } from '../kernel/page.ts'
import { type Db, insertRows, type Statement } from '../storage/db.store.ts'
import { newestFirst } from '../storage/newest-first.store.ts'
import type { Webhook } from './webhook.ts'
import { overdueTold, webhookAttempts, webhookDeliveries, webhooks } from './webhooks.schema.ts'

export const allWebhooks = (db: Db): Promise<Webhook[]> =>
  db.select().from(webhooks).orderBy(asc(webhooks.createdAt), asc(webhooks.ref))

export async function findWebhook(db: Db, ref: string): Promise<Webhook | undefined> {
  const [webhook] = await db.select().from(webhooks).where(eq(webhooks.ref, ref))
  return webhook
}

export const listWebhooks = (db: Db, page: Page): Promise<Paged<Webhook>> => newestFirst(db, webhooks, page)

export const insertWebhook = (db: Db, webhook: Webhook): Statement[] => insertRows(db, webhooks, [webhook])

export const updateWebhook = (db: Db, ref: string, changes: Partial<Webhook>): Statement =>
  db.update(webhooks).set(changes).where(eq(webhooks.ref, ref))

/** With all that was sent to it; what is on its way finds nothing to do. */
export const removeWebhook = (db: Db, ref: string): Statement[] => {
  const deliveries = db
    .select({ id: webhookDeliveries.id })
    .from(webhookDeliveries)
    .where(eq(webhookDeliveries.webhookRef, ref))
  return [
    db.delete(webhookAttempts).where(inArray(webhookAttempts.deliveryId, deliveries)),
    db.delete(webhookDeliveries).where(eq(webhookDeliveries.webhookRef, ref)),
    db.delete(webhooks).where(eq(webhooks.ref, ref)),
    // The first webhook after the last begins anew, and hears nothing of the time between.
    db.delete(overdueTold).where(sql`NOT EXISTS (SELECT 1 FROM webhooks)`),
  ]
}

/** Those through which nothing gets, or that were paused for it: a person has to look. */
export const troubledWebhooks = (db: Db): Promise<Webhook[]> =>
  db
    .select()
    .from(webhooks)
    .where(or(isNotNull(webhooks.failingSince), inArray(webhooks.pausedBy, ['gone', 'failing'])))
    .orderBy(asc(webhooks.ref))
