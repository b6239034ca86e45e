import { toIso } from '../kernel/calendar.ts'
import { formatMoney, type Minor } from '../kernel/money.ts'
import type { CreditGrant, Recurrence } from './grant.ts'
import { balanceOf, type GrantState, type Movement, owedOf } from './movement.ts'
import type { WalletBalance } from './wallet.ts'

/** A grant and what is left of it, as the API shows it. */
export function showCredit({ grant, ...state }: GrantState) {
  const money = (amount: Minor) => formatMoney(amount, grant.currency)
  return {
    ...showGrant(grant),
    awaits_payment: state.isHeld,
    balance: money(balanceOf({ grant, ...state })),
    used: money(state.burnt),
    expired: money(state.expired),
    voided: money(state.voided),
    rolled_over: money(state.rolledOver),
    owed: money(owedOf({ grant, ...state })),
  }
}

const showGrant = (grant: CreditGrant) => ({
  credit_ref: grant.ref,
  customer_ref: grant.customerRef,
  entity_ref: grant.entityRef,
  name: grant.name,
  kind: grant.kind,
  source: grant.source,
  currency: grant.currency,
  amount: formatMoney(grant.amount, grant.currency),
  cost_basis: formatMoney(grant.costBasis, grant.currency),
  before_tax: grant.beforeTax,
  priority: grant.priority,
  effective_at: toIso(grant.effectiveAt),
  expires_at: grant.expiresAt === null ? null : toIso(grant.expiresAt),
  billed_within_days: grant.billedWithinDays,
  contract_refs: grant.contractRefs,
  product_refs: grant.productRefs,
  invoice_ref: grant.invoiceId,
  overage: grant.overage,
  recurrence: grant.recurrence && showRecurrence(grant.recurrence, grant.currency),
  created_at: toIso(grant.createdAt),
})

const showRecurrence = ({ unit, every, until, rollover }: Recurrence, currency: string) => ({
  unit,
  cycle: every,
  until: until === null ? null : toIso(until),
  rollover: rollover && {
    share_percent: rollover.sharePercent,
    cap: rollover.cap === null ? null : formatMoney(BigInt(rollover.cap), currency),
  },
})

export const showMovement = ({ sequence, kind, amount, ...rest }: Movement, currency: string) => ({
  sequence,
  kind,
  amount: formatMoney(amount, currency),
  invoice_ref: rest.invoiceId,
  reason: rest.reason,
  actor: rest.actor,
  at: toIso(rest.at),
})

export const showBalance = ({ currency, nextExpiry, ...amounts }: WalletBalance) => {
  const money = (amount: Minor) => formatMoney(amount, currency)
  return {
    currency,
    balance: money(amounts.balance),
    paid: money(amounts.paid),
    upcoming: money(amounts.upcoming),
    awaiting_payment: money(amounts.awaitingPayment),
    owed: money(amounts.owed),
    next_expiry: nextExpiry && { at: toIso(nextExpiry.at), amount: money(nextExpiry.amount) },
  }
}
