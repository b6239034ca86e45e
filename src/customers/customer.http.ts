import { z } from '@hono/zod-openapi'
import { bodyAfter, editOf } from '../http/edit.http.ts'
import { currencyField, instantOut, nameField, refField } from '../http/fields.http.ts'
import { taxPercentField } from '../http/percent.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { randomId } from '../kernel/id.ts'
import type { Customer } from './customers.store.ts'

export const NET_TERMS_DAYS_MAX = 365

const textField = z.string().trim().max(200)

const emailsField = z
  .string()
  .max(1000)
  .refine(
    (text) => text.split(',').every((part) => z.email().safeParse(part.trim()).success),
    'must be one e-mail address, or several with commas between them',
  )
  .openapi({ example: 'billing@acme.example,cfo@acme.example' })

const cardFields = z.object({
  auto_charge: z.boolean().default(false),
  payment_gateway_id: textField.nullish().openapi({ description: 'Customer id at Stripe, cus_…' }),
  payment_gateway_card_id: textField.nullish().openapi({ description: 'Payment method at Stripe, pm_…' }),
})

const customerFields = {
  name: nameField,
  legal_name: nameField.nullish(),
  email: emailsField.nullish(),
  ein: textField.nullish().openapi({ description: 'Tax id.' }),
  phone: z.object({ countryCode: textField.optional(), phone: textField }).optional(),
  country: textField.nullish(),
  country_state: textField.nullish(),
  city: textField.nullish(),
  zip_code: textField.nullish(),
  billing_address: textField.nullish(),
  shipping_address: textField.optional(),
  currency: currencyField.nullish(),
  tax: taxPercentField.nullish().openapi({ description: 'Percent.' }),
  entity_ref: refField.nullish(),
  net_terms: z.int().min(0).max(NET_TERMS_DAYS_MAX).nullish().openapi({ description: 'Days.' }),
  billing_bank_transfer_details: z.object({ billing_account_id: refField }).optional(),
  billing_online_payment_details: cardFields.optional(),
  billing_crypto_details: z
    .object({ address: textField.optional(), tokens: z.array(textField).max(50).optional() })
    .optional()
    .openapi({ description: 'The wallet that the customer pays from.' }),
  custom_fields: z.record(z.string().max(128), z.string().max(1000)).default({}),
}

export const customerBody = z
  .object({ customer_ref: refField.optional(), ...customerFields })
  .openapi('NewCustomer')

export const customerEdit = editOf({
  ...customerFields,
  billing_online_payment_details: editOf(cardFields.shape).optional(),
}).openapi('CustomerEdit')

export const customerSchema = z
  .object({
    customer_ref: refField,
    ...customerFields,
    origin: z
      .enum(['api', 'usage'])
      .openapi({ description: '`usage`: first heard of in a usage event, not set up yet.' }),
    created_at: instantOut,
  })
  .openapi('Customer')

export const readCustomer = (body: z.infer<typeof customerBody>, now: number): Customer => ({
  ref: body.customer_ref ?? randomId('cus'),
  name: body.name,
  legalName: body.legal_name ?? null,
  email: body.email ?? null,
  taxId: body.ein ?? null,
  country: body.country ?? null,
  address: {
    line1: body.billing_address ?? undefined,
    city: body.city ?? undefined,
    state: body.country_state ?? undefined,
    zip_code: body.zip_code ?? undefined,
    country: body.country ?? undefined,
  },
  currency: body.currency ?? null,
  entityRef: body.entity_ref ?? null,
  taxPercent: body.tax ?? null,
  netTerms: body.net_terms ?? null,
  autoCharge: body.billing_online_payment_details?.auto_charge ?? false,
  stripeCustomerId: body.billing_online_payment_details?.payment_gateway_id ?? null,
  stripePaymentMethodId: body.billing_online_payment_details?.payment_gateway_card_id ?? null,
  profile: {
    phone: body.phone,
    shipping_address: body.shipping_address,
    billing_bank_transfer_details: body.billing_bank_transfer_details,
    billing_crypto_details: body.billing_crypto_details,
  },
  customFields: body.custom_fields,
  origin: 'api',
  createdAt: now,
})

/** The customer after an edit. Of the card, too, what is not sent stays. */
export function readCustomerEdit(customer: Customer, edit: z.infer<typeof customerEdit>): Customer {
  const shown = showCustomer(customer)
  const sent = edit.billing_online_payment_details
  const card = sent && { ...shown.billing_online_payment_details, ...sent }
  const body = bodyAfter(customerBody, shown, card ? { ...edit, billing_online_payment_details: card } : edit)
  return readCustomer(body, customer.createdAt)
}

export const showCustomer = (customer: Customer): z.infer<typeof customerSchema> => ({
  customer_ref: customer.ref,
  name: customer.name,
  legal_name: customer.legalName,
  email: customer.email,
  ein: customer.taxId,
  country: customer.country,
  country_state: customer.address.state ?? null,
  city: customer.address.city ?? null,
  zip_code: customer.address.zip_code ?? null,
  billing_address: customer.address.line1 ?? null,
  currency: customer.currency,
  tax: customer.taxPercent,
  entity_ref: customer.entityRef,
  net_terms: customer.netTerms,
  billing_online_payment_details: {
    auto_charge: customer.autoCharge,
    payment_gateway_id: customer.stripeCustomerId,
    payment_gateway_card_id: customer.stripePaymentMethodId,
  },
  ...customer.profile,
  custom_fields: customer.customFields,
  origin: customer.origin,
  created_at: toIso(customer.createdAt),
})
