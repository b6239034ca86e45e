import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { instant, json } from '../storage/columns.schema.ts'
import type { Address, BankAccount, CustomerProfile, ShortPayment, Wallet } from './customer.ts'

/** The sellers: the legal entities that issue invoices and keep books. */
export const legalEntities = sqliteTable('legal_entities', {
  ref: text('ref').primaryKey(),
  name: text('name').notNull(),
  legalName: text('legal_name').notNull(),
  taxId: text('tax_id'),
  email: text('email'),
  address: json<Address>('address').notNull(),
  currency: text('currency').notNull(),
  /** What its books are measured in; none: `currency`. */
  functionalCurrency: text('functional_currency'),
  /** Whose exchange rates its books are measured with. */
  fxSource: text('fx_source').notNull(),
  timezone: text('timezone').notNull(),
  /** `both`: ASC 606 in the primary book, and by how much IFRS 15 differs in the secondary one. */
  framework: text('framework', { enum: ['ASC606', 'IFRS15', 'both'] }).notNull(),
  /** Prefix of document numbers, for example `INV`. */
  invoiceSeries: text('invoice_series').notNull(),
  rounding: text('rounding', { enum: ['half_up', 'half_even'] }).notNull(),
  /** By how much a transfer may be short because of bank fees; null for not at all. */
  shortPayment: json<ShortPayment>('short_payment'),
  bankAccounts: json<BankAccount[]>('bank_accounts').notNull(),
  wallets: json<Wallet[]>('wallets').notNull(),
  createdAt: instant('created_at').notNull(),
})

export const customers = sqliteTable('customers', {
  ref: text('ref').primaryKey(),
  name: text('name').notNull(),
  legalName: text('legal_name'),
  /** Comma separated, as the seed product has it. */
  email: text('email'),
  taxId: text('tax_id'),
  country: text('country'),
  address: json<Address>('address').notNull(),
  currency: text('currency'),
  entityRef: text('entity_ref'),
  /** Percent, a decimal string. */
  taxPercent: text('tax_percent'),
  netTerms: integer('net_terms'),
  autoCharge: integer('auto_charge', { mode: 'boolean' }).notNull(),
  stripeCustomerId: text('stripe_customer_id'),
  stripePaymentMethodId: text('stripe_payment_method_id'),
  profile: json<CustomerProfile>('profile'),
  customFields: json<Record<string, string>>('custom_fields').notNull(),
  /** `usage`: first heard of in a usage event, not yet set up by finance. */
  origin: text('origin', { enum: ['api', 'usage'] }).notNull(),
  createdAt: instant('created_at').notNull(),
})
