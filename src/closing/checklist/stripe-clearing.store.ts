import { type SQL, sql } from 'drizzle-orm'
import { creditGrants, creditMovements } from '../../credits/credits.schema.ts'
import { disputes } from '../../payments/card/disputes.schema.ts'
import { payouts, processorTransactions } from '../../payments/card/payouts.schema.ts'
import { payments } from '../../payments/payments.schema.ts'
import { refunds } from '../../payments/refunds.schema.ts'

/**
 * What our balance at Stripe has to be by the facts: payments, refunds and disputes, whose balance transactions may be
 * told much later; the fees and conversions of those that were; less the payouts that arrived. Credit that people say was
 * paid there counts, too. (Five SELECTs are as many as D1 takes in a compound.)
 */
export const balanceAtStripe = (entityRef: string): SQL => sql`
  SELECT currency, amount
    - (SELECT COALESCE(SUM(refunds.amount), 0)
       FROM ${refunds} WHERE payment_id = payments.id AND state <> 'failed')
    - (SELECT COALESCE(SUM(fee + IIF(state = 'won', 0, disputes.amount)), 0)
       FROM ${disputes} WHERE payment_id = payments.id) AS amount
  FROM ${payments} WHERE rail = 'card' AND entity_ref = ${entityRef}
  UNION ALL
  SELECT currency, IIF(origin_currency = currency, 0, amount) - fee
  FROM ${processorTransactions} WHERE entity_ref = ${entityRef}
  UNION ALL
  SELECT origin_currency, -origin_amount
  FROM ${processorTransactions} WHERE entity_ref = ${entityRef} AND origin_currency <> currency
  UNION ALL
  SELECT currency, -amount
  FROM ${payouts} WHERE entity_ref = ${entityRef} AND paid_at IS NOT NULL AND returned_at IS NULL
  UNION ALL
  SELECT currency, IIF(source = 'granted', cost_basis, 0)
    - (SELECT COALESCE(SUM(released), 0)
       FROM ${creditMovements} WHERE grant_ref = credit_grants.ref AND settlement = 'refund')
  FROM ${creditGrants} WHERE entity_ref = ${entityRef} AND money_account = 'stripe_clearing'`
