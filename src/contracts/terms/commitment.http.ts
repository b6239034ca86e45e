import { z } from '@hono/zod-openapi'
import { nonNegativeDecimalField, refField } from '../../http/fields.http.ts'
import { decimal, isZero } from '../../kernel/rational.ts'
import { COMMITMENT_PERIODS, type ContractTerms } from '../contract.ts'

const commitmentSchema = z.strictObject({
  amount: nonNegativeDecimalField
    .default('0')
    .openapi({ description: 'For each period, before discounts and tax.' }),
  quantity: nonNegativeDecimalField.optional().openapi({
    description: 'In place of an amount: units of `product_ref`, at their price; only its usage counts.',
  }),
  period: z.enum(COMMITMENT_PERIODS).openapi({
    description: 'Each billing cycle, each year from the day it holds, or the contract up to its end.',
  }),
  true_up: z.boolean().default(true).openapi({
    description:
      'Bill what fees leave of the amount, on the last invoice of the period. It is earned all through the period.',
  }),
  overage_factor: nonNegativeDecimalField
    .default('1')
    .openapi({ description: 'What is billed above the amount counts so many times.' }),
  product_ref: refField
    .nullish()
    .transform((ref) => ref ?? null)
    .openapi({ description: 'The product that the line is billed as. By default the first one.' }),
})

/** Null takes the commitment away. */
export const commitmentField = commitmentSchema.nullish()

export const commitmentOut = commitmentSchema.nullable()

/** The commitment that was agreed last, or null. */
export function showCommitment({ commitments = [] }: ContractTerms): z.infer<typeof commitmentOut> {
  const last = commitments.at(-1)
  if (!last || isZero(decimal(last.quantity ?? last.amount))) return null
  const { start_date: _, end_date: __, ...commitment } = last
  return commitment
}
