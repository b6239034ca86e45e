import type { CycleUnit } from '../contracts/contract.ts'
import type { Instant, LocalDate } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import type { Minor } from '../kernel/money.ts'

/** Paid credit is a liability until it is used; promotional credit is a discount that was promised. */
export const GRANT_KINDS = ['promotional', 'paid'] as const

/** What made a grant: a person, a line of an invoice, a series, what the grant before left over, or money that was kept. */
export const GRANT_SOURCES = [
  'granted',
  'invoice',
  'recurring',
  'rollover',
  'overpayment',
  'credit_note',
] as const
type GrantSource = (typeof GRANT_SOURCES)[number]

/** Where the money for paid credit arrived, and leaves again when it is paid back. */
export const MONEY_ACCOUNTS = [
  'manual_clearing',
  'bank_clearing',
  'stripe_clearing',
  'crypto_assets',
] as const
export type MoneyAccount = (typeof MONEY_ACCOUNTS)[number]

/** What happens where a grant does not cover all that it may pay for: the rest is due, or the grant is not used. */
export const OVERAGES = ['due', 'refuse'] as const

/**
 * What of an occurrence's leftover the next period gets: a share of it in percent, and at most `cap`, minor units. Both
 * are text, since the database keeps them as JSON.
 */
export type Rollover = { sharePercent: string; cap: string | null }

/**
 * Grants the same amount again every `every` units of time from the anchor, until an instant if there is one. Of credit
 * that an invoice sells it only says how long the period is that the leftover rolls over into: the next invoice sells more.
 */
export type Recurrence = {
  unit: CycleUnit
  every: number
  anchor: LocalDate
  until: Instant | null
  rollover: Rollover | null
}

/** Credit as it was granted. It never changes: what is left of it is told by its movements. Amounts are minor units. */
export type CreditGrant = {
  ref: string
  customerRef: string
  /** The seller who owes it, and the zone in which its books count days. */
  entityRef: string
  timezone: string
  currency: string
  name: string
  kind: (typeof GRANT_KINDS)[number]
  amount: Minor
  /** The money received for it: zero for promotional credit. */
  costBasis: Minor
  moneyAccount: MoneyAccount | null
  /** Lowers what is taxed, as a discount does; otherwise it pays like money. */
  beforeTax: boolean
  /** Lower numbers are used first. */
  priority: number
  effectiveAt: Instant
  /** Pays for what is delivered before this instant. */
  expiresAt: Instant | null
  /** How many days after that an invoice for such a delivery may still use it. */
  billedWithinDays: number
  /** The contracts and products that it pays for; null is any. */
  contractRefs: string[] | null
  productRefs: string[] | null
  overage: (typeof OVERAGES)[number]
  /** What is expected to be used of paid credit; null where breakage is not estimated. */
  expectedUse: Minor | null
  recurrence: Recurrence | null
  source: GrantSource
  /**
   * The first grant of a series; the line that sold it; the payment or note behind credit that was kept; the grant itself
   * for any other.
   */
  sourceId: string
  /** The invoice that sold it, and whether it can be used only while nothing is open of that. */
  invoiceId: string | null
  onPayment: boolean
  /** Place in its series, from 0. */
  occurrence: number
  createdAt: Instant
}

/** Credit that nobody sold on an invoice. */
export const NOT_INVOICED = { invoiceId: null, onPayment: false }

/** Money of the customer that was kept, which buys anything. */
export const isKeptMoney = ({ source }: CreditGrant): boolean =>
  source === 'overpayment' || source === 'credit_note'

export const DAY_MS = 86_400_000
export const DEFAULT_PRIORITY = 50

/** When what is left of a grant lapses; null for one that never does. */
export const lapsesAt = ({ expiresAt, billedWithinDays }: CreditGrant): Instant | null =>
  expiresAt === null ? null : expiresAt + billedWithinDays * DAY_MS

/** When a grant first needs looking at: its series goes on when it expires, its leftover lapses some days later. */
export const firstDueAt = (grant: CreditGrant): Instant | null =>
  grant.recurrence ? grant.expiresAt : lapsesAt(grant)

/** Money of a customer that was kept, and whom it belongs to. */
export type KeptMoney = Pick<
  CreditGrant,
  'customerRef' | 'entityRef' | 'timezone' | 'currency' | 'amount'
> & {
  source: 'overpayment' | 'credit_note'
  sourceId: string
  moneyAccount: MoneyAccount
  now: Instant
}

/**
 * Money that no invoice took, as credit that the next invoice uses: after tax, for anything, and for ever. Its entry
 * (Cr customer credit) belongs to the payment or credit note that it comes from.
 */
export const keptCredit = ({ now, ...kept }: KeptMoney): CreditGrant => ({
  ...kept,
  ref: derivedId('cg', 'kept', kept.source, kept.sourceId),
  name: kept.source === 'overpayment' ? 'Overpayment' : 'Credit note',
  kind: 'paid',
  costBasis: kept.amount,
  beforeTax: false,
  priority: DEFAULT_PRIORITY,
  effectiveAt: now,
  expiresAt: null,
  billedWithinDays: 0,
  contractRefs: null,
  productRefs: null,
  overage: 'due',
  expectedUse: null,
  recurrence: null,
  ...NOT_INVOICED,
  occurrence: 0,
  createdAt: now,
})
