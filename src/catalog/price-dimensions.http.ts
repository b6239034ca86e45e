import { z } from '@hono/zod-openapi'
import { nameField, nonNegativeDecimalField } from '../http/fields.http.ts'
import { faultsOfCapacity, faultsOfRows } from './price-faults.ts'
import { refinedBy, TIERS_MAX } from './price-fields.http.ts'

const ROWS_MAX = 500
const KEYS_MAX = 20
const VALUES_MAX = 100

const keyField = z.string().min(1).max(128)
const valueField = z.union([z.string().max(256), z.number(), z.boolean()]).transform(String)

const hasSomeKeys = (record: object): boolean => {
  const { length } = Object.keys(record)
  return length > 0 && length <= KEYS_MAX
}

const matchSchema = z
  .record(keyField, z.union([z.literal('*'), z.array(valueField).min(1).max(VALUES_MAX)]))
  .refine(hasSomeKeys, `needs 1 to ${KEYS_MAX} dimensions; what matches no row has default_unit_amount`)
  .openapi({
    description:
      'The values that each dimension may have; `*`: any, but not none. The row that says most wins, and an event is in one row only.',
    example: { region: ['eu', 'us'], tier: '*' },
  })

const rowSchema = z.strictObject({
  name: nameField.nullable().default(null),
  match: matchSchema,
  unit_amount: nonNegativeDecimalField,
})

export const matrixSchema = z.strictObject({
  type: z.literal('matrix'),
  rows: z.array(rowSchema).min(1).max(ROWS_MAX).superRefine(refinedBy(faultsOfRows)),
  default_unit_amount: nonNegativeDecimalField.default('0'),
})

const capacityTierSchema = z.strictObject({
  limits: z
    .record(keyField, nonNegativeDecimalField.nullable())
    .refine((limits) => Object.keys(limits).length <= KEYS_MAX, `takes at most ${KEYS_MAX} units`)
    .openapi({ description: 'The peak of each unit that still fits; the last tier fits everything.' }),
  amount: nonNegativeDecimalField,
})

export const capacitySchema = z.strictObject({
  type: z.literal('capacity'),
  tiers: z.array(capacityTierSchema).min(1).max(TIERS_MAX).superRefine(refinedBy(faultsOfCapacity)),
})
