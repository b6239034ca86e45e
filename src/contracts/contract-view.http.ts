import { z } from '@hono/zod-openapi'
import { modifiersSchema } from '../catalog/modifiers.http.ts'
import { priceModelSchema } from '../catalog/price.http.ts'
import { currencyField, dateField, instantOut, refField } from '../http/fields.http.ts'
import { type LocalDate, toIso } from '../kernel/calendar.ts'
import { renewalOut, showRenewal } from './changes/renewal.http.ts'
import {
  CONTRACT_STATUSES,
  type Contract,
  type ContractTerms,
  CYCLE_UNITS,
  PAYMENT_METHODS,
  PRORATIONS,
} from './contract.ts'
import { CONTRACT_STATES, contractState } from './contract-state.ts'
import type { ContractVersion } from './contracts.store.ts'
import { issueDate } from './periods/schedule.ts'
import { dateAt } from './periods/zone.ts'
import { commitmentOut, showCommitment } from './terms/commitment.http.ts'
import { priceBookOut } from './terms/contract-product.http.ts'
import { discountsOut } from './terms/discount-terms.http.ts'
import { firstInvoiceBoundary } from './terms/draft.ts'
import { scheduleOut } from './terms/price-schedule.http.ts'
import { contractTaxOut, productTaxOut, showContractTax, showTaxes } from './terms/tax-terms.http.ts'
import { TAX_ROUNDINGS } from './terms/tax-terms.ts'

const cycleOut = z.object({ unit: z.enum(CYCLE_UNITS), cycle: z.int() })

const termsOut = {
  currency: currencyField,
  timezone: z.string(),
  earlier_zones: z.array(z.object({ timezone: z.string(), until: dateField })).optional(),
  credits_unused: z.boolean().optional().openapi({
    description: 'What was billed for days after the end is given back.',
  }),
  start_date: dateField,
  end_date: dateField.nullable(),
  anchor_date: dateField,
  billing_cycle: cycleOut,
  proration: z.enum(PRORATIONS),
  issue_offset_days: z.int(),
  grace_hours: z.int(),
  net_terms: z.int(),
  max_lateness_days: z.int().nullable(),
  termination_notice_days: z.int().nullable(),
  invoicing: z.enum(['collective', 'per_product']),
  auto_charge: z.boolean(),
  payment_methods: z.array(z.enum(PAYMENT_METHODS)),
  tax: contractTaxOut,
  tax_rounding: z.enum(TAX_ROUNDINGS),
  discounts: discountsOut,
  early_payment_discount: z.object({ percent: z.string(), within_days: z.int() }).nullable(),
  po_number: z.string().nullable(),
  commitment: commitmentOut,
  renewal: renewalOut,
  custom_fields: z.record(z.string(), z.string()),
  products: z.array(
    z.object({
      product_ref: refField,
      model: priceModelSchema,
      modifiers: modifiersSchema.optional(),
      quantity: z.string(),
      billing_start_date: dateField.nullable(),
      billing_end_date: dateField.nullable(),
      billing_cycle: cycleOut.optional(),
      anchor_date: dateField.optional(),
      bill: z.literal('advance').optional(),
      trial_end_date: dateField.optional(),
      credit_removals: z.boolean().optional(),
      tax: productTaxOut,
      ...scheduleOut,
      price_book: priceBookOut.optional(),
    }),
  ),
}

export const contractSchema = z
  .object({
    contract_ref: refField,
    contract_number: z.string(),
    customer_ref: refField,
    entity_ref: refField,
    status: z.enum(CONTRACT_STATUSES),
    state: z.enum(CONTRACT_STATES).openapi({
      description: 'The status, and of an active contract whether it was amended or renewed.',
    }),
    version: z.int(),
    ...termsOut,
    next_invoice_date: dateField.nullable(),
    created_at: instantOut,
  })
  .openapi('Contract')

export const versionSchema = z
  .object({
    version: z.int(),
    effective_date: dateField,
    reason: z.string().nullable(),
    actor: z.string(),
    created_at: instantOut,
    terms: z.object(termsOut),
  })
  .openapi('ContractVersion')

function showTerms(all: ContractTerms): z.infer<z.ZodObject<typeof termsOut>> {
  const { tax_percent: _, taxes: __, commitments: ___, renewals: ____, products, ...terms } = all
  return {
    ...terms,
    max_lateness_days: terms.max_lateness_days ?? null,
    termination_notice_days: terms.termination_notice_days ?? null,
    tax: showContractTax(all),
    tax_rounding: terms.tax_rounding ?? 'per_rate',
    discounts: terms.discounts ?? [],
    early_payment_discount: terms.early_payment_discount ?? null,
    commitment: showCommitment(all),
    renewal: showRenewal(all),
    custom_fields: terms.custom_fields ?? {},
    products: products.map(({ taxes, ...product }) => ({
      ...product,
      ...(taxes && { tax: showTaxes(taxes) }),
    })),
  }
}

export function showContract(contract: Contract): z.infer<typeof contractSchema> {
  return {
    contract_ref: contract.ref,
    contract_number: contract.number,
    customer_ref: contract.customerRef,
    entity_ref: contract.entityRef,
    status: contract.status,
    state: contractState(contract),
    version: contract.version,
    ...showTerms(contract.terms),
    next_invoice_date: nextInvoiceDate(contract),
    created_at: toIso(contract.createdAt),
  }
}

function nextInvoiceDate({
  terms,
  nextCycle,
  nextCloseAt,
  billsChangeAt = null,
}: Contract): LocalDate | null {
  if (nextCloseAt === null) return null
  const ofBoundary = issueDate(terms, Math.max(nextCycle, firstInvoiceBoundary(terms)))
  const dates = [ofBoundary, ...(billsChangeAt === null ? [] : [dateAt(terms, billsChangeAt)])]
  return dates.sort()[0]!
}

export const showVersion = (version: ContractVersion): z.infer<typeof versionSchema> => ({
  version: version.version,
  effective_date: version.effectiveDate,
  reason: version.reason,
  actor: version.actor,
  created_at: toIso(version.createdAt),
  terms: showTerms(version.terms),
})
