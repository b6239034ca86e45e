import { z } from '@hono/zod-openapi'
import { NET_TERMS_DAYS_MAX } from '../customers/customer.http.ts'
import { currencyField, refField, timezoneField } from '../http/fields.http.ts'
import { percentField } from '../http/percent.http.ts'
import { BILL_MODES } from './changes/amendment-plan.ts'
import { APPLY_MODES } from './changes/change-date.ts'
import { CANCELLATION_MODES } from './changes/plan-change.ts'
import { renewalField } from './changes/renewal.http.ts'
import { PAYMENT_METHODS } from './contract.ts'
import {
  ANCHORED_TWICE,
  alignmentField,
  anchoredOnce,
  billingCycleSchema,
  billingDateField,
  prorationField,
} from './terms/billing-cycle.http.ts'
import { commitmentField } from './terms/commitment.http.ts'
import { productsField } from './terms/contract-product.http.ts'
import { discountsField } from './terms/discount-terms.http.ts'
import { ISSUE_OFFSET_DAYS_MAX } from './terms/faults.ts'
import { taxField, taxRoundingField } from './terms/tax-terms.http.ts'

const GRACE_HOURS_MAX = 30 * 24
const LATENESS_DAYS_MAX = 3660

const numberField = z.string().trim().min(1).max(64)

/** What an amendment may change as well. */
const settings = {
  net_terms: z.int().min(0).max(NET_TERMS_DAYS_MAX).optional().openapi({ description: 'Days.' }),
  max_lateness_days: z.int().min(1).max(LATENESS_DAYS_MAX).nullish().openapi({
    description: 'Usage events older than this are refused. Null, the default: events of any age are taken.',
  }),
  invoicing: z.enum(['collective', 'per_product']).optional(),
  auto_charge: z.boolean().optional(),
  payment_methods: z
    .array(z.enum(PAYMENT_METHODS))
    .transform((methods) => [...new Set(methods)])
    .optional(),
  tax: taxField,
  tax_rounding: taxRoundingField,
  discounts: discountsField,
  early_payment_discount: z
    .strictObject({
      percent: percentField(100n),
      within_days: z.int().min(1).max(NET_TERMS_DAYS_MAX),
    })
    .nullish()
    .openapi({ description: 'Of the whole invoice, days counted from its date. Null: none.' }),
  po_number: numberField.nullish(),
  commitment: commitmentField,
  renewal: renewalField,
  custom_fields: z.record(z.string().max(128), z.string().max(1000)).optional(),
}

const contractFields = {
  contract_ref: refField.optional(),
  contract_number: numberField.optional(),
  draft: z.boolean().optional().openapi({
    description: 'True: a quote, which bills nothing until it is activated.',
  }),
  customer_ref: refField,
  entity_ref: refField.optional().openapi({ description: "By default the customer's." }),
  currency: currencyField.optional(),
  timezone: timezoneField.optional().openapi({ description: "By default the entity's." }),
  start_date: billingDateField,
  end_date: billingDateField.nullish().openapi({
    description:
      'Exclusive: the first day after the contract, so a year from 1 January ends on 1 January. Null: no end.',
  }),
  billing_cycle: billingCycleSchema.default({ unit: 'MONTHLY', cycle: 1 }),
  anchor_date: billingDateField.optional().openapi({
    description: 'The date that billing cycles are counted from. By default as `alignment` says.',
  }),
  alignment: alignmentField,
  proration: prorationField,
  issue_day: billingDateField.optional().openapi({
    description: 'The date of the first invoice; later ones keep its distance to their cycle.',
  }),
  issue_offset_days: z
    .int()
    .min(0)
    .max(ISSUE_OFFSET_DAYS_MAX)
    .optional()
    .openapi({ description: 'Days from the end of a cycle to its invoice.' }),
  grace_hours: z
    .int()
    .min(0)
    .max(GRACE_HOURS_MAX)
    .default(0)
    .openapi({ description: 'Hours to wait for late usage before the invoice is made.' }),
  termination_notice_days: z.int().min(0).max(LATENESS_DAYS_MAX).nullish().openapi({
    description:
      'Where it may be ended at any time without penalty, the days of notice: revenue then knows no fixed term.',
  }),
  ...settings,
  invoicing: settings.invoicing.default('collective'),
  payment_methods: settings.payment_methods.default([...PAYMENT_METHODS]),
}

type Dated = {
  issue_day?: unknown
  issue_offset_days?: unknown
  anchor_date?: unknown
  alignment?: unknown
}

const datedOnce = <T extends z.ZodType<Dated>>(body: T) =>
  body
    .refine((sent) => sent.issue_day === undefined || sent.issue_offset_days === undefined, {
      path: ['issue_day'],
      message: 'send issue_day or issue_offset_days, not both',
    })
    .refine(anchoredOnce, ANCHORED_TWICE)

/** A contract that may take its prices from price books. */
export const contractBody = datedOnce(z.strictObject({ ...contractFields, products: productsField })).openapi(
  'NewContract',
)

export const amendmentBody = z
  .strictObject({
    effective_date: billingDateField.optional().openapi({
      description:
        'A day of the running cycle, or one that is not invoiced yet. By default the first day of the next cycle.',
    }),
    apply: z.enum(APPLY_MODES).default('by_direction').openapi({
      description:
        'By direction: inside the running cycle, or a longer one of the product, a higher fee in advance begins on the day, a lower one or none at its end; usage prices change with the next cycle.',
    }),
    bill: z.enum(BILL_MODES).default('next').openapi({
      description:
        'Credit and charge for the days left come on the next invoice, or now on one of their own.',
    }),
    timezone: timezoneField.optional().openapi({
      description: 'The running cycle ends in the zone that it began in; the next one begins there.',
    }),
    reason: z.string().trim().max(500).optional(),
    ...settings,
    products: productsField.optional().openapi({
      description: 'All products with their prices from that day on; one that is left out ends.',
    }),
  })
  .openapi('ContractAmendment')

export const cancellationBody = z
  .strictObject({
    end_date: billingDateField
      .optional()
      .openapi({ description: 'Exclusive. By default, and at the earliest, the end that `mode` gives.' }),
    mode: z.enum(CANCELLATION_MODES).default('period_end').openapi({
      description:
        'The end of the running cycle, or of a longer one that a product is paid for; or now: usage is billed up to the day, and fees in advance for the days after it are given back or not.',
    }),
    termination_day_used: z
      .boolean()
      .default(false)
      .openapi({ description: 'Ends a contract that ends now one day later, so that this day is billed.' }),
    reason: z.string().trim().max(500).optional(),
  })
  .transform(({ mode, termination_day_used: dayIsUsed, ...rest }) => ({ ...rest, by: { mode, dayIsUsed } }))
  .openapi('ContractCancellation')

export const noticeBody = z
  .strictObject({ reason: z.string().trim().max(500).optional() })
  .openapi('ContractNotice')
