import { parseDecimal, placePoint, type Rational } from '../kernel/rational.ts'

/** Digits after the point that a quantity may have; as many may stand before it. */
export const QUANTITY_DIGITS = 30

const UNIT = 10n ** BigInt(QUANTITY_DIGITS)
const LIMIT = UNIT * UNIT

/**
 * Reads the quantity of an event, exactly: any decimal of up to 30 digits on either side of the point, in which one
 * 10^-30 is the smallest step. All quantities share this denominator, so adding them never has to look for another.
 *
 * @example parseQuantity('1e-7') // { num: 10n ** 23n, den: 10n ** 30n }
 */
export function parseQuantity(text: string): Rational | undefined {
  const value = parseDecimal(text)
  if (!value) return undefined
  const scaled = value.num * UNIT
  const num = scaled / value.den
  const fits = scaled % value.den === 0n && -LIMIT < num && num < LIMIT
  return fits ? { num, den: UNIT } : undefined
}

const PLAIN_DECIMAL = /^(?:0|-?[1-9]\d{0,14}|-?(?:0|[1-9]\d{0,14})\.\d{0,14}[1-9])$/

/** True for a decimal that stands in its one text already: no exponent, no idle zeros, no plus sign, few digits. */
export const isPlainDecimal = (text: string): boolean => PLAIN_DECIMAL.test(text)

/** Reads a quantity or total that `formatQuantity` wrote; a total has no upper bound. */
export function readQuantity(text: string): Rational {
  const [whole = '', fraction = ''] = text.split('.')
  return { num: BigInt(whole + fraction.padEnd(QUANTITY_DIGITS, '0')), den: UNIT }
}

/** The one text of a quantity: no exponent, no idle zeros. `1.50`, `15e-1` and `1.5` are all `1.5`. */
export const formatQuantity = ({ num, den }: Rational): string =>
  placePoint((num * UNIT) / den, QUANTITY_DIGITS).replace(/\.?0+$/, '')
