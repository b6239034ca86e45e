import { z } from '@hono/zod-openapi'
import { dateField, instantOut, timezoneField } from '../http/fields.http.ts'
import type { BillingCycle } from './contract.ts'
import { anchorOf } from './periods/alignment.ts'
import { isShorter, LAST_DATE } from './periods/schedule.ts'
import { TRIED_TWICE, trialFields, triedOnce } from './periods/trial.http.ts'
import { PERIODS_MAX, type PreviewTerms } from './preview.ts'
import {
  ANCHORED_TWICE,
  alignmentField,
  anchoredOnce,
  billingCycleSchema,
  billingDateField,
  prorationField,
} from './terms/billing-cycle.http.ts'
import { ISSUE_OFFSET_DAYS_MAX } from './terms/faults.ts'

/** What decides where billing periods lie; of a contract that need not exist. */
export const termsFields = {
  start_date: billingDateField,
  end_date: billingDateField.nullish().openapi({ description: 'Exclusive; null: no end.' }),
  anchor_date: billingDateField.optional(),
  alignment: alignmentField,
  proration: prorationField,
  billing_cycle: billingCycleSchema,
  timezone: timezoneField.default('UTC'),
}

type TermsFields = z.infer<z.ZodObject<typeof termsFields>>

export const endsAfterStart = ({ start_date, end_date }: TermsFields) => !end_date || start_date < end_date
export const ENDS_EARLY = { path: ['end_date'], message: 'must be after start_date' }

const instantField = z.iso
  .datetime({ offset: true })
  .refine((text) => text.slice(0, LAST_DATE.length) <= LAST_DATE, `must be ${LAST_DATE} or earlier`)

/** What has no length is a fault of its own. */
const isLongEnough = (own: BillingCycle, contracts: BillingCycle): boolean =>
  Math.min(own.cycle, contracts.cycle) < 1 || !isShorter(own, contracts)

export const periodsBody = z
  .strictObject({
    ...termsFields,
    issue_offset_days: z.int().min(0).max(ISSUE_OFFSET_DAYS_MAX).default(0),
    product: z
      .strictObject({ billing_cycle: billingCycleSchema, anchor_date: billingDateField.optional() })
      .optional()
      .openapi({ description: 'The periods of a product with a cycle of its own in such a contract.' }),
    ...trialFields,
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
  .refine(({ product, billing_cycle }) => !product || isLongEnough(product.billing_cycle, billing_cycle), {
    path: ['product', 'billing_cycle'],
    message: "must not be shorter than the contract's",
  })
  .refine(anchoredOnce, ANCHORED_TWICE)
  .refine(triedOnce, TRIED_TWICE)
  .refine(endsAfterStart, ENDS_EARLY)

export const periodSchema = z.object({
  start: dateField,
  end: dateField.openapi({ description: 'Exclusive.' }),
  start_at: instantOut,
  end_at: instantOut,
  issue_at: instantOut.openapi({ description: 'When usage of the period and fees in arrears are billed.' }),
  issue_in_advance_at: instantOut
    .optional()
    .openapi({ description: 'Of a product with a cycle of its own: when a fee in advance is billed.' }),
  days: z.int(),
  trial_days: z.int().optional().openapi({ description: 'With a trial: the days of it that are free.' }),
  full_days: z.int().openapi({ description: 'Days of the whole cycle, not cut by start or end.' }),
  factor: z.string().openapi({
    description: 'The part of a recurring fee that is due: days / full_days, or the same in seconds.',
  }),
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
