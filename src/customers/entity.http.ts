import { z } from '@hono/zod-openapi'
import { isValidBIC, isValidIBAN } from 'ibantools'
import { isAddress } from 'viem/utils'
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
import type { LegalEntity } from './customers.store.ts'
import { faultOfXpub } from './wallet.ts'

const lineField = z.string().trim().max(200)

const addressSchema = z.object({
  line1: lineField.optional(),
  line2: lineField.optional(),
  city: lineField.optional(),
  state: lineField.optional(),
  zip_code: lineField.optional(),
  country: lineField.optional(),
})

const bankAccountSchema = z.strictObject({
  id: refField,
  currency: currencyField,
  beneficiary: nameField,
  bank_name: nameField,
  iban: z
    .string()
    .transform((text) => text.replaceAll(' ', '').toUpperCase())
    .refine((iban) => isValidIBAN(iban), 'must be an IBAN whose check digits are right')
    .optional(),
  bic: z
    .string()
    .refine((bic) => isValidBIC(bic), 'must be a BIC of 8 or 11 characters')
    .optional(),
  account_number: lineField.optional(),
  routing_number: lineField.optional(),
})

const tokenSchema = z.strictObject({
  symbol: z.string().trim().min(1).max(20),
  address: z
    .string()
    .refine((text) => isAddress(text), 'must be a contract address: 0x and 40 hex digits, checksum right')
    .transform((text) => text.toLowerCase()),
  decimals: z.int().min(0).max(36),
  currency: currencyField,
})

const walletSchema = z.strictObject({
  id: refField,
  xpub: z
    .string()
    .max(200)
    .superRefine((text, context) => {
      const fault = faultOfXpub(text)
      if (fault) context.addIssue({ code: 'custom', message: fault.message })
    })
    .openapi({ description: "Extended public key of the change level, m/44'/60'/n'/0." }),
  chains: z
    .array(z.strictObject({ chain_id: z.int().positive(), tokens: z.array(tokenSchema).min(1).max(50) }))
    .min(1)
    .max(50)
    .refine((chains) => isUnique(chains.map((chain) => chain.chain_id)), 'names a chain twice'),
})

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
  bank_accounts: z.array(bankAccountSchema).max(50).refine(haveUniqueIds, 'two have the same id').default([]),
  wallets: z
    .array(walletSchema)
    .max(20)
    .refine(haveUniqueIds, 'two have the same id')
    .refine((wallets) => isUnique(wallets.map((wallet) => wallet.xpub)), 'two have the same xpub')
    .default([]),
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

const isUnique = (values: readonly (string | number)[]): boolean => new Set(values).size === values.length

function haveUniqueIds(items: readonly { id: string }[]): boolean {
  return isUnique(items.map((item) => item.id))
}
