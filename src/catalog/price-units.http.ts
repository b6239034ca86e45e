import { z } from '@hono/zod-openapi'
import { nonNegativeDecimalField } from '../http/fields.http.ts'
import { positiveDecimalField, roundingField } from './price-fields.http.ts'

export const unitSchema = z.strictObject({
  type: z.literal('unit'),
  unit_amount: nonNegativeDecimalField,
})

export const packageSchema = z.strictObject({
  type: z.literal('package'),
  package_size: positiveDecimalField,
  package_amount: nonNegativeDecimalField,
  included_quantity: nonNegativeDecimalField
    .default('0')
    .openapi({ description: 'Comes off before the packages are counted.' }),
  rounding: roundingField
    .default('up')
    .openapi({ description: 'What becomes of a package that is used in part.' }),
})
