import { z } from '@hono/zod-openapi'
import { nonNegativeDecimalField } from '../http/fields.http.ts'
import type { Price, PriceModel } from './price.ts'
import { eventAmountsSchema, percentageSchema } from './price-amounts.http.ts'
import { capacitySchema, matrixSchema } from './price-dimensions.http.ts'
import { faultsOfPrice } from './price-faults.ts'
import { refinedBy } from './price-fields.http.ts'
import {
  blockTiersSchema,
  graduatedPercentageSchema,
  graduatedSchema,
  volumeSchema,
} from './price-tiers.http.ts'
import { packageSchema, unitSchema } from './price-units.http.ts'

const flatSchema = z.strictObject({
  type: z.literal('flat'),
  amount: nonNegativeDecimalField,
  term: z
    .enum(['in_advance', 'in_arrears'])
    .optional()
    .openapi({ description: 'At the start of each period (the default) or after its end.' }),
})

/** A price model as it is sent; amounts in major units of the contract's currency. */
export const priceModelSchema = z
  .discriminatedUnion('type', [
    flatSchema,
    unitSchema,
    packageSchema,
    graduatedSchema,
    volumeSchema,
    graduatedPercentageSchema,
    percentageSchema,
    eventAmountsSchema,
    matrixSchema,
    blockTiersSchema,
    capacitySchema,
  ])
  .openapi('PriceModel')

export const readPriceModel = (
  model: z.infer<typeof priceModelSchema>,
  defaultTerm: 'in_advance' | 'in_arrears' = 'in_advance',
): PriceModel => (model.type === 'flat' ? { ...model, term: model.term ?? defaultTerm } : model)

/** For an object with a `model` and its `modifiers`: what of the two does not go together. */
export const refinePrice = refinedBy(
  ({ model, modifiers }: { model: z.infer<typeof priceModelSchema>; modifiers?: Price['modifiers'] }) =>
    faultsOfPrice({ model: readPriceModel(model), modifiers }),
)
