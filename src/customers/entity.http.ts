import { z } from '@hono/zod-openapi'
import { bodyAfter, editOf } from '../http/edit.http.ts'
import {
  currencyField,
  instantOut,
  nameField,
  nonNegativeDecimalField,
  refField,
  timezoneField,
} from '../http/fields.http.ts'
import { toIso } from '../kernel/calendar.ts'
import { randomId } from '../kernel/id.ts'
import { compare, decimal, rational } from '../kernel/rational.ts'
import { addressSchema, lineField } from './address.http.ts'
import type { LegalEntity } from './customers.store.ts'
import { bankAccountsField, walletsField } from './pay-in.http.ts'

const entityFields = {
  name: nameField,
  legal_name: nameField.nullish(),
  tax_id: lineField.nullish(),
  email: z.email().nullish(),
  address: addressSchema.default({}),
  currency: currencyField,
  functional_currency: currencyField
    .nullable()
    .openapi({ description: 'What its books are measured in; null: the same as `currency`.' })
    .default(null),
  fx_source: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'must be up to 32 small letters, digits, hyphens or underscores')
    .openapi({ description: 'Whose exchange rates its books are measured with.' })
    .default('ecb'),
  timezone: timezoneField.default('UTC'),
  framework: z.enum(['ASC606', 'IFRS15', 'both']).default('ASC606').openapi({
    description:
      'With `both` the primary book follows ASC 606; the secondary one holds what IFRS 15 differs by.',
  }),
  invoice_series: z
    .string()
    .regex(/^[A-Z0-9]{1,12}$/, 'must be 1 to 12 capital letters and digits')
    .openapi({ description: 'Prefix of document numbers.' })
    .default('INV'),
  rounding: z
    .enum(['half_up', 'half_even'])
    .openapi({ description: 'How an amount of exactly half a minor unit is rounded.' })
    .default('half_up'),
  short_payment: z
    .strictObject({
      amount: nonNegativeDecimalField,
      percent: nonNegativeDecimalField.refine(
        (text) => compare(decimal(text), rational(100n)) <= 0,
        'is at most 100',
      ),
    })
    .nullish()
    .openapi({
      description: 'By how much a transfer may be short because of bank fees: the smaller of the two.',
    }),
  bank_accounts: bankAccountsField,
  wallets: walletsField,
}

export const entityBody = z.object({ entity_ref: refField.optional(), ...entityFields }).openapi('NewEntity')

export const entityEdit = editOf(entityFields).openapi('EntityEdit')

export const entitySchema = z
  .object({ entity_ref: refField, ...entityFields, created_at: instantOut })
  .openapi('Entity')

export const readEntity = (body: z.infer<typeof entityBody>, now: number): LegalEntity => ({
  ref: body.entity_ref ?? randomId('ent'),
  name: body.name,
  legalName: body.legal_name ?? body.name,
  taxId: body.tax_id ?? null,
  email: body.email ?? null,
  address: body.address,
  currency: body.currency,
  functionalCurrency: body.functional_currency,
  fxSource: body.fx_source,
  timezone: body.timezone,
  framework: body.framework,
  invoiceSeries: body.invoice_series,
  rounding: body.rounding,
  shortPayment: body.short_payment ?? null,
  bankAccounts: body.bank_accounts,
  wallets: body.wallets,
  createdAt: now,
})

/** The entity after an edit. */
export const readEntityEdit = (entity: LegalEntity, edit: z.infer<typeof entityEdit>): LegalEntity =>
  readEntity(bodyAfter(entityBody, showEntity(entity), edit), entity.createdAt)

export const showEntity = (entity: LegalEntity): z.infer<typeof entitySchema> => ({
  entity_ref: entity.ref,
  name: entity.name,
  legal_name: entity.legalName,
  tax_id: entity.taxId,
  email: entity.email,
  address: entity.address,
  currency: entity.currency,
  functional_currency: entity.functionalCurrency,
  fx_source: entity.fxSource,
  timezone: entity.timezone,
  framework: entity.framework,
  invoice_series: entity.invoiceSeries,
  rounding: entity.rounding,
  short_payment: entity.shortPayment,
  bank_accounts: entity.bankAccounts,
  wallets: entity.wallets,
  created_at: toIso(entity.createdAt),
})
