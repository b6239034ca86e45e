import { z } from '@hono/zod-openapi'
import { modifiersField, modifiersSchema } from '../../catalog/modifiers.http.ts'
import { priceModelSchema, readPriceModel } from '../../catalog/price.http.ts'
import { decimalField, nonNegativeDecimalField } from '../../http/fields.http.ts'
import { parseDecimal, rational, subtract } from '../../kernel/rational.ts'
import {
  BUCKETS,
  type ContractProduct,
  ESCALATION_UNITS,
  type Escalator,
  type RampStep,
} from '../contract.ts'
import { billingDateField } from './billing-cycle.http.ts'

const STEPS_MAX = 120
const CYCLE_MAX = 1200
const EVERY_MAX = 1200
const HUNDRED = rational(100n)

const rampStepSchema = z
  .strictObject({
    from: z.union([billingDateField, z.int().min(2).max(CYCLE_MAX)]).openapi({
      description: 'The first day of the price, or the number of the cycle that it begins with.',
    }),
    model: priceModelSchema.optional(),
    modifiers: modifiersField,
    quantity: nonNegativeDecimalField.optional(),
  })
  .openapi({ description: 'What is left out stays as before; a model brings its own modifiers.' })

/** Falls by at most all of a price, and at most doubles it. */
const percentField = decimalField.refine((text) => {
  const percent = parseDecimal(text)
  return (
    percent !== undefined &&
    subtract(HUNDRED, percent).num >= 0n &&
    subtract(percent, rational(-100n)).num >= 0n
  )
}, 'must be from -100 to 100')

const escalatorOut = z.strictObject({
  every: z.int().min(1).max(EVERY_MAX),
  unit: z.enum(ESCALATION_UNITS).default('cycles'),
  percent: percentField.optional().openapi({ description: 'Of the price before, compounding.' }),
  amount: nonNegativeDecimalField.optional().openapi({ description: 'Added each time.' }),
  index: z
    .array(percentField)
    .min(1)
    .max(STEPS_MAX)
    .optional()
    .openapi({ description: 'Percentages, one for each time; after the last the price stays.' }),
})

const escalatorSchema = escalatorOut.refine(
  ({ percent, amount, index }) => [percent, amount, index].filter((by) => by !== undefined).length === 1,
  { path: ['percent'], message: 'send one of percent, amount and index' },
)

/** How a product's price goes on after its first one. */
export const scheduleFields = {
  ramp: z.array(rampStepSchema).min(1).max(STEPS_MAX).nullish(),
  escalator: escalatorSchema.nullish(),
  accumulate: z.literal('contract').nullish().openapi({
    description: 'Tiers go on through all cycles of the contract instead of starting again with each.',
  }),
  bucket: z.enum(BUCKETS).nullish().openapi({
    description:
      "Measures and prices the usage of each hour or day alone, in the contract's zone; their sum is billed.",
  }),
}

/** The same as it is shown. */
export const scheduleOut = {
  ramp: z.array(rampStepSchema.extend({ modifiers: modifiersSchema.optional() })).optional(),
  escalator: escalatorOut.optional(),
  accumulate: z.literal('contract').optional(),
  bucket: z.enum(BUCKETS).optional(),
}

type SentSchedule = z.infer<z.ZodObject<typeof scheduleFields>>

/** Only what is said, so that a product without a schedule is one and the same. */
export const readSchedule = (
  { ramp, escalator, accumulate, bucket }: SentSchedule,
  defaultTerm: 'in_advance' | 'in_arrears',
): Pick<ContractProduct, 'ramp' | 'escalator' | 'accumulate' | 'bucket'> => ({
  ...(ramp && { ramp: ramp.map((step) => readStep(step, defaultTerm)) }),
  ...(escalator && { escalator: readEscalator(escalator) }),
  ...(accumulate && { accumulate }),
  ...(bucket && { bucket }),
})

const readStep = (
  { from, model, modifiers, quantity }: z.infer<typeof rampStepSchema>,
  defaultTerm: 'in_advance' | 'in_arrears',
): RampStep => ({
  from,
  ...(model && { model: readPriceModel(model, defaultTerm) }),
  ...(modifiers && { modifiers }),
  ...(quantity !== undefined && { quantity }),
})

const readEscalator = ({
  every,
  unit,
  percent,
  amount,
  index,
}: z.infer<typeof escalatorSchema>): Escalator => ({
  every,
  unit,
  ...(percent !== undefined && { percent }),
  ...(amount !== undefined && { amount }),
  ...(index && { index }),
})
