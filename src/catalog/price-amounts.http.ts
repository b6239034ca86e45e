import { z } from '@hono/zod-openapi'
import { nonNegativeDecimalField } from '../http/fields.http.ts'
import { faultsOfEventBounds } from './price-faults.ts'
import { refinedBy } from './price-fields.http.ts'

export const percentageSchema = z
  .strictObject({
    type: z.literal('percentage'),
    rate_percent: nonNegativeDecimalField.default('0'),
    fixed_per_event: nonNegativeDecimalField.default('0'),
    free_events: nonNegativeDecimalField.default('0'),
    free_amount: nonNegativeDecimalField.default('0').openapi({
      description:
        'The free part ends with this or with free_events, whichever is used up first; 0: no such bound.',
    }),
    min_per_event: nonNegativeDecimalField.nullable().default(null),
    max_per_event: nonNegativeDecimalField.nullable().default(null),
  })
  .superRefine(refinedBy(faultsOfEventBounds))

export const eventAmountsSchema = z.strictObject({
  type: z.literal('event_amounts'),
  multiplier: nonNegativeDecimalField
    .default('1')
    .openapi({ description: '0.01 where events carry minor units.' }),
})
