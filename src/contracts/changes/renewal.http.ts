import { z } from '@hono/zod-openapi'
import { dateField } from '../../http/fields.http.ts'
import { percentField } from '../../http/percent.http.ts'
import type { ContractTerms } from '../contract.ts'

const TERM_MONTHS_MAX = 120
const NOTICE_DAYS_MAX = 365
const UPLIFT_PERCENT_MAX = 100n

const renewalSchema = z.strictObject({
  auto: z.boolean().default(true),
  term_months: z.int().min(1).max(TERM_MONTHS_MAX).default(12),
  notice_days: z.int().min(0).max(NOTICE_DAYS_MAX).default(30).openapi({
    description: 'Notice is given before this many days remain; on that day the contract renews.',
  }),
  price_uplift_percent: percentField(UPLIFT_PERCENT_MAX)
    .nullish()
    .transform((percent) => percent ?? null)
    .openapi({ description: 'Raises prices that have no ramp or escalator with each renewal.' }),
})

/** Null: the contract ends on its end_date. Agreed anew, it takes back a notice. */
export const renewalField = renewalSchema
  .transform((renewal) => ({ ...renewal, notice_date: null }))
  .nullish()

export const renewalOut = renewalSchema.extend({ notice_date: dateField.nullable() }).nullable()

export const showRenewal = ({ renewal }: ContractTerms): z.infer<typeof renewalOut> => renewal ?? null
