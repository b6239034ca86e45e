import { z } from '@hono/zod-openapi'
import { decimalField, nonNegativeDecimalField } from '../http/fields.http.ts'
import type { PriceModel } from './price.ts'
import { faultsOfTiers } from './tiers.ts'

const TIERS_MAX = 100

const flatSchema = z.strictObject({
  type: z.literal('flat'),
  amount: nonNegativeDecimalField,
  term: z
    .enum(['in_advance', 'in_arrears'])
    .optional()
    .openapi({ description: 'At the start of each period (the default) or after its end.' }),
})

const unitSchema = z.strictObject({ type: z.literal('unit'), unit_amount: nonNegativeDecimalField })

const tierSchema = z.strictObject({
  up_to: decimalField
    .nullable()
    .openapi({ type: ['string', 'null'], description: 'The last quantity of the tier; null: no bound.' }),
  unit_amount: nonNegativeDecimalField.default('0'),
  flat_amount: nonNegativeDecimalField.default('0').openapi({
    description: 'Due once when the tier is entered; the first tier is entered by no usage too.',
  }),
})

const graduatedSchema = z.strictObject({
  type: z.literal('graduated'),
  tiers: z
    .array(tierSchema)
    .min(1)
    .max(TIERS_MAX)
    .superRefine((tiers, context) => {
      for (const { place, message } of faultsOfTiers(tiers)) {
        context.addIssue({ code: 'custom', path: [place, 'up_to'], message })
      }
    }),
})

/** A price model as it is sent; amounts in major units of the contract's currency. */
export const priceModelSchema = z
  .discriminatedUnion('type', [flatSchema, unitSchema, graduatedSchema])
  .openapi('PriceModel')

export const readPriceModel = (
  model: z.infer<typeof priceModelSchema>,
  defaultTerm: 'in_advance' | 'in_arrears' = 'in_advance',
): PriceModel => (model.type === 'flat' ? { ...model, term: model.term ?? defaultTerm } : model)
