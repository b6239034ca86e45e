import type { Hono } from 'hono'
import type Stripe from 'stripe'
import { type Call, endpoint, type StandInEnv } from './call.ts'
import { noSuch } from './fault.ts'
import { stripeId } from './ids.ts'
import { listFields, listPage } from './list.ts'
import { params, text } from './params.ts'

/** What a card payment costs: 2.9 % and 30 of the smallest unit, as Stripe's list price in the United States. */
const FEE = { permille: 29, fixed: 30 }

const listParams = params({
  ...listFields,
  payout: text.optional(),
  source: text.optional(),
  type: text.optional(),
})

export function mountBalance(app: Hono<StandInEnv>): void {
  app.get(
    '/v1/balance_transactions',
    endpoint(listParams, ({ tables }, given) =>
      listPage(
        tables.balanceTransactions
          .all()
          .filter(({ id }) => given.payout === undefined || tables.payoutOf.get(id)?.payout === given.payout)
          .filter(({ source }) => given.source === undefined || source === given.source)
          .filter(({ type }) => given.type === undefined || type === given.type),
        '/v1/balance_transactions',
        'balance_transaction',
        given,
      ),
    ),
  )
  app.get(
    '/v1/balance_transactions/:id',
    endpoint(params({}), ({ tables }, _, id) => {
      const transaction = tables.balanceTransactions.get(id)
      if (!transaction) throw noSuch('balance_transaction', id)
      return transaction
    }),
  )
}

export const cardFee = (amount: number): number => Math.round((amount * FEE.permille) / 1000) + FEE.fixed

type Movement = Pick<Stripe.BalanceTransaction, 'type' | 'amount' | 'currency' | 'reporting_category'> & {
  source: string
  description: string
  fee?: { amount: number; description: string }
}

/** Moves money on the balance; it is available at once. */
export function moveBalance(
  { tables, now }: Pick<Call, 'tables' | 'now'>,
  { fee, ...movement }: Movement,
): Stripe.BalanceTransaction {
  const { currency } = movement
  return tables.balanceTransactions.put({
    ...movement,
    id: stripeId('txn'),
    object: 'balance_transaction',
    available_on: now,
    balance_type: 'payments',
    created: now,
    exchange_rate: null,
    fee: fee?.amount ?? 0,
    fee_details: fee ? [{ ...fee, application: null, currency, type: 'stripe_fee' }] : [],
    net: movement.amount - (fee?.amount ?? 0),
    status: 'available',
  })
}
