import { z } from '@hono/zod-openapi'
import { nameField, nonNegativeDecimalField, refField } from '../../http/fields.http.ts'
import { percentField } from '../../http/percent.http.ts'
import type { AgreedDiscount } from '../contract.ts'
import { billingDateField } from './billing-cycle.http.ts'

const DISCOUNTS_MAX = 50
const PRODUCTS_MAX = 100
const CYCLES_MAX = 1_000

const fields = {
  name: nameField.default('Discount').openapi({ description: 'Printed on the invoice.' }),
  products: z
    .array(refField)
    .min(1)
    .max(PRODUCTS_MAX)
    .nullish()
    .openapi({ description: 'Off the lines of these products. By default off the whole invoice.' }),
  from: billingDateField.nullish().openapi({ description: "By default the contract's start." }),
  until: billingDateField.nullish().openapi({ description: 'Exclusive: the first day without it.' }),
  cycles: z
    .int()
    .min(1)
    .max(CYCLES_MAX)
    .nullish()
    .openapi({ description: 'So many cycles, the one that it begins in included.' }),
}

const discountSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('percent'), value: percentField(100n), ...fields }),
  z.strictObject({
    type: z.literal('fixed'),
    value: nonNegativeDecimalField.openapi({ description: 'Off each invoice, in major units.' }),
    ...fields,
  }),
])

/** Off products before off the invoice, and at each of the two percents before fixed amounts. */
export const discountsField = z
  .array(discountSchema.transform(readDiscount))
  .max(DISCOUNTS_MAX)
  .optional()
  .openapi({
    description:
      'Those of products come first, then those of the invoice; percents before fixed amounts. Down to zero at most.',
  })

export const discountsOut = z.array(
  z.object({
    name: z.string(),
    type: z.enum(['percent', 'fixed']),
    value: z.string(),
    products: z.array(refField).nullable(),
    from: z.string().nullable(),
    until: z.string().nullable(),
    cycles: z.int().nullable(),
  }),
)

function readDiscount(sent: z.infer<typeof discountSchema>): AgreedDiscount {
  return {
    name: sent.name,
    type: sent.type,
    value: sent.value,
    products: sent.products ?? null,
    from: sent.from ?? null,
    until: sent.until ?? null,
    cycles: sent.cycles ?? null,
  }
}
