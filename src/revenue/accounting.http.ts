import { z } from '@hono/zod-openapi'
import { USAGE_POLICIES } from '../catalog/product.ts'
import { currencyField, moneyOut, pageQuery, refField } from '../http/fields.http.ts'
import { factSchema } from './facts.http.ts'
import {
  allocationSchema,
  explanationSchema,
  financingSchema,
  modificationSchema,
  scheduleSchema,
  transactionPriceSchema,
  variableFields,
} from './preview/answer.http.ts'

const framework = z.enum(['ASC606', 'IFRS15'])

export const contractsQuery = pageQuery.extend({ entity_ref: refField.optional() })
export const frameworkQuery = z.object({
  framework: framework.optional().openapi({
    description: 'By default that of the primary book; with the other one `differences` tell them apart.',
  }),
})

const summary = {
  contract_ref: z.string(),
  entity_ref: z.string(),
  customer_ref: z.string(),
  currency: currencyField,
  accounted_with: z
    .array(z.string())
    .openapi({ description: 'The contracts that are accounted for as one.' }),
  basis: z.enum(['ssp', 'stated', 'lines']).nullable().openapi({
    description:
      '`ssp`: the price is divided by selling prices. `stated`: what is earned by deliveries, at its own price. `lines`: each invoice line by itself. Null: not planned yet.',
  }),
  basis_reason: z.string().nullable(),
  covers: z.array(z.string()).openapi({ description: 'Products whose fees follow the plan.' }),
  problem: z.string().nullable().openapi({ description: 'Why the latest state allows no plan.' }),
}

export const contractSummarySchema = z.object(summary).openapi('RevenueContractSummary')

const obligation = z.object({
  key: z.string(),
  contract_ref: z.string(),
  product_ref: z.string(),
  method: z.string(),
  agreed_on: z.string(),
  allocated: moneyOut,
  recognised: moneyOut.openapi({ description: 'Posted to the journal.' }),
  remaining: moneyOut,
})

const usage = z.object({
  contract_ref: z.string(),
  product_ref: z.string(),
  policies: z
    .array(
      z.object({
        from: z.string(),
        policy: z.enum(USAGE_POLICIES),
        decided_by: z.enum(['default', 'product', 'judgement']).openapi({
          description: 'What was set of the product when the contract was planned with it, or a stated fact.',
        }),
        reason: z.string().nullable().openapi({ description: 'Of a judgement.' }),
        explanations: z.array(explanationSchema),
      }),
    )
    .openapi({ description: 'Why it is revenue as it happens, by the days from which that holds.' }),
  estimates: z
    .array(
      z.object({
        ...variableFields,
        from: z.string(),
        until: z.string().openapi({ description: 'The last day that it is for.' }),
        explanations: z.array(explanationSchema),
      }),
    )
    .openapi({ description: 'What it will come to; the next of a key takes its place from its day on.' }),
})

export const contractAnswer = z
  .object({
    ...summary,
    framework,
    ssp_version: z.int().nullable(),
    criteria: z
      .object({
        is_contract: z.boolean().openapi({ description: 'As it was judged last.' }),
        unmet: z
          .array(z.object({ from: z.string(), until: z.string().nullable() }))
          .openapi({ description: 'Days on which nothing is revenue; `until` is null while that lasts.' }),
        explanations: z.array(explanationSchema),
      })
      .openapi({ description: 'Step 1: whether there is a contract at all.' }),
    position: z.object({
      net_position: moneyOut,
      contract_liability: moneyOut,
      contract_asset: moneyOut,
      unbilled_receivable: moneyOut,
    }),
    financing: financingSchema,
    usage: z.array(usage),
    plan: z
      .object({
        is_contract: z.boolean(),
        transaction_price: transactionPriceSchema,
        allocation: allocationSchema.openapi({ description: 'At inception.' }),
        obligations: z.array(obligation),
        modifications: z.array(
          modificationSchema.extend({
            contract_ref: z.string(),
            version: z.int().nullable().openapi({ description: 'Of the contract; null for a stated fact.' }),
          }),
        ),
        schedule: scheduleSchema,
        explanations: z.array(explanationSchema),
      })
      .nullable(),
    differences: scheduleSchema.openapi({ description: 'By how much the primary book has otherwise.' }),
    facts: z.array(factSchema),
  })
  .openapi('RevenueContract')

export type ContractAnswer = z.infer<typeof contractAnswer>
