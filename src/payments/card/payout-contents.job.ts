import { findEntity } from '../../customers/customers.store.ts'
import type { EffectContext } from '../../delivery/outbox.job.ts'
import type { Minor } from '../../kernel/money.ts'
import { type Payment, paymentIdOf } from '../payment.ts'
import { findPayment } from '../payments.store.ts'
import { settleDispute } from './dispute.job.ts'
import { largestPart } from './payout.ts'
import { partsOfPayout, transactionsById } from './payouts.store.ts'
import { netOf, type ProcessorTransaction } from './processor-transaction.ts'
import { settleRefund } from './refund-card.job.ts'
import { settleIntent } from './settle.job.ts'
import {
  type BalanceTransaction,
  paymentSource,
  type StripePayout,
  stripeClient,
  type TransactionSource,
} from './stripe.client.ts'
import { isOwnFee, ownFeeOf, transactionOf } from './stripe-balance.ts'

/** What a payout is made of, as far as it is ours. */
type PayoutContents = {
  transactions: ProcessorTransaction[]
  /** Ids of those that were in the books before. */
  known: ReadonlySet<string>
  /** The net of each seller. */
  parts: Map<string, Minor>
}

/**
 * Reads the balance transactions of a payout. One that we have not heard of brings its payment, refund or dispute into
 * the books first. Another program may use the same Stripe account: its transactions are none of ours.
 */
export async function contentsOfPayout(
  context: EffectContext,
  { id }: StripePayout,
): Promise<PayoutContents> {
  const listed = await listTransactions(context, id)
  await hearOf(context, listed)
  // Read after the books were brought up to date: settling a charge records its transaction.
  const inBooks = await transactionsById(
    context.db,
    listed.map((found) => found.id),
  )
  const transactions: ProcessorTransaction[] = []
  for (const found of listed) {
    const moved = inBooks.get(found.id) ?? (await readTransaction(context, found))
    if (moved) transactions.push(moved)
  }
  const parts = new Map<string, Minor>()
  for (const moved of transactions) add(parts, moved.entityRef, netOf(moved))
  for (const found of listed) await addReturned(context, parts, found)
  const fees = await readOwnFees(context, listed, inBooks, largestPart(parts))
  for (const fee of fees) add(parts, fee.entityRef, netOf(fee))
  return { transactions: [...transactions, ...fees], known: new Set(inBooks.keys()), parts }
}

async function listTransactions({ env }: EffectContext, payout: string): Promise<BalanceTransaction[]> {
  const listed: BalanceTransaction[] = []
  const pages = stripeClient(env).balanceTransactions.list({ payout, limit: 100, expand: ['data.source'] })
  for await (const found of pages) if (found.type !== 'payout') listed.push(found)
  return listed
}

/** The oldest first, since a refund needs its charge. */
async function hearOf(context: EffectContext, listed: readonly BalanceTransaction[]): Promise<void> {
  const known = await transactionsById(
    context.db,
    listed.map(({ id }) => id),
  )
  for (const found of listed.filter(({ id }) => !known.has(id)).reverse()) {
    const source = paymentSource(found)
    if (source) await settleSource(context, source)
  }
}

async function settleSource(
  context: EffectContext,
  { object, id, intent }: TransactionSource & { intent: string },
): Promise<void> {
  await settleIntent(context, intent)
  if (object === 'refund') await settleRefund(context, id)
  if (object === 'dispute') await settleDispute(context, id)
}

async function readTransaction(
  { db, now }: EffectContext,
  found: BalanceTransaction,
): Promise<ProcessorTransaction | undefined> {
  const source = paymentSource(found)
  const payment = source && (await findPayment(db, paymentIdOf('card', source.intent)))?.payment
  if (!source || !payment) return undefined
  return transactionOf(found, source, payment, { timezone: await zoneOf(db, payment), now })
}

async function readOwnFees(
  { db, now }: EffectContext,
  listed: readonly BalanceTransaction[],
  inBooks: ReadonlyMap<string, ProcessorTransaction>,
  entityRef: string | undefined,
): Promise<ProcessorTransaction[]> {
  if (entityRef === undefined) return []
  const timezone = await zoneOf(db, { entityRef })
  return listed
    .filter((found) => isOwnFee(found) && !inBooks.has(found.id))
    .map((found) => ownFeeOf(found, entityRef, { timezone, now }))
}

/** An earlier payout that the bank refused is part of this one: each seller's money comes again. */
async function addReturned(
  { db }: EffectContext,
  parts: Map<string, Minor>,
  { type, source }: BalanceTransaction,
): Promise<void> {
  if ((type !== 'payout_failure' && type !== 'payout_cancel') || !source) return
  const returned = await partsOfPayout(db, typeof source === 'string' ? source : source.id)
  for (const { entityRef, amount } of returned) add(parts, entityRef, amount)
}

const add = (parts: Map<string, Minor>, entityRef: string, amount: Minor): void =>
  void parts.set(entityRef, (parts.get(entityRef) ?? 0n) + amount)

const zoneOf = async (db: EffectContext['db'], { entityRef }: Pick<Payment, 'entityRef'>): Promise<string> =>
  (await findEntity(db, entityRef))?.timezone ?? 'UTC'
