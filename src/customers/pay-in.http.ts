import { z } from '@hono/zod-openapi'
import { isValidBIC, isValidIBAN } from 'ibantools'
import { isAddress } from 'viem/utils'
import { currencyField, nameField, refField } from '../http/fields.http.ts'
import { lineField } from './address.http.ts'
import { faultOfXpub } from './wallet.ts'

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

/** The bank accounts that a seller is paid to by wire. */
export const bankAccountsField = z
  .array(bankAccountSchema)
  .max(50)
  .refine(haveUniqueIds, 'two have the same id')
  .default([])

/** The wallets that a seller is paid to in tokens. */
export const walletsField = z
  .array(walletSchema)
  .max(20)
  .refine(haveUniqueIds, 'two have the same id')
  .refine((wallets) => isUnique(wallets.map((wallet) => wallet.xpub)), 'two have the same xpub')
  .default([])

const isUnique = (values: readonly (string | number)[]): boolean => new Set(values).size === values.length

function haveUniqueIds(items: readonly { id: string }[]): boolean {
  return isUnique(items.map((item) => item.id))
}
