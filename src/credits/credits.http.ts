import { z } from '@hono/zod-openapi'
import { LAST_DATE } from '../contracts/periods/schedule.ts'
import { billingCycleSchema } from '../contracts/terms/billing-cycle.http.ts'
import {
  currencyField,
  decimalField,
  instantOut,
  moneyOut,
  nameField,
  nonNegativeDecimalField,
  refField,
} from '../http/fields.http.ts'
import { compare, decimal, rational } from '../kernel/rational.ts'
import { GRANT_KINDS, GRANT_SOURCES, MONEY_ACCOUNTS, OVERAGES } from './grant.ts'
import { MOVEMENT_KINDS, SETTLEMENTS } from './movement.ts'

const REFS_MAX = 100
const PRIORITY_MAX = 100
const BILLED_WITHIN_DAYS_MAX = 60
const BILLED_WITHIN_DAYS = 7

const instantField = z.iso
  .datetime({ offset: true, message: 'must be an instant of RFC 3339 such as 2026-01-31T09:00:00Z' })
  .refine(
    (text) => text >= '1900' && text.slice(0, LAST_DATE.length) <= LAST_DATE,
    `must be between 1900 and ${LAST_DATE}`,
  )
  .openapi({ format: 'date-time' })
const refsField = z.array(refField).min(1).max(REFS_MAX).optional()

const rolloverSchema = z.strictObject({
  share_percent: nonNegativeDecimalField
    .refine((text) => compare(decimal(text), rational(100n)) <= 0, 'must be 100 or less')
    .default('100')
    .openapi({ description: 'Of what is left; rounded down.' }),
  cap: decimalField.optional().openapi({ description: 'The most that is carried over.' }),
})

export const grantBody = z
  .strictObject({
    credit_ref: refField
      .refine((ref) => ref !== 'balance', 'is the name of a call; take another')
      .optional()
      .openapi({ description: 'Your own name for it. Sent again with the same content nothing changes.' }),
    customer_ref: refField,
    entity_ref: refField.optional().openapi({ description: 'The seller; by default that of the customer.' }),
    name: nameField.default('Credit').openapi({ description: 'Printed on the invoices that use it.' }),
    currency: currencyField,
    amount: decimalField,
    kind: z.enum(GRANT_KINDS).default('promotional'),
    cost_basis: decimalField.optional().openapi({
      description:
        'The money received for paid credit; by default its amount. Revenue is this, and not the amount.',
    }),
    received_in: z.enum(MONEY_ACCOUNTS).optional().openapi({ description: 'Default `manual_clearing`.' }),
    before_tax: z.boolean().optional().openapi({
      description: 'Lowers what is taxed. Default: promotional credit does, paid credit does not.',
    }),
    priority: z
      .int()
      .min(0)
      .max(PRIORITY_MAX)
      .optional()
      .openapi({ description: 'Lower is used first; default 50.' }),
    effective_at: instantField.optional().openapi({ description: 'Default: now.' }),
    expires_at: instantField
      .optional()
      .openapi({ description: 'It pays for services that begin before this instant. Default: never.' }),
    billed_within_days: z
      .int()
      .min(0)
      .max(BILLED_WITHIN_DAYS_MAX)
      .default(BILLED_WITHIN_DAYS)
      .openapi({ description: 'How long after `expires_at` an invoice for such services may use it.' }),
    contract_refs: refsField.openapi({ description: 'The contracts that it pays for. Default: any.' }),
    product_refs: refsField.openapi({ description: 'The products that it pays for. Default: any.' }),
    overage: z.enum(OVERAGES).default('due').openapi({
      description: '`due`: what it does not cover is due. `refuse`: it is used only where it covers all.',
    }),
    expected_use: decimalField.optional().openapi({
      description: 'How much of paid credit is expected to be used: breakage is earned in proportion to use.',
    }),
    recurrence: billingCycleSchema
      .extend({
        until: instantField.optional().openapi({ description: 'No grant begins at or after this.' }),
        rollover: rolloverSchema.optional().openapi({ description: 'Default: nothing is carried over.' }),
      })
      .optional()
      .openapi({ description: 'Grants the same again every cycle, in place of what is left.' }),
  })
  .openapi('CreditGrant')

export const voidBody = z
  .strictObject({
    amount: decimalField.optional().openapi({ description: 'Default: all that is left.' }),
    settlement: z.enum(SETTLEMENTS).optional().openapi({
      description: 'For paid credit: `refund` pays the money back, `forfeit` makes it revenue.',
    }),
    reason: z.string().trim().min(1).max(500).optional(),
  })
  .openapi('CreditVoid')

export const creditSchema = z
  .object({
    credit_ref: z.string(),
    customer_ref: z.string(),
    entity_ref: z.string(),
    name: z.string(),
    kind: z.enum(GRANT_KINDS),
    source: z.enum(GRANT_SOURCES),
    currency: z.string(),
    amount: moneyOut,
    cost_basis: moneyOut,
    before_tax: z.boolean(),
    priority: z.int(),
    effective_at: instantOut,
    expires_at: instantOut.nullable(),
    billed_within_days: z.int(),
    contract_refs: z.array(z.string()).nullable(),
    product_refs: z.array(z.string()).nullable(),
    invoice_ref: z.string().nullable().openapi({ description: 'The invoice that sold it.' }),
    awaits_payment: z.boolean().openapi({ description: 'Not to be used before that invoice is paid.' }),
    overage: z.enum(OVERAGES),
    recurrence: z
      .object({
        unit: z.string(),
        cycle: z.int(),
        until: instantOut.nullable(),
        rollover: z.object({ share_percent: z.string(), cap: moneyOut.nullable() }).nullable(),
      })
      .nullable(),
    balance: moneyOut,
    used: moneyOut,
    expired: moneyOut,
    voided: moneyOut,
    rolled_over: moneyOut,
    owed: moneyOut.openapi({ description: 'The liability for what is left of paid credit.' }),
    created_at: instantOut,
  })
  .openapi('Credit')

export const creditWithMovementsSchema = creditSchema
  .extend({
    movements: z.array(
      z.object({
        sequence: z.int(),
        kind: z.enum(MOVEMENT_KINDS),
        amount: moneyOut,
        invoice_ref: z.string().nullable(),
        reason: z.string().nullable(),
        actor: z.string(),
        at: instantOut,
      }),
    ),
  })
  .openapi('CreditWithMovements')

export const balanceSchema = z.object({
  currency: z.string(),
  balance: moneyOut.openapi({ description: 'What an invoice of today can use.' }),
  paid: moneyOut.openapi({ description: 'Of it, what was paid for.' }),
  upcoming: moneyOut.openapi({ description: 'Granted, but not in force yet.' }),
  awaiting_payment: moneyOut.openapi({ description: 'Sold on invoices that are not paid yet.' }),
  owed: moneyOut.openapi({ description: 'The liability for unused paid credit.' }),
  next_expiry: z.object({ at: instantOut, amount: moneyOut }).nullable(),
})
