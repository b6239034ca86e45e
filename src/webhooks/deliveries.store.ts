import { and, asc, eq, sql } from 'drizzle-orm'
import { outbox } from '../delivery/delivery.schema.ts'
import { enqueue } from '../delivery/outbox.store.ts'
import type { Instant } from '../kernel/calendar.ts'
import type { Page, Paged } from '../kernel/page.ts'
import { type Db, inList, insertRows, type Statement } from '../storage/db.store.ts'
import { newestFirst } from '../storage/newest-first.store.ts'
import type { Announcement, Delivery } from './announce.ts'
import type { Verdict } from './attempt.ts'
import type { Webhook } from './webhook.ts'
import { webhookAttempts, webhookDeliveries, webhookEvents, webhooks } from './webhooks.schema.ts'

export type Attempt = typeof webhookAttempts.$inferSelect
type WebhookEvent = typeof webhookEvents.$inferSelect

/** The statements that write messages with their deliveries; those that are there already stay as they are. */
export const writeDeliveries = (db: Db, announcement: Announcement, now: Instant): Statement[] => [
  ...insertRows(db, webhookEvents, announcement.events, { ignoreExisting: true }),
  ...insertRows(db, webhookDeliveries, announcement.deliveries, { ignoreExisting: true }),
  ...enqueue(db, announcement.outbox, now),
]

export type Sending = { delivery: Delivery; webhook: Webhook; event: WebhookEvent }

/** A delivery with its message and where it goes. */
export async function findSending(db: Db, id: string): Promise<Sending | undefined> {
  const [sending] = await db
    .select({ delivery: webhookDeliveries, webhook: webhooks, event: webhookEvents })
    .from(webhookDeliveries)
    .innerJoin(webhooks, eq(webhooks.ref, webhookDeliveries.webhookRef))
    .innerJoin(webhookEvents, eq(webhookEvents.id, webhookDeliveries.eventId))
    .where(eq(webhookDeliveries.id, id))
  return sending
}

/** What came of an attempt: the attempt itself, the delivery after it, and how its webhook stands. */
export function writeVerdict(
  db: Db,
  { delivery, webhook }: Sending,
  attempt: Attempt,
  { state, failingSince, restsUntil, pause }: Verdict,
): Statement[] {
  const { id, attempts } = delivery
  return [
    ...insertRows(db, webhookAttempts, [attempt], { ignoreExisting: true }),
    db
      .update(webhookDeliveries)
      .set({ state, attempts: attempts + 1 })
      .where(eq(webhookDeliveries.id, id)),
    ...(failingSince === webhook.failingSince && restsUntil === webhook.restsUntil && pause === null
      ? []
      : [
          db
            .update(webhooks)
            .set({ failingSince, restsUntil, ...(pause && { state: 'paused' as const, pausedBy: pause }) })
            .where(eq(webhooks.ref, webhook.ref)),
        ]),
  ]
}

/** A delivery as it is listed; `dueAt` is when it is tried next, null when it is not. */
export type ListedDelivery = Delivery &
  Pick<WebhookEvent, 'type' | 'body'> & {
    dueAt: Instant | null
    tried: Attempt[]
  }

/** The deliveries of a webhook with their attempts, the last made first. */
export async function listDeliveries(
  db: Db,
  webhookRef: string,
  page: Page & { state?: Delivery['state'] | undefined },
): Promise<Paged<ListedDelivery>> {
  const { state } = webhookDeliveries
  const { rows, nextCursor } = await newestFirst(
    db,
    webhookDeliveries,
    page,
    and(eq(webhookDeliveries.webhookRef, webhookRef), page.state && eq(state, page.state)),
  )
  return { rows: await withAttempts(db, rows), nextCursor }
}

export async function findDelivery(
  db: Db,
  webhookRef: string,
  id: string,
): Promise<ListedDelivery | undefined> {
  const found = await db
    .select()
    .from(webhookDeliveries)
    .where(and(eq(webhookDeliveries.webhookRef, webhookRef), eq(webhookDeliveries.id, id)))
  return (await withAttempts(db, found))[0]
}

async function withAttempts(db: Db, rows: readonly Delivery[]): Promise<ListedDelivery[]> {
  const ids = rows.map(({ id }) => id)
  const [told, tried] = await Promise.all([
    db
      .select({ id: webhookDeliveries.id, type: webhookEvents.type, body: webhookEvents.body, dueAt: DUE_AT })
      .from(webhookDeliveries)
      .innerJoin(webhookEvents, eq(webhookEvents.id, webhookDeliveries.eventId))
      .where(inList(webhookDeliveries.id, ids)),
    db
      .select()
      .from(webhookAttempts)
      .where(inList(webhookAttempts.deliveryId, ids))
      .orderBy(asc(webhookAttempts.at)),
  ])
  const attemptsOf = Map.groupBy(tried, ({ deliveryId }) => deliveryId)
  const toldOf = new Map(told.map((row) => [row.id, row]))
  return rows.flatMap((row) => {
    const about = toldOf.get(row.id)
    return about ? [{ ...row, ...about, tried: attemptsOf.get(row.id) ?? [] }] : []
  })
}

const DUE_AT = sql<number | null>`(SELECT due_at FROM outbox
  WHERE outbox.id = webhook_deliveries.id AND outbox.state = 'waiting')`

/** Begins deliveries anew: one, or all of a webhook that wait. */
export function sendAnew(db: Db, which: { id: string } | { waitingFor: string }, now: Instant): Statement[] {
  const chosen =
    'id' in which
      ? eq(webhookDeliveries.id, which.id)
      : and(eq(webhookDeliveries.webhookRef, which.waitingFor), eq(webhookDeliveries.state, 'waiting'))
  return [
    db.update(webhookDeliveries).set({ state: 'waiting', attempts: 0 }).where(chosen),
    db
      .insert(outbox)
      .select(
        sql`SELECT id, 'webhook', json_object('deliveryId', id), 'waiting', 0, ${now}, NULL, NULL, ${now}, NULL
          FROM webhook_deliveries WHERE ${chosen}`,
      )
      .onConflictDoUpdate({
        target: outbox.id,
        set: { state: 'waiting', dueAt: now, dispatchedAt: null, doneAt: null },
      }),
  ]
}
