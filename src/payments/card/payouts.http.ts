import { z } from '@hono/zod-openapi'
import { instantOut, moneyOut, pageQuery, refField } from '../../http/fields.http.ts'
import { type Instant, toIso } from '../../kernel/calendar.ts'
import { formatMoney } from '../../kernel/money.ts'
import { PAYOUT_STATES, type Payout } from './payout.ts'
import type { MovedWith } from './payouts.store.ts'

export const payoutsQuery = pageQuery.extend({
  entity_ref: refField.optional(),
  state: z.enum(PAYOUT_STATES).optional(),
})

export const payoutSchema = z
  .object({
    payout_id: z.string(),
    processor_ref: z
      .string()
      .openapi({ description: "Stripe's id; a payout of several sellers is one each" }),
    entity_ref: z.string(),
    currency: z.string(),
    amount: moneyOut.openapi({ description: "This seller's part" }),
    total: moneyOut.openapi({ description: 'What arrives at the bank, for all sellers together' }),
    state: z.enum(PAYOUT_STATES),
    arrives_on: z.string().openapi({ format: 'date' }),
    descriptor: z.string().nullable().openapi({ description: 'What the bank statement says of it' }),
    transactions: z.object({ count: z.int(), amount: moneyOut, fees: moneyOut, net: moneyOut }).openapi({
      description:
        'What it is made of; the fee of a dispute and an earlier payout that came back are in the amount alone',
    }),
    recorded_at: instantOut,
    paid_at: instantOut.nullable(),
    returned_at: instantOut.nullable(),
  })
  .openapi('Payout')

const instantOr = (at: Instant | null): string | null => (at === null ? null : toIso(at))

export const showPayout = (payout: Payout, moved: MovedWith): z.infer<typeof payoutSchema> => ({
  payout_id: payout.id,
  processor_ref: payout.processorRef,
  entity_ref: payout.entityRef,
  currency: payout.currency,
  amount: formatMoney(payout.amount, payout.currency),
  total: formatMoney(payout.total, payout.currency),
  state: payout.state,
  arrives_on: payout.arrivesOn,
  descriptor: payout.descriptor,
  transactions: {
    count: moved.count,
    amount: formatMoney(moved.amount, payout.currency),
    fees: formatMoney(moved.fees, payout.currency),
    net: formatMoney(moved.amount - moved.fees, payout.currency),
  },
  recorded_at: toIso(payout.recordedAt),
  paid_at: instantOr(payout.paidAt),
  returned_at: instantOr(payout.returnedAt),
})
