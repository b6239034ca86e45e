import { z } from '@hono/zod-openapi'
import { decimalField, nonNegativeDecimalField } from '../http/fields.http.ts'
import { faultsOfBlocks } from './price-faults.ts'
import { positiveDecimalField, refinedBy, TIERS_MAX } from './price-fields.http.ts'
import { faultsOfTiers } from './tiers.ts'

const boundField = decimalField
  .nullable()
  .openapi({ type: ['string', 'null'], description: 'The last quantity of the tier; null: no bound.' })

const flatAmountField = nonNegativeDecimalField.default('0').openapi({
  description: 'Due once when the tier is entered; the first tier is entered by no usage too.',
})

const tierSchema = z.strictObject({
  up_to: boundField,
  unit_amount: nonNegativeDecimalField.default('0'),
  flat_amount: flatAmountField,
})

const percentageTierSchema = z.strictObject({
  up_to: boundField,
  rate_percent: nonNegativeDecimalField.default('0'),
  flat_amount: flatAmountField,
})

const tiersOf = <T extends z.ZodType<{ up_to: string | null }>>(tier: T) =>
  z.array(tier).min(1).max(TIERS_MAX).superRefine(refinedBy(faultsOfTiers))

export const graduatedSchema = z.strictObject({ type: z.literal('graduated'), tiers: tiersOf(tierSchema) })

export const volumeSchema = z.strictObject({ type: z.literal('volume'), tiers: tiersOf(tierSchema) })

export const graduatedPercentageSchema = z.strictObject({
  type: z.literal('graduated_percentage'),
  tiers: tiersOf(percentageTierSchema),
})

const blockTierSchema = z.strictObject({
  block_size: positiveDecimalField,
  max_blocks: positiveDecimalField
    .nullable()
    .default(null)
    .openapi({ description: 'Of the last tier it bounds nothing: that tier takes all that is left.' }),
  block_amount: nonNegativeDecimalField,
})

export const blockTiersSchema = z.strictObject({
  type: z.literal('block_tiers'),
  mode: z.enum(['graduated', 'volume']).default('graduated'),
  tiers: z.array(blockTierSchema).min(1).max(TIERS_MAX).superRefine(refinedBy(faultsOfBlocks)),
})
