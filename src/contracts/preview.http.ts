import { z } from '@hono/zod-openapi'
import {
  currencyField,
  dateField,
  decimalField,
  instantOut,
  moneyOut,
  nonNegativeDecimalField,
  timezoneField,
} from '../http/fields.http.ts'
import { decimal, type Rational } from '../kernel/rational.ts'
import { anchorOf } from './alignment.ts'
import type { PlannedChange } from './change-preview.ts'
import {
  ANCHORED_TWICE,
  alignmentField,
  anchoredOnce,
  billingCycleSchema,
  billingDateField,
  prorationField,
} from './contract.http.ts'
import { ISSUE_OFFSET_DAYS_MAX } from './faults.ts'
import { CANCELLATION_MODES } from './plan-change.ts'
import { PERIODS_MAX, type PreviewTerms } from './preview.ts'
import { LAST_DATE } from './schedule.ts'

/** What decides where billing periods lie; of a contract that need not exist. */
const termsFields = {
  start_date: billingDateField,
  end_date: billingDateField.nullish().openapi({ description: 'Exclusive; null: no end.' }),
  anchor_date: billingDateField.optional(),
  alignment: alignmentField,
  proration: prorationField,
  billing_cycle: billingCycleSchema,
  timezone: timezoneField.default('UTC'),
}

type TermsFields = z.infer<z.ZodObject<typeof termsFields>>

const endsAfterStart = ({ start_date, end_date }: TermsFields) => !end_date || start_date < end_date
const ENDS_EARLY = { path: ['end_date'], message: 'must be after start_date' }

const instantField = z.iso
  .datetime({ offset: true })
  .refine((text) => text.slice(0, LAST_DATE.length) <= LAST_DATE, `must be ${LAST_DATE} or earlier`)

export const periodsBody = z
  .strictObject({
    ...termsFields,
    issue_offset_days: z.int().min(0).max(ISSUE_OFFSET_DAYS_MAX).default(0),
    count: z.int().min(1).max(PERIODS_MAX).optional().openapi({ description: 'The first so many periods.' }),
    at: z
      .union([billingDateField, instantField])
      .optional()
      .openapi({ description: 'Only the period that holds this date or instant.' }),
  })
  .refine(({ count, at }) => count === undefined || at === undefined, {
    path: ['at'],
    message: 'send count or at, not both',
  })
  .refine(anchoredOnce, ANCHORED_TWICE)
  .refine(endsAfterStart, ENDS_EARLY)

export const periodSchema = z.object({
  start: dateField,
  end: dateField.openapi({ description: 'Exclusive.' }),
  start_at: instantOut,
  end_at: instantOut,
  issue_at: instantOut,
  days: z.int(),
  full_days: z.int().openapi({ description: 'Days of the whole cycle, not cut by start or end.' }),
  factor: z.string().openapi({
    description: 'The part of a recurring fee that is due: days / full_days, or the same in seconds.',
  }),
})

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

export const readTerms = ({
  alignment = 'anniversary',
  end_date = null,
  ...terms
}: TermsFields): Omit<PreviewTerms, 'issue_offset_days' | 'grace_hours'> => ({
  ...terms,
  end_date,
  anchor_date: terms.anchor_date ?? anchorOf(terms.start_date, terms.billing_cycle.unit, alignment),
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
