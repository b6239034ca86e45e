import { z } from '@hono/zod-openapi'
import { USAGE_POLICIES } from '../../catalog/product.ts'
import { dateField, decimalField, nonNegativeDecimalField, refField } from '../../http/fields.http.ts'

const EVENTS_MAX = 1_000
const MILESTONES_MAX = 200
const ESTIMATES_MAX = 50

/** The last year that a plan reaches into: every month of a service is laid out. */
const LAST_YEAR = '2199'

export const planDate = dateField.refine(
  (date) => date.slice(0, 4) <= LAST_YEAR,
  `must be before the year 2200`,
)

const positiveDecimal = nonNegativeDecimalField.refine(
  (text) => /[1-9]/.test(text.split(/e/i)[0]!),
  'must be more than 0',
)
const range = z.strictObject({ low: nonNegativeDecimalField, high: nonNegativeDecimalField })

export const discountOptionField = z.strictObject({
  expected_purchase: nonNegativeDecimalField,
  discount_percent: nonNegativeDecimalField,
  general_discount_percent: nonNegativeDecimalField.default('0'),
  likelihood_percent: nonNegativeDecimalField,
})

const knownSsp = z.union([
  nonNegativeDecimalField,
  range.extend({
    stated: nonNegativeDecimalField
      .optional()
      .openapi({ description: 'The price in the contract; kept if in range.' }),
  }),
  z.strictObject({ cost: nonNegativeDecimalField, margin_percent: decimalField }),
  z.strictObject({ option: discountOptionField }),
])

const ssp = z.union([
  knownSsp,
  z.strictObject({
    residual: z.enum(['highly_variable', 'not_yet_established']),
    observed: range.optional().openapi({ description: 'Prices seen; a residual outside them is refused.' }),
  }),
])

export type SspBody = z.infer<typeof ssp>
export type KnownSspBody = z.infer<typeof knownSsp>

const measureFields = {
  recognition: z.enum([
    'daily',
    'month_even',
    'month_even_prorated_ends',
    'usage',
    'units',
    'milestone',
    'point_in_time',
    'prepaid_credits',
    'material_right',
  ]),
  start: planDate
    .optional()
    .openapi({ description: 'First day of service, or the day on which control passes.' }),
  end: planDate.optional().openapi({ description: 'Exclusive.' }),
  events: z
    .array(
      z.strictObject({
        date: planDate,
        quantity: nonNegativeDecimalField.optional(),
        amount: decimalField
          .optional()
          .openapi({ description: 'Of `usage` without an SSP: what may be invoiced.' }),
      }),
    )
    .max(EVENTS_MAX)
    .default([])
    .openapi({ description: 'Units delivered, credits used, costs spent; usage.' }),
  total_quantity: positiveDecimal.optional().openapi({
    description:
      'Expected in all; by default what the events add up to. Of credits: what is expected to be used.',
  }),
  estimates: z
    .array(z.strictObject({ from: planDate, total_quantity: positiveDecimal }))
    .max(ESTIMATES_MAX)
    .default([])
    .openapi({ description: 'Later estimates of total_quantity.' }),
  expires: planDate.optional().openapi({ description: 'When what is unused is earned (breakage).' }),
  unclaimed_property: z
    .boolean()
    .default(false)
    .openapi({ description: 'What is unused goes to a public body.' }),
  milestones: z
    .array(z.strictObject({ date: planDate.optional(), weight: positiveDecimal.default('1') }))
    .max(MILESTONES_MAX)
    .default([]),
  exercised_on: planDate.optional().openapi({ description: 'When a material right was used.' }),
}

const obligationFields = {
  key: refField,
  ...measureFields,
  series: z.boolean().optional().openapi({
    description: 'What remains is distinct from what was delivered. By default yes, of milestones no.',
  }),
}

export const obligationBody = z.strictObject({
  ...obligationFields,
  ssp: ssp
    .optional()
    .openapi({ description: 'Needed unless it is the only obligation, or usage billed as used.' }),
  usage_policy: z.enum(USAGE_POLICIES).optional().openapi({
    description:
      'Of usage that is billed as used: why it is revenue as it happens. By default the right to invoice.',
  }),
  right: z.enum(['conditional', 'unconditional']).optional().openapi({
    description:
      'Whether only time stands before its invoice: an unbilled receivable, else a contract asset.',
  }),
  shipping_of: refField.optional().openapi({ description: 'Ships the goods of this obligation.' }),
  renewal_agreed_on: planDate
    .optional()
    .openapi({ description: 'A licence renewed before its period begins.' }),
})

export const addedBody = z.strictObject({ ...obligationFields, ssp: knownSsp })

export const changedBody = z.strictObject({
  key: refField,
  ...measureFields,
  recognition: measureFields.recognition
    .optional()
    .openapi({ description: 'With the whole measure as changed.' }),
  remaining_ssp: nonNegativeDecimalField.optional(),
})

export type MeasureBody = Pick<z.infer<typeof obligationBody>, keyof typeof measureFields>
export type ObligationBody = z.infer<typeof obligationBody>
export type AddedBody = z.infer<typeof addedBody>
export type ChangedBody = z.infer<typeof changedBody>
