import { z } from '@hono/zod-openapi'
import { currencyField, decimalField, nonNegativeDecimalField, refField } from '../../http/fields.http.ts'
import { TREATMENTS } from '../modification/amendment.ts'
import { stepOneFields } from './criteria.http.ts'
import { addedBody, changedBody, obligationBody, planDate } from './obligation.http.ts'

const OBLIGATIONS_MAX = 50
const MODIFICATIONS_MAX = 30
const VARIABLE_MAX = 20
const OUTCOMES_MAX = 50
const BILLINGS_MAX = 500
const PARTS_MAX = 20

const probability = nonNegativeDecimalField.openapi({ example: '0.75' })

/** An estimate of variable consideration. */
export const estimateFields = {
  method: z.enum(['amount', 'expected_value', 'most_likely']).default('amount'),
  amount: decimalField.optional().openapi({ description: 'Of method `amount`.' }),
  outcomes: z
    .array(z.strictObject({ amount: decimalField, probability }))
    .max(OUTCOMES_MAX)
    .default([]),
  constraint: z
    .strictObject({ most: decimalField.optional(), confidence: probability.optional() })
    .optional()
    .openapi({
      description: 'The most that will not be reversed, or the confidence to hold the outcomes against.',
    }),
  target: refField.optional().openapi({ description: 'The one obligation that it relates to.' }),
}

const variableAmount = z.strictObject({ key: refField, ...estimateFields })

const amendment = z.strictObject({
  effective_date: planDate,
  price_change: decimalField.default('0').openapi({ description: 'Added to the price; credits apart.' }),
  add: z.array(addedBody).max(OBLIGATIONS_MAX).default([]),
  change: z.array(changedBody).max(OBLIGATIONS_MAX).default([]),
  remove: z.array(refField).max(OBLIGATIONS_MAX).default([]),
  credits: z
    .array(z.strictObject({ key: refField, amount: nonNegativeDecimalField }))
    .max(PARTS_MAX)
    .default([])
    .openapi({ description: 'Price cuts for service given already: service-level credits, defects.' }),
  treatment: z.enum(TREATMENTS).optional().openapi({ description: 'In place of what the rules choose.' }),
  reason: z
    .string()
    .trim()
    .min(1)
    .max(1_000)
    .optional()
    .openapi({ description: 'Why; needed with treatment.' }),
})

const reestimate = z.strictObject({
  effective_date: planDate,
  variable: variableAmount.openapi({ description: 'The amount as estimated from that date on.' }),
  promised: z.enum(['inception', 'modification']).default('inception'),
})

const policy = z.strictObject({
  rounding: z.enum(['half_up', 'half_even']).optional(),
  constraint_confidence: probability.optional(),
  ssp_outside_range: z.enum(['nearest_bound', 'midpoint']).optional(),
  separate_contract_tolerance: nonNegativeDecimalField.optional().openapi({ description: '0.05 is 5%.' }),
  bundle_tolerance: nonNegativeDecimalField.optional(),
})

const billing = z.strictObject({
  date: planDate,
  amount: decimalField,
  key: refField.optional().openapi({ description: 'The obligation that it bills.' }),
  paid_on: planDate.optional(),
  cancellable: z
    .boolean()
    .default(false)
    .openapi({ description: 'No right to the money before it is paid.' }),
})

export const dealBody = z.strictObject({
  framework: z.enum(['ASC606', 'IFRS15']),
  currency: currencyField,
  transaction_price: decimalField.openapi({ description: 'The fixed part; `variable` comes on top.' }),
  obligations: z.array(obligationBody).min(1).max(OBLIGATIONS_MAX),
  modifications: z
    .array(z.union([amendment, reestimate]))
    .max(MODIFICATIONS_MAX)
    .default([]),
  variable: z.array(variableAmount).max(VARIABLE_MAX).default([]),
  payable_to_customer: z
    .array(
      z.strictObject({
        amount: nonNegativeDecimalField,
        fair_value_received: nonNegativeDecimalField.default('0'),
      }),
    )
    .max(PARTS_MAX)
    .default([]),
  taxes: z
    .array(z.strictObject({ amount: decimalField, principal: z.boolean().default(false) }))
    .max(PARTS_MAX)
    .default([])
    .openapi({ description: 'Sales taxes inside transaction_price.' }),
  discount_bundle: z
    .strictObject({
      keys: z.array(refField).min(1).max(OBLIGATIONS_MAX),
      price: nonNegativeDecimalField,
      all_sold_alone: z.boolean().default(true),
    })
    .optional()
    .openapi({
      description: 'Obligations regularly sold together for less: evidence that the discount is theirs.',
    }),
  ...stepOneFields,
  policy: policy.optional(),
  billings: z.array(billing).max(BILLINGS_MAX).default([]),
})

export type DealBody = z.infer<typeof dealBody>
export type VariableBody = z.infer<typeof variableAmount>
export type ModificationBody = DealBody['modifications'][number]
