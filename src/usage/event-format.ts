import { toIso } from '../kernel/calendar.ts'
import { canonicalJson } from '../kernel/hash.ts'
import { derivedId } from '../kernel/id.ts'
import { ownValue } from '../kernel/own-value.ts'
import { type Fault, invalid } from '../kernel/problem.ts'
import { decimal, divide, formatDecimal, multiply, ONE, parseDecimal } from '../kernel/rational.ts'
import { QUANTITY_DIGITS } from './quantity.ts'
import { boundedJson } from './usage-event.ts'

/** What a timestamp that is a number counts since 1970 (UTC): seconds, or thousandths of them. */
export const EPOCH_UNITS = ['epoch_seconds', 'epoch_millis'] as const

/** Where a field of a usage event comes from, and what is done with it on the way. */
export type FormatField = {
  /** Keys of the incoming event, joined by points; a key may also be the place in an array. */
  path?: string | undefined
  /** The same for all events, instead of a path. */
  value?: unknown
  /** Stands in where the path finds nothing, or null. */
  default?: unknown
  /** Decimal text: numbers are multiplied and divided exactly. */
  multiply_by?: string | undefined
  divide_by?: string | undefined
  /** What a number of a timestamp counts. */
  unit?: (typeof EPOCH_UNITS)[number] | undefined
  /** Other names for values: a SKU for a product, for example. What is not named stays as it is. */
  names?: Readonly<Record<string, string>> | undefined
}

/** By the field of the usage event that is made: `quantity`, `additional_report_data.region`. */
export type FormatFields = Readonly<Record<string, FormatField>>

export type Incoming = Readonly<Record<string, unknown>>

/**
 * The usage event that a format makes of an incoming one, which stays with it as `mapped_from`. Without an id of its
 * own the incoming event is the identity, so that a blind retry is the same one whatever became of the format.
 *
 * Throws a Problem `format_mismatch` that names each path that does not hold what the format takes from it, and
 * `event_too_large`.
 */
export function formattedEvent(
  formatName: string,
  fields: FormatFields,
  incoming: Incoming,
): Record<string, unknown> {
  // Its identity is made of all of it: one that is nested without end would exhaust the stack.
  boundedJson(incoming)
  const faults: Fault[] = []
  const event: Record<string, unknown> = {}
  for (const [target, field] of Object.entries(fields)) {
    const value = madeOf(field, incoming)
    if (value instanceof Mismatch)
      faults.push({ path: `event.${field.path}`, message: `${value.message}; ${target} is made from it` })
    else if (value !== undefined && value !== null) put(event, target, value)
  }
  if (faults.length > 0)
    throw invalid('format_mismatch', `The event does not fit the format "${formatName}".`, faults)
  return {
    event_id: derivedId('uev', formatName, canonicalJson(incoming)),
    ...event,
    mapped_from: { format_name: formatName, event: incoming },
  }
}

/** True for a divisor by which every decimal has a finite result of few digits: 1000, 1024, 8; never 3 or 3600. */
export const dividesExactly = (divisor: string): boolean => {
  const value = parseDecimal(divisor)
  if (!value || value.num === 0n) return false
  return isExact(divide(ONE, value))
}

class Mismatch {
  readonly message: string

  constructor(message: string) {
    this.message = message
  }
}

function madeOf(field: FormatField, incoming: Incoming): unknown {
  if (field.path === undefined) return field.value
  const found = valueAt(incoming, field.path) ?? field.default
  if (found === undefined || found === null) return undefined
  if (field.unit) return instantOf(found, field.unit)
  if (field.multiply_by ?? field.divide_by) return scaled(found, field)
  if (field.names && (typeof found === 'string' || typeof found === 'number'))
    return ownValue(field.names, String(found)) ?? found
  return found
}

function valueAt(incoming: Incoming, path: string): unknown {
  let value: unknown = incoming
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = ownValue(value as Record<string, unknown>, key)
  }
  return value
}

function scaled(found: unknown, { multiply_by = '1', divide_by = '1' }: FormatField): string | Mismatch {
  const number = numberOf(found)
  if (!number) return new Mismatch('is no decimal number')
  const result = divide(multiply(number, decimal(multiply_by)), decimal(divide_by))
  return isExact(result) ? formatDecimal(result, QUANTITY_DIGITS) : new Mismatch('has too many digits')
}

const MILLIS_MAX = 8.64e15

function instantOf(found: unknown, unit: NonNullable<FormatField['unit']>): string | Mismatch {
  const number = numberOf(found)
  if (!number) return new Mismatch('is no decimal number')
  const millis = unit === 'epoch_millis' ? number : multiply(number, decimal('1000'))
  const whole = millis.num / millis.den
  if (millis.num < 0n || whole > BigInt(MILLIS_MAX)) return new Mismatch('is no time since 1970')
  // What is finer than a thousandth tells events apart, so its digits stay.
  const [, finer = ''] = formatDecimal({ num: millis.num % millis.den, den: millis.den }).split('.')
  return toIso(Number(whole)).replace('Z', `${finer}Z`)
}

const numberOf = (found: unknown) =>
  typeof found === 'number' || typeof found === 'string' ? parseDecimal(String(found)) : undefined

/** True where no digit is lost in text of so many places. */
const isExact = (value: { num: bigint; den: bigint }): boolean =>
  (value.num * 10n ** BigInt(QUANTITY_DIGITS)) % value.den === 0n

/** Puts a value under `name` or `group.name`; the rest of a name may hold points of its own. */
function put(event: Record<string, unknown>, target: string, value: unknown): void {
  const point = target.indexOf('.')
  if (point < 0) {
    event[target] = value
    return
  }
  const [group, name] = [target.slice(0, point), target.slice(point + 1)]
  event[group] = { ...(event[group] as Record<string, unknown> | undefined), [name]: value }
}
