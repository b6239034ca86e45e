import { z } from '@hono/zod-openapi'
import { nonNegativeDecimalField, refField } from '../../http/fields.http.ts'
import { ENDINGS } from '../transaction-price/non-refundable.ts'
import { planDate } from './obligation.http.ts'

const JUDGED_MAX = 20

/** What is stated of step 1. */
export const criteriaFields = {
  approved: z.boolean().optional(),
  rights_identified: z.boolean().optional(),
  payment_terms_identified: z.boolean().optional(),
  commercial_substance: z.boolean().optional(),
  collection_probability: nonNegativeDecimalField.optional().openapi({
    description: 'How likely it is that the customer pays, from 0 to 1.',
    example: '0.75',
  }),
}

const nonRefundable = z.strictObject({
  key: refField,
  date: planDate.openapi({ description: 'The day from which nothing more is owed for it.' }),
  event: z.enum(ENDINGS).openapi({ description: 'Why: all done, terminated, or stopped (ASC 606).' }),
  amount: nonNegativeDecimalField.openapi({ description: 'What was received, in major units.' }),
})

/** Step 1 of a deal: as it is judged at inception and later, and what is revenue without a contract. */
export const stepOneFields = {
  contract: z
    .strictObject(criteriaFields)
    .optional()
    .openapi({ description: 'Step 1; what is not stated is held to be met.' }),
  contract_reassessed: z
    .array(z.strictObject({ ...criteriaFields, effective_date: planDate }))
    .max(JUDGED_MAX)
    .default([])
    .openapi({
      description:
        'Step 1 as it is judged from later days on. Days on which it is not met hold revenue back.',
    }),
  non_refundable: z
    .array(nonRefundable)
    .max(JUDGED_MAX)
    .default([])
    .openapi({ description: 'What was received while step 1 was not met, and need not be given back.' }),
}
