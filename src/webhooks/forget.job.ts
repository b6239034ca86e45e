import { inArray, lt } from 'drizzle-orm'
import { outbox } from '../delivery/delivery.schema.ts'
import type { Env } from '../env.ts'
import type { Instant } from '../kernel/calendar.ts'
import { commit, openDb } from '../storage/db.store.ts'
import { webhookAttempts, webhookDeliveries, webhookEvents } from './webhooks.schema.ts'

/** How long a message can be looked at, and sent again. */
const KEPT_MS = 30 * 86_400_000

/** Forgets messages of old, what came of them, and what still waits for a webhook that stayed paused. */
export async function forgetDeliveries(env: Env, now: Instant): Promise<void> {
  const db = openDb(env.DB)
  const until = now - KEPT_MS
  const old = lt(webhookDeliveries.createdAt, until)
  await commit(db, [
    db.delete(webhookAttempts).where(lt(webhookAttempts.at, until)),
    db
      .delete(outbox)
      .where(inArray(outbox.id, db.select({ id: webhookDeliveries.id }).from(webhookDeliveries).where(old))),
    db.delete(webhookDeliveries).where(old),
    db.delete(webhookEvents).where(lt(webhookEvents.createdAt, until)),
  ])
}
