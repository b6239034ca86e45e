import type { Instant } from '../kernel/calendar.ts'
import { type Minor, sum } from '../kernel/money.ts'
import { lapsesAt } from './grant.ts'
import { balanceOf, type GrantState, owedOf } from './movement.ts'

/** A customer's credit in one currency, minor units. */
export type WalletBalance = {
  currency: string
  /** What an invoice of today can use, and what of it was paid for. */
  balance: Minor
  paid: Minor
  /** Granted already, but in force only later. */
  upcoming: Minor
  /** Sold on an invoice that is not paid yet. */
  awaitingPayment: Minor
  /** What the seller owes for unused paid credit. */
  owed: Minor
  /** What lapses next, and when. */
  nextExpiry: { at: Instant; amount: Minor } | null
}

/** The balances of a customer, one for each currency in the order of their codes. */
export const walletBalances = (wallet: readonly GrantState[], now: Instant): WalletBalance[] =>
  [...Map.groupBy(wallet, ({ grant }) => grant.currency)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, states]) => balanceIn(currency, states, now))

function balanceIn(currency: string, states: readonly GrantState[], now: Instant): WalletBalance {
  const held = states.filter(({ isHeld }) => isHeld)
  const granted = states.filter(({ isHeld }) => !isHeld)
  const usable = granted.filter(({ grant }) => grant.effectiveAt <= now && !isLapsed(lapsesAt(grant), now))
  return {
    currency,
    balance: total(usable),
    paid: total(usable.filter(({ grant }) => grant.kind === 'paid')),
    upcoming: total(granted.filter(({ grant }) => grant.effectiveAt > now)),
    awaitingPayment: total(held),
    owed: sum(states.map(owedOf)),
    nextExpiry: nextExpiry(usable),
  }
}

function nextExpiry(usable: readonly GrantState[]): WalletBalance['nextExpiry'] {
  const ending = usable.filter((state) => state.grant.expiresAt !== null && balanceOf(state) > 0n)
  if (ending.length === 0) return null
  const at = Math.min(...ending.map(({ grant }) => grant.expiresAt!))
  return { at, amount: total(ending.filter(({ grant }) => grant.expiresAt === at)) }
}

const isLapsed = (lapse: Instant | null, now: Instant): boolean => lapse !== null && lapse <= now
const total = (states: readonly GrantState[]): Minor => sum(states.map(balanceOf))
