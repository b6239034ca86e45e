import type { Instant } from '../kernel/calendar.ts'
import { currencyDigits } from '../kernel/currency.ts'
import { parseMoney } from '../kernel/money.ts'
import type { Fault } from '../kernel/problem.ts'
import { effectiveFrom, type GrantRequest } from './read-grant.ts'

/** A series begins no longer ago than this: all its grants since then are made. */
const SERIES_BACK_MS = 366 * 86_400_000
/** The driver of the database binds JavaScript numbers. */
const MOST = BigInt(Number.MAX_SAFE_INTEGER)

/** Everything about a request that cannot be, so that all can be mended at once. */
export const faultsOfGrant = (request: GrantRequest, now: Instant): Fault[] => [
  ...faultsOfAmounts(request),
  ...faultsOfTimes(request, now),
  ...faultsOfKind(request),
]

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

function faultsOfTimes(request: GrantRequest, now: Instant): Fault[] {
  const { recurrence, expires_at } = request
  const from = effectiveFrom(request, now)
  const isOver = (end: string | undefined) => end !== undefined && Date.parse(end) <= from
  return [
    ...fault(isOver(expires_at), 'expires_at', 'must be after effective_at'),
    ...fault(isOver(recurrence?.until), 'recurrence.until', 'must be after effective_at'),
    ...fault(
      recurrence !== undefined && expires_at !== undefined,
      'expires_at',
      'is the next grant of the series',
    ),
    ...fault(
      recurrence !== undefined && from < now - SERIES_BACK_MS,
      'effective_at',
      'of a series may lie a year back at most',
    ),
  ]
}

/** Nobody pays for promotional credit, and nobody pays for a series by themselves. */
const faultsOfKind = ({ kind, recurrence, cost_basis, received_in, expected_use }: GrantRequest): Fault[] =>
  kind === 'paid'
    ? fault(recurrence !== undefined, 'recurrence', 'is of promotional credit only')
    : Object.entries({ cost_basis, received_in, expected_use }).flatMap(([path, value]) =>
        fault(value !== undefined, path, 'is of paid credit only'),
      )

const fault = (isFault: boolean, path: string, message: string): Fault[] =>
  isFault ? [{ path, message }] : []
