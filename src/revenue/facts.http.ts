import { z } from '@hono/zod-openapi'
import { positiveDecimalField } from '../catalog/price-fields.http.ts'
import { USAGE_POLICIES } from '../catalog/product.ts'
import { instantOut, nonNegativeDecimalField, refField } from '../http/fields.http.ts'
import { toIso } from '../kernel/calendar.ts'
import type { FactBody } from './accounting/facts.ts'
import { deliveryFields, namedDelivery } from './deliveries.http.ts'
import type { RevenueFact } from './facts.store.ts'
import { TREATMENTS } from './modification/amendment.ts'
import { criteriaFields } from './preview/criteria.http.ts'
import { estimateFields } from './preview/deal.http.ts'
import { discountOptionField, planDate } from './preview/obligation.http.ts'
import { ENDINGS } from './transaction-price/non-refundable.ts'

const CONTRACTS_MAX = 20

const common = {
  effective_date: planDate,
  reason: z
    .string()
    .trim()
    .min(1)
    .max(1_000)
    .openapi({ description: 'Why, and by what evidence; kept for ever.' }),
}

const factBodies = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('delivery'), ...common, ...deliveryFields }),
  z.strictObject({
    kind: z.literal('estimate'),
    ...common,
    key: refField.openapi({
      description: 'Its name: the next estimate of it replaces this one from its day on.',
    }),
    promised: z.enum(['inception', 'modification']).default('inception').openapi({
      description: 'Whether it was promised with the contract, or with a later modification of it.',
    }),
    ...estimateFields,
    target: refField.optional().openapi({
      description:
        'The one product that it relates to. Of a usage product: what its usage will come to, which counts in what remains (`rpo`) and in no price.',
    }),
    until: planDate.optional().openapi({
      description: 'Of usage: the last day that it is for; by default the last of the agreed term.',
    }),
  }),
  z.strictObject({
    kind: z.literal('usage_policy'),
    ...common,
    product_ref: refField.openapi({ description: 'A usage product of the contract.' }),
    policy: z.enum(USAGE_POLICIES).openapi({
      description: 'Why its usage is revenue as it happens, in place of what the product is set to.',
    }),
  }),
  z.strictObject({
    kind: z.literal('treatment'),
    ...common,
    version: z.int().min(2).openapi({ description: 'The version of the contract that is judged.' }),
    treatment: z.enum(TREATMENTS),
  }),
  z.strictObject({
    kind: z.literal('credit'),
    ...common,
    credit_ref: refField.openapi({ description: 'The name of the price cut: each counts once.' }),
    product_ref: refField,
    amount: positiveDecimalField,
  }),
  z.strictObject({
    kind: z.literal('criteria'),
    ...common,
    framework: z.enum(['ASC606', 'IFRS15']).optional().openapi({
      description: 'The one framework under which it is judged so; by default both.',
    }),
    ...criteriaFields,
  }),
  z.strictObject({
    kind: z.literal('non_refundable'),
    ...common,
    key: refField.openapi({
      description: 'Its name: what is kept counts once, by the first event that counts.',
    }),
    event: z.enum(ENDINGS).openapi({
      description:
        '`completed`: all was performed and substantially all of it paid. `terminated`: the contract. `stopped`: nothing more is given or owed for what was paid; counts under ASC 606 alone.',
    }),
    product_ref: refField.openapi({ description: 'The product of the contract whose revenue it is.' }),
    amount: positiveDecimalField.openapi({
      description: 'What was received and need not be given back, without tax.',
    }),
  }),
  z.strictObject({
    kind: z.literal('payable'),
    ...common,
    key: refField,
    amount: positiveDecimalField,
    fair_value_received: nonNegativeDecimalField.optional().openapi({
      description: 'Of a distinct good or service that the seller gets for it. By default nothing.',
    }),
  }),
  z.strictObject({
    kind: z.literal('material_right'),
    ...common,
    key: refField,
    product_ref: refField.openapi({ description: 'The product of the contract whose revenue it is.' }),
    option: discountOptionField,
    expires: planDate.openapi({
      description: 'The day on which its share of the price is earned, if it was not used.',
    }),
  }),
  z.strictObject({
    kind: z.literal('exercise'),
    ...common,
    key: refField.openapi({ description: 'The material right that was used.' }),
  }),
  z.strictObject({
    kind: z.literal('combination'),
    ...common,
    contract_refs: z
      .array(refField)
      .min(1)
      .max(CONTRACTS_MAX)
      .openapi({ description: 'The others that were negotiated together with this one.' }),
  }),
])

export const factBody = factBodies.openapi('NewRevenueFact')

export const factSchema = z
  .object({
    fact_id: z.string(),
    contract_ref: z.string(),
    kind: z.string(),
    effective_date: z.string(),
    body: z.record(z.string(), z.unknown()),
    reason: z.string().nullable(),
    actor: z.string(),
    created_at: instantOut,
  })
  .openapi('RevenueFact')

/** A stated fact without what it is filed under; a delivery gets the name of its content where it has none. */
export function readFact(sent: z.infer<typeof factBody>): FactBody {
  const { effective_date, reason: _, ...body } = sent
  return body.kind === 'delivery' ? namedDelivery(body, effective_date) : body
}

export const showFact = (row: RevenueFact): z.infer<typeof factSchema> => {
  const { kind, ...body } = row.body
  return {
    fact_id: row.id,
    contract_ref: row.contractRef,
    kind,
    effective_date: row.effectiveDate,
    body,
    reason: row.reason,
    actor: row.actor,
    created_at: toIso(row.createdAt),
  }
}
