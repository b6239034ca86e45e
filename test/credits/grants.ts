import type { CreditGrant } from '../../src/credits/grant.ts'

export const at = (date: string): number => Date.parse(date.includes('T') ? date : `${date}T00:00:00Z`)

/** 100.00 of promotional credit from 1 January 2026 on, for anything and for ever. */
export const grantOf = (more: Partial<CreditGrant> = {}): CreditGrant => ({
  ref: 'g',
  customerRef: 'acme',
  entityRef: 'seller',
  timezone: 'UTC',
  currency: 'USD',
  name: 'Credit',
  kind: 'promotional',
  amount: 10_000n,
  costBasis: 0n,
  moneyAccount: null,
  beforeTax: false,
  priority: 50,
  effectiveAt: at('2026-01-01'),
  expiresAt: null,
  billedWithinDays: 7,
  contractRefs: null,
  productRefs: null,
  overage: 'due',
  expectedUse: null,
  recurrence: null,
  source: 'granted',
  sourceId: more.ref ?? 'g',
  invoiceId: null,
  onPayment: false,
  occurrence: 0,
  createdAt: at('2026-01-01'),
  ...more,
})

/** 100.00 of credit that the customer paid for; with no other price at its face value. */
export const paidGrant = (more: Partial<CreditGrant> = {}): CreditGrant =>
  grantOf({ kind: 'paid', costBasis: more.amount ?? 10_000n, moneyAccount: 'bank_clearing', ...more })
