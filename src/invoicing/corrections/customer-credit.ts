import { type CreditGrant, type KeptMoney, keptCredit } from '../../credits/grant.ts'
import type { Instant } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'

/** Money of a payment that becomes the customer's credit. */
export type CustomerCredit = {
  id: string
  paymentId: string
  customerRef: string
  entityRef: string
  currency: string
  amount: Minor
  createdAt: Instant
}

/** What was kept as the grant of credit that the customer's next invoices use. */
export const grantOf = (
  { id, customerRef, entityRef, currency, amount, createdAt }: CustomerCredit,
  source: KeptMoney['source'],
  moneyAccount: KeptMoney['moneyAccount'],
  timezone: string,
): CreditGrant =>
  keptCredit({
    customerRef,
    entityRef,
    currency,
    amount,
    source,
    sourceId: id,
    moneyAccount,
    timezone,
    now: createdAt,
  })
