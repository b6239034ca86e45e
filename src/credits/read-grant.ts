import { type Instant, localDate } from '../kernel/calendar.ts'
import { currencyDigits } from '../kernel/currency.ts'
import { type Minor, parseMoney } from '../kernel/money.ts'
import type { Fault } from '../kernel/problem.ts'
import { type CreditGrant, DEFAULT_PRIORITY, type MoneyAccount, type Recurrence } from './grant.ts'
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

/** Everything about a request that cannot be, so that all can be mended at once. */
export function faultsOfGrant(request: GrantRequest, now: Instant): Fault[] {
  const { kind, recurrence, expires_at, expected_use, cost_basis, received_in } = request
  const from = effectiveFrom(request, now)
  const fault = (isFault: boolean, path: string, message: string) => (isFault ? [{ path, message }] : [])
  const isPaid = kind === 'paid'
  const forPaid = 'is of paid credit only'
  return [
    ...faultsOfAmounts(request),
    ...fault(
      expires_at !== undefined && Date.parse(expires_at) <= from,
      'expires_at',
      'must be after effective_at',
    ),
    ...fault(
      recurrence !== undefined && expires_at !== undefined,
      'expires_at',
      'is the next grant of the series',
    ),
    ...fault(
      recurrence !== undefined && isPaid,
      'recurrence',
      'is of promotional credit: nobody pays by themselves',
    ),
    ...fault(!isPaid && cost_basis !== undefined, 'cost_basis', forPaid),
    ...fault(!isPaid && received_in !== undefined, 'received_in', forPaid),
    ...fault(!isPaid && expected_use !== undefined, 'expected_use', forPaid),
    ...fault(
      recurrence?.until !== undefined && Date.parse(recurrence.until) <= from,
      'recurrence.until',
      'must be after effective_at',
    ),
  ]
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
    occurrence: 0,
    createdAt: now,
  }
}

const effectiveFrom = ({ effective_at }: GrantRequest, now: Instant): Instant =>
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

/** The driver of the database binds JavaScript numbers. */
const MOST = BigInt(Number.MAX_SAFE_INTEGER)

/** Amounts are positive money, and neither price nor expected use is more than what is granted. */
function faultsOfAmounts({ currency, amount, cost_basis, expected_use, recurrence }: GrantRequest): Fault[] {
  const granted = parseMoney(amount, currency)
  const most = granted !== undefined && granted < MOST ? granted : MOST
  const named: [string, string | undefined][] = [
    ['amount', amount],
    ['cost_basis', cost_basis],
    ['expected_use', expected_use],
    ['recurrence.rollover.cap', recurrence?.rollover?.cap],
  ]
  return named.flatMap(([path, text]) => {
    if (text === undefined) return []
    const minor = parseMoney(text, currency)
    if (minor === undefined) {
      return [{ path, message: `must have at most ${currencyDigits(currency)} decimals, as ${currency} has` }]
    }
    if (minor <= 0n) return [{ path, message: 'must be positive' }]
    if (minor <= most) return []
    return [{ path, message: path === 'amount' ? 'is too large' : 'must not be more than the amount' }]
  })
}
