import { and, eq, isNotNull, isNull, ne, sql } from 'drizzle-orm'
import { sum } from '../../kernel/money.ts'
import { fxRates } from '../../ledger/fx/fx.schema.ts'
import { TOKEN_SOURCE } from '../../ledger/fx/rate.ts'
import { type Db, insertRows, type Statement } from '../../storage/db.store.ts'
import type { Payment } from '../payment.ts'
import { payments } from '../payments.schema.ts'
import { refunds } from '../refunds.schema.ts'
import { tokenReceipts } from './crypto.schema.ts'
import type { HeldTokens, TokenReceipt, Valuation } from './fair-value.ts'

/** The tokens of a payment, at par until a rate is known. */
export const insertReceipt = (db: Db, token: string, payment: Payment): Statement[] =>
  insertRows(db, tokenReceipts, [
    {
      paymentId: payment.id,
      token: token.toUpperCase(),
      currency: payment.currency,
      receivedOn: payment.receivedOn,
      amount: payment.amount,
    },
  ])

/** Tokens at par whose rate of the day they came is known by now. */
export const receiptsToValue = (
  db: Db,
  limit: number,
): Promise<{ receipt: TokenReceipt; payment: Payment; rate: string }[]> =>
  db
    .select({ receipt: tokenReceipts, payment: payments, rate: fxRates.rate })
    .from(fxRates)
    .innerJoin(
      tokenReceipts,
      and(
        eq(tokenReceipts.receivedOn, fxRates.date),
        eq(tokenReceipts.token, fxRates.base),
        eq(tokenReceipts.currency, fxRates.quote),
        isNull(tokenReceipts.fairValue),
      ),
    )
    .innerJoin(payments, eq(payments.id, tokenReceipts.paymentId))
    .where(eq(fxRates.source, TOKEN_SOURCE))
    .limit(limit)

/** A trigger refuses it where tokens left meanwhile, or another run was faster. */
export const keepValuation = (db: Db, paymentId: string, valuation: Valuation): Statement =>
  db.update(tokenReceipts).set(valuation).where(eq(tokenReceipts.paymentId, paymentId))

/** What of a payment was paid back at par, minor units. */
export async function refundedAtPar(db: Db, paymentId: string): Promise<bigint> {
  const rows = await db
    .select({ amount: refunds.amount })
    .from(refunds)
    .where(and(ofPayment(paymentId), isNull(refunds.carried)))
  return sum(rows.map(({ amount }) => amount))
}

/** What is left of the tokens of a payment; undefined where they stand at par. */
export async function heldTokens(db: Db, paymentId: string): Promise<HeldTokens | undefined> {
  const [receipt] = await db.select().from(tokenReceipts).where(eq(tokenReceipts.paymentId, paymentId))
  if (receipt?.fairValue == null) return undefined
  const left = await db
    .select({ amount: refunds.amount, carried: refunds.carried })
    .from(refunds)
    .where(and(ofPayment(paymentId), isNotNull(refunds.carried)))
  return {
    amount: (receipt.valued ?? 0n) - sum(left.map(({ amount }) => amount)),
    carried: receipt.fairValue - sum(left.map(({ carried }) => carried ?? 0n)),
  }
}

const ofPayment = (paymentId: string) =>
  and(eq(refunds.paymentId, paymentId), ne(refunds.state, sql`'failed'`))
