import { z } from '@hono/zod-openapi'
import { currencyField, moneyOut } from '../../http/fields.http.ts'

export const allocationSchema = z.record(z.string(), moneyOut)
export const explanationSchema = z.object({ text: z.string(), paragraph: z.string() })
const treatment = z.enum(['separate_contract', 'prospective', 'catch_up', 'mixed', 'estimate'])

/** What an estimate comes to. */
export const variableFields = {
  key: z.string(),
  estimate: z.string().openapi({ description: 'Before the constraint, in major units.' }),
  included: moneyOut,
}

export const transactionPriceSchema = z.object({
  fixed: moneyOut,
  variable: z.array(z.object(variableFields)),
  payable_to_customer: moneyOut,
  tax_excluded: moneyOut,
  total: moneyOut,
})

export const scheduleSchema = z.array(z.object({ period: z.string(), key: z.string(), amount: moneyOut }))

export const modificationSchema = z.object({
  effective_date: z.string(),
  treatment,
  by_rule: treatment,
  transaction_price: moneyOut,
  allocation: allocationSchema,
  explanations: z.array(explanationSchema),
})

export const financingSchema = z
  .array(
    z.object({
      lender: z.enum(['customer', 'seller']),
      date: z.string(),
      amount: moneyOut,
      paragraph: z.string(),
    }),
  )
  .openapi({ description: 'More than a year between payment and service: to be judged, not computed.' })

export const dealAnswer = z
  .object({
    framework: z.enum(['ASC606', 'IFRS15']),
    currency: currencyField,
    is_contract: z.boolean(),
    transaction_price: transactionPriceSchema,
    allocation: allocationSchema.openapi({
      description: 'By obligation, at inception; usage billed as used has none.',
    }),
    schedule: scheduleSchema,
    modifications: z.array(modificationSchema),
    adjustments: z
      .array(z.object({ date: z.string(), key: z.string(), amount: moneyOut }))
      .openapi({ description: 'What the schedule holds of catch-ups: revenue of service given before.' }),
    journal: z.array(
      z.object({
        posting_date: z.string(),
        event: z.string(),
        description: z.string(),
        postings: z.array(
          z.object({ account: z.string(), key: z.string().nullable(), debit: moneyOut, credit: moneyOut }),
        ),
      }),
    ),
    positions: z.array(
      z.object({
        period: z.string(),
        billed: moneyOut,
        recognised: moneyOut,
        net_position: moneyOut,
        contract_liability: moneyOut,
        contract_asset: moneyOut,
        unbilled_receivable: moneyOut,
      }),
    ),
    financing: financingSchema,
    explanations: z.array(explanationSchema),
  })
  .openapi('RevenuePreview')

export type DealAnswer = z.infer<typeof dealAnswer>
