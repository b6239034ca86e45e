import { z } from '@hono/zod-openapi'
import { nonNegativeDecimalField } from '../http/fields.http.ts'
import type { PriceModifiers } from './price.ts'
import { discountPercentField, optionalRoundingField, positiveDecimalField } from './price-fields.http.ts'

const conversionSchema = z.strictObject({
  op: z.enum(['multiply', 'divide']),
  factor: positiveDecimalField,
  rounding: optionalRoundingField
    .default('none')
    .openapi({ description: 'To whole units, of all usage of the period.' }),
})

/** What is done to a price's quantity and amount, in the order of these fields. */
export const modifiersSchema = z
  .strictObject({
    unit_conversion: conversionSchema.nullish(),
    included_quantity: nonNegativeDecimalField
      .nullish()
      .openapi({ description: 'Units that the price includes.' }),
    usage_discount: nonNegativeDecimalField.nullish().openapi({ description: 'Units that are given away.' }),
    amount_discount: nonNegativeDecimalField.nullish(),
    percent_discount: discountPercentField.nullish(),
    maximum_amount: nonNegativeDecimalField.nullish(),
    minimum_amount: nonNegativeDecimalField.nullish().openapi({
      description: 'Judged once, when the period is over, and due without any usage too.',
    }),
    prorate_limits: z.boolean().nullish().openapi({
      description: 'False: maximum and minimum stay whole in a period that is billed in part.',
    }),
    skip_zero_usage_flat: z.boolean().nullish().openapi({
      description: 'True: no usage, no flat amount of the first tier.',
    }),
    negative_usage: z.enum(['none', 'mirror']).nullish().openapi({
      description: 'When more is taken back than was used: bill nothing (the default), or credit it.',
    }),
  })
  .openapi('PriceModifiers')

export const modifiersField = modifiersSchema.nullish().transform((sent) => readModifiers(sent ?? {}))

/** Undefined where nothing is said, so that a price without modifiers is one and the same. */
function readModifiers(sent: z.infer<typeof modifiersSchema>): PriceModifiers | undefined {
  const said = Object.entries(sent).filter(([, value]) => value !== undefined && value !== null)
  return said.length === 0 ? undefined : (Object.fromEntries(said) as PriceModifiers)
}
