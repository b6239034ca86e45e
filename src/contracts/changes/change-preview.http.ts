import { z } from '@hono/zod-openapi'
import {
  currencyField,
  dateField,
  decimalField,
  moneyOut,
  nonNegativeDecimalField,
} from '../../http/fields.http.ts'
import { decimal, type Rational } from '../../kernel/rational.ts'
import { ENDS_EARLY, endsAfterStart, termsFields } from '../preview.http.ts'
import { ANCHORED_TWICE, anchoredOnce, billingDateField } from '../terms/billing-cycle.http.ts'
import type { PlannedChange } from './change-preview.ts'
import { CANCELLATION_MODES } from './plan-change.ts'

const changeSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('price'),
    before: nonNegativeDecimalField,
    after: nonNegativeDecimalField,
    apply: z.enum(['now', 'period_end', 'by_direction']).default('by_direction').openapi({
      description: 'By direction: a higher price on the day, a lower one at the end of the period.',
    }),
  }),
  z.strictObject({
    type: z.literal('quantity'),
    unit_amount: nonNegativeDecimalField,
    before: nonNegativeDecimalField,
    after: nonNegativeDecimalField,
    credit_removals: z.boolean().default(false),
  }),
  z.strictObject({
    type: z.literal('cancellation'),
    price: nonNegativeDecimalField,
    mode: z.enum(CANCELLATION_MODES).default('period_end'),
    termination_day_used: z.boolean().default(false),
  }),
])

export const changeBody = z
  .strictObject({
    ...termsFields,
    currency: currencyField,
    rounding: z.enum(['half_up', 'half_even']).default('half_up'),
    date: billingDateField.openapi({ description: 'The day on which the change is asked for.' }),
    paid: decimalField.optional().openapi({
      description:
        'Charged for the period, less what was credited. By default the fee in advance for all of it.',
    }),
    change: changeSchema,
  })
  .refine(anchoredOnce, ANCHORED_TWICE)
  .refine(endsAfterStart, ENDS_EARLY)

export const changeAnswer = z.object({
  effective_date: dateField,
  period: z.object({ start: dateField, end: dateField }),
  factor: z.string().openapi({ description: 'The part of a whole period that is left.' }),
  credit: moneyOut,
  charge: moneyOut,
  net: moneyOut,
})

export function readChange(change: z.infer<typeof changeSchema>): PlannedChange {
  switch (change.type) {
    case 'price':
      return { type: 'price', apply: change.apply, ...readSides(change) }
    case 'quantity':
      return {
        type: 'quantity',
        unitAmount: decimal(change.unit_amount),
        creditsRemovals: change.credit_removals,
        ...readSides(change),
      }
    case 'cancellation':
      return {
        type: 'cancellation',
        price: decimal(change.price),
        mode: change.mode,
        dayIsUsed: change.termination_day_used,
      }
  }
}

const readSides = (change: { before: string; after: string }): { before: Rational; after: Rational } => ({
  before: decimal(change.before),
  after: decimal(change.after),
})
