import { type Instant, localDate } from '../kernel/calendar.ts'
import { type Minor, parseMoney } from '../kernel/money.ts'
import {
  type CreditGrant,
  DEFAULT_PRIORITY,
  type MoneyAccount,
  NOT_INVOICED,
  type Recurrence,
} from './grant.ts'
import { occurrenceStart } from './recurrence.ts'

/** Credit as someone asks for it: amounts in major units, instants as text. */
export type GrantRequest = {
  currency: string
  name: string
  kind: CreditGrant['kind']
  amount: string
  cost_basis?: string | undefined
  received_in?: MoneyAccount | undefined
  before_tax?: boolean | undefined
  priority?: number | undefined
  effective_at?: string | undefined
  expires_at?: string | undefined
  billed_within_days: number
  contract_refs?: string[] | undefined
  product_refs?: string[] | undefined
  overage: CreditGrant['overage']
  expected_use?: string | undefined
  recurrence?:
    | {
        unit: Recurrence['unit']
        cycle: number
        until?: string | undefined
        rollover?: { share_percent: string; cap?: string | undefined } | undefined
      }
    | undefined
}

/** Who grants it to whom, and when. */
export type GrantContext = Pick<CreditGrant, 'ref' | 'customerRef' | 'entityRef' | 'timezone'> & {
  now: Instant
}

/** The grant that a request without faults asks for. */
export function grantOf(request: GrantRequest, { now, ...owner }: GrantContext): CreditGrant {
  const { currency, name, kind, priority, before_tax, overage, expires_at, recurrence: series } = request
  const isPaid = kind === 'paid'
  const amount = minorOf(request.amount, currency)!
  const effectiveAt = effectiveFrom(request, now)
  const recurrence = series ? recurrenceOf(series, effectiveAt, owner.timezone, currency) : null
  return {
    ...owner,
    currency,
    name,
    kind,
    amount,
    costBasis: isPaid ? (minorOf(request.cost_basis, currency) ?? amount) : 0n,
    moneyAccount: isPaid ? (request.received_in ?? 'manual_clearing') : null,
    beforeTax: before_tax ?? !isPaid,
    priority: priority ?? DEFAULT_PRIORITY,
    effectiveAt,
    expiresAt: recurrence
      ? occurrenceStart(recurrence, owner.timezone, 1)
      : expires_at === undefined
        ? null
        : Date.parse(expires_at),
    billedWithinDays: request.billed_within_days,
    contractRefs: request.contract_refs ?? null,
    productRefs: request.product_refs ?? null,
    overage,
    expectedUse: minorOf(request.expected_use, currency) ?? null,
    recurrence,
    source: 'granted',
    sourceId: owner.ref,
    ...NOT_INVOICED,
    occurrence: 0,
    createdAt: now,
  }
}

export const effectiveFrom = ({ effective_at }: GrantRequest, now: Instant): Instant =>
  effective_at === undefined ? now : Date.parse(effective_at)

const recurrenceOf = (
  { unit, cycle, until, rollover }: NonNullable<GrantRequest['recurrence']>,
  effectiveAt: Instant,
  timezone: string,
  currency: string,
): Recurrence => ({
  unit,
  every: cycle,
  anchor: localDate(effectiveAt, timezone),
  until: until === undefined ? null : Date.parse(until),
  rollover: rollover
    ? { sharePercent: rollover.share_percent, cap: minorOf(rollover.cap, currency)?.toString() ?? null }
    : null,
})

const minorOf = (text: string | undefined, currency: string): Minor | undefined =>
  text === undefined ? undefined : parseMoney(text, currency)
