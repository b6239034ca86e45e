import { z } from '@hono/zod-openapi'
import { refField } from '../http/fields.http.ts'
import { percentField } from '../http/percent.http.ts'
import type { Fault } from '../kernel/problem.ts'
import { compare, decimal, isZero, multiply, rational } from '../kernel/rational.ts'
import { AVAILABLE, CREDIT_UNITS, type CreditTerms } from './credit-terms.ts'
import { positiveDecimalField, refinedBy } from './price-fields.http.ts'

const CYCLES_MAX = 120
const PRIORITY_MAX = 100
const PRIORITY = 50
const BILLED_WITHIN_DAYS_MAX = 60
const BILLED_WITHIN_DAYS = 7
const REFS_MAX = 100
/** More credit for the money than this is a slip of the hand. */
const RATE_MAX = rational(1_000n)

const fields = {
  paid: positiveDecimalField.default('1').openapi({
    example: '1000.00',
    description: 'How much of the price buys `granted`, in the currency of the invoice.',
  }),
  granted: positiveDecimalField.default('1').openapi({
    example: '1200.00',
    description: 'Of every `paid` of the price so much is credited: 1,000.00 for 1,200.00.',
  }),
  available: z.enum(AVAILABLE).default('on_payment').openapi({
    description: '`on_payment`: once nothing is open of the invoice. `on_issue`: at once.',
  }),
  before_tax: z.boolean().optional().openapi({
    description: 'Lowers what is taxed. Default: where it was taxed when it was sold.',
  }),
  priority: z
    .int()
    .min(0)
    .max(PRIORITY_MAX)
    .default(PRIORITY)
    .openapi({ description: 'Lower is used first.' }),
  expires_after: z
    .strictObject({ unit: z.enum(CREDIT_UNITS), cycle: z.int().min(1).max(CYCLES_MAX).default(1) })
    .optional()
    .openapi({
      description:
        'Counted from the first day of the service that is billed in advance, or from the day of issue. Default: never.',
    }),
  billed_within_days: z.int().min(0).max(BILLED_WITHIN_DAYS_MAX).default(BILLED_WITHIN_DAYS).openapi({
    description: 'Days after its end in which invoices for services before it may still use it.',
  }),
  rollover: z
    .strictObject({ share_percent: percentField(100n).default('100'), cap: positiveDecimalField.optional() })
    .optional()
    .openapi({ description: 'What of the leftover is good for `expires_after` once more.' }),
  product_refs: z.array(refField).min(1).max(REFS_MAX).optional().openapi({
    description: 'The products that it pays for. Default: any.',
  }),
  overage: z.enum(['due', 'refuse']).default('due').openapi({
    description:
      '`due`: the customer owes what it does not cover. `refuse`: it pays all that it may pay for, or nothing.',
  }),
  expected_use_percent: percentField(100n)
    .refine((text) => !isZero(decimal(text)), 'must be above zero')
    .optional()
    .openapi({ description: 'Breakage of the rest is earned in proportion to use.' }),
}

/** That a product sells prepaid credit, and what becomes of that. */
export const creditTermsField = z.strictObject(fields).superRefine(refinedBy(faultsOfCredit))

/** No fee may come to less credit than it costs: what is left of the price would be earned by nothing. */
function faultsOfCredit({ paid, granted, rollover, expires_after }: CreditTerms): Fault[] {
  const [price, credit] = [decimal(paid), decimal(granted)]
  if (isZero(price)) return []
  return [
    ...(compare(credit, price) < 0
      ? [
          {
            path: 'granted',
            message: 'must not be less than `paid`: sell what is no credit as a product of its own',
          },
        ]
      : []),
    ...(compare(credit, multiply(price, RATE_MAX)) > 0
      ? [{ path: 'granted', message: 'must be at most 1000 times `paid`' }]
      : []),
    ...(rollover && !expires_after
      ? [{ path: 'rollover', message: 'needs `expires_after`: credit without an end is never left over' }]
      : []),
  ]
}
