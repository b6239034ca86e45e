/**
 * Exact rational numbers: the one type that quantities, unit prices, percentages and unrounded amounts are held in.
 * Nothing is ever rounded here except where a function says so by name.
 */
export type Rational = { readonly num: bigint; readonly den: bigint }

export type RoundingMode = 'half_up' | 'half_even' | 'up' | 'down' | 'ceil' | 'floor'

export const ZERO: Rational = { num: 0n, den: 1n }
export const ONE: Rational = { num: 1n, den: 1n }

/** Longest decimal text accepted from outside; keeps every computation bounded. */
const DECIMAL_TEXT_MAX = 60

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/
/** Below it, reducing a number costs more than its length. */
const REDUCE_ABOVE = 1n << 1024n

export const rational = (num: bigint, den = 1n): Rational => {
  if (den === 0n) throw new RangeError('division by zero')
  return den < 0n ? { num: -num, den: -den } : { num, den }
}

/**
 * Reads a decimal such as `-12.50` or `1e-7`, exactly. Returns undefined for anything else (NaN, Infinity, blanks,
 * hexadecimal, more than 60 characters, or an exponent beyond ±60).
 */
export const parseDecimal = (text: string): Rational | undefined =>
  text.length > DECIMAL_TEXT_MAX ? undefined : readDecimal(text)

/**
 * Like `parseDecimal`, for text that the program itself wrote: of any length, since a sum can be longer than what was
 * added. Throws a RangeError on what is no decimal.
 */
export function decimal(text: string): Rational {
  const value = readDecimal(text)
  if (!value) throw new RangeError(`not a decimal number: ${text.slice(0, 80)}`)
  return value
}

function readDecimal(text: string): Rational | undefined {
  const match = DECIMAL.exec(text)
  if (!match) return undefined
  const [, sign, whole = '', fraction = '', exponentText = '0'] = match
  const exponent = Number(exponentText)
  if (Math.abs(exponent) > DECIMAL_TEXT_MAX) return undefined
  const digits = BigInt(whole + fraction)
  const scale = fraction.length - exponent
  const num = sign ? -digits : digits
  return scale >= 0 ? { num, den: 10n ** BigInt(scale) } : { num: num * 10n ** BigInt(-scale), den: 1n }
}

/** Of two decimals one denominator divides the other, so that a sum of many is no longer than the longest of them. */
export function add(a: Rational, b: Rational): Rational {
  if (a.den === b.den) return { num: a.num + b.num, den: a.den }
  const [fine, coarse] = a.den > b.den ? [a, b] : [b, a]
  if (fine.den % coarse.den === 0n) {
    return { num: fine.num + coarse.num * (fine.den / coarse.den), den: fine.den }
  }
  return bounded(a.num * b.den + b.num * a.den, a.den * b.den)
}

export const subtract = (a: Rational, b: Rational): Rational => add(a, negate(b))
export const multiply = (a: Rational, b: Rational): Rational => bounded(a.num * b.num, a.den * b.den)
export const negate = (a: Rational): Rational => ({ num: -a.num, den: a.den })
export const divide = (a: Rational, b: Rational): Rational => {
  const quotient = rational(a.num * b.den, a.den * b.num)
  return bounded(quotient.num, quotient.den)
}
export const sum = (values: Iterable<Rational>): Rational => {
  let total = ZERO
  for (const value of values) total = add(total, value)
  return total
}

export const compare = (a: Rational, b: Rational): number => {
  const difference = a.num * b.den - b.num * a.den
  return difference > 0n ? 1 : difference < 0n ? -1 : 0
}
export const isZero = (a: Rational): boolean => a.num === 0n
export const isNegative = (a: Rational): boolean => a.num < 0n
export const min = (a: Rational, b: Rational): Rational => (compare(a, b) <= 0 ? a : b)
export const max = (a: Rational, b: Rational): Rational => (compare(a, b) >= 0 ? a : b)

/** The nearest whole number, by the named mode. `half_up` means half away from zero. */
export function roundToInteger(value: Rational, mode: RoundingMode = 'half_up'): bigint {
  const negative = value.num < 0n
  const magnitude = negative ? -value.num : value.num
  const floor = magnitude / value.den
  const rest = magnitude % value.den
  if (rest === 0n) return negative ? -floor : floor
  const twice = rest * 2n
  const away =
    mode === 'up' ||
    (mode === 'ceil' && !negative) ||
    (mode === 'floor' && negative) ||
    (mode === 'half_up' && twice >= value.den) ||
    (mode === 'half_even' && (twice > value.den || (twice === value.den && floor % 2n === 1n)))
  const rounded = away ? floor + 1n : floor
  return negative ? -rounded : rounded
}

/** Rounds to `places` digits after the point; a negative `places` rounds to tens, hundreds and so on. */
export function roundToPlaces(value: Rational, places: number, mode: RoundingMode = 'half_up'): Rational {
  const power = 10n ** BigInt(Math.abs(places))
  if (places >= 0) return rational(roundToInteger(rational(value.num * power, value.den), mode), power)
  return rational(roundToInteger(rational(value.num, value.den * power), mode) * power)
}

/**
 * The shortest exact decimal text. A number with no finite decimal form (1/3) is cut at `places` digits, half up:
 * only proration makes such numbers, and they are shown, never stored and read back.
 */
export function formatDecimal(value: Rational, places = 30): string {
  const { num, den } = reduce(value)
  const digits = finiteDigits(den)
  const scale = digits === undefined || digits > places ? places : digits
  const scaled = roundToInteger({ num: num * 10n ** BigInt(scale), den })
  return trimZeros(placePoint(scaled, scale))
}

/** Writes an integer with the decimal point `scale` digits from the right: (105000n, 2) is `1050.00`. */
export function placePoint(scaled: bigint, scale: number): string {
  const negative = scaled < 0n
  const digits = (negative ? -scaled : scaled).toString().padStart(scale + 1, '0')
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return negative ? `-${text}` : text
}

/** Lowest terms. */
export function reduce(value: Rational): Rational {
  let a = value.num < 0n ? -value.num : value.num
  let b = value.den
  while (b !== 0n) [a, b] = [b, a % b]
  return a <= 1n ? value : { num: value.num / a, den: value.den / a }
}

const bounded = (num: bigint, den: bigint): Rational =>
  den > REDUCE_ABOVE ? reduce({ num, den }) : { num, den }

function finiteDigits(den: bigint): number | undefined {
  let twos = 0
  let fives = 0
  let rest = den
  while (rest % 2n === 0n) [rest, twos] = [rest / 2n, twos + 1]
  while (rest % 5n === 0n) [rest, fives] = [rest / 5n, fives + 1]
  return rest === 1n ? Math.max(twos, fives) : undefined
}

const trimZeros = (text: string): string =>
  text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text
