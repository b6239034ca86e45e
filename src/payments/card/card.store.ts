import { and, asc, eq, isNull } from 'drizzle-orm'
import { customers } from '../../customers/customers.schema.ts'
import type { Db, Statement } from '../../storage/db.store.ts'
import { insertRows } from '../../storage/db.store.ts'
import { payments } from '../payments.schema.ts'
import type { AttemptResult } from './attempt.ts'
import { cardAttempts, checkoutSessions, stripeEvents } from './card.schema.ts'

export type CardAttempt = typeof cardAttempts.$inferSelect
export type CheckoutRow = typeof checkoutSessions.$inferSelect
type StripeEventRow = typeof stripeEvents.$inferSelect

/** Keeps an event; the batch fails with a UNIQUE violation when it is known already. */
export const keepStripeEvent = (db: Db, event: StripeEventRow): Statement[] =>
  insertRows(db, stripeEvents, [event])

export async function findStripeEvent(db: Db, id: string): Promise<StripeEventRow | undefined> {
  const [row] = await db.select().from(stripeEvents).where(eq(stripeEvents.id, id))
  return row
}

/** The attempts at an invoice, the oldest first. */
export const cardAttemptsOfInvoice = (db: Db, invoiceId: string): Promise<CardAttempt[]> =>
  db
    .select()
    .from(cardAttempts)
    .where(eq(cardAttempts.invoiceId, invoiceId))
    .orderBy(asc(cardAttempts.attemptNo))

export async function attemptOfIntent(db: Db, intentId: string): Promise<CardAttempt | undefined> {
  const [row] = await db.select().from(cardAttempts).where(eq(cardAttempts.paymentIntentId, intentId))
  return row
}

/** Begins an attempt; who comes second for the same number changes nothing. */
export const beginAttempt = (db: Db, attempt: CardAttempt): Statement[] =>
  insertRows(db, cardAttempts, [attempt], { ignoreExisting: true })

export const nameIntent = (db: Db, attempt: CardAttempt, paymentIntentId: string): Statement =>
  db.update(cardAttempts).set({ paymentIntentId }).where(thisAttempt(attempt))

/** Writes the outcome of an attempt; one that has an outcome keeps it. */
export const closeAttempt = (db: Db, attempt: CardAttempt, result: AttemptResult): Statement =>
  db
    .update(cardAttempts)
    .set(result)
    .where(and(thisAttempt(attempt), eq(cardAttempts.outcome, 'pending')))

export const sessionsOfInvoice = (db: Db, invoiceId: string): Promise<CheckoutRow[]> =>
  db
    .select()
    .from(checkoutSessions)
    .where(eq(checkoutSessions.invoiceId, invoiceId))
    .orderBy(asc(checkoutSessions.createdAt))

export const keepSession = (db: Db, session: CheckoutRow): Statement[] =>
  insertRows(db, checkoutSessions, [session], { ignoreExisting: true })

export const markSession = (db: Db, id: string, state: CheckoutRow['state']): Statement =>
  db.update(checkoutSessions).set({ state }).where(eq(checkoutSessions.id, id))

/** True when the money of a PaymentIntent is in the books. */
export async function isBooked(db: Db, intentId: string): Promise<boolean> {
  const [row] = await db
    .select({ id: payments.id })
    .from(payments)
    .where(and(eq(payments.rail, 'card'), eq(payments.externalKey, intentId)))
  return row !== undefined
}

/** Makes a customer known under Stripe's id; the first id stays. */
export const nameStripeCustomer = (db: Db, customerRef: string, stripeCustomerId: string): Statement =>
  db
    .update(customers)
    .set({ stripeCustomerId })
    .where(and(eq(customers.ref, customerRef), isNull(customers.stripeCustomerId)))

/** Keeps the card that a customer agreed to have charged later. */
export const rememberCard = (
  db: Db,
  customerRef: string,
  card: { stripeCustomerId: string; stripePaymentMethodId: string },
): Statement => db.update(customers).set(card).where(eq(customers.ref, customerRef))

const thisAttempt = ({ invoiceId, attemptNo }: CardAttempt) =>
  and(eq(cardAttempts.invoiceId, invoiceId), eq(cardAttempts.attemptNo, attemptNo))
