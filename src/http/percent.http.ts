import { compare, parseDecimal, rational } from '../kernel/rational.ts'
import { nonNegativeDecimalField } from './fields.http.ts'

const DIGITS_MAX = 12

const isAtMost = (text: string, most: bigint): boolean => {
  const value = parseDecimal(text)
  return value === undefined || compare(value, rational(most)) <= 0
}

/** A percentage from 0 to `most`, short enough to be printed. */
export const percentField = (most: bigint) =>
  nonNegativeDecimalField
    .refine((text) => text.length <= DIGITS_MAX, `must have at most ${DIGITS_MAX} characters`)
    .refine((text) => isAtMost(text, most), `must be ${most} or less`)

/** The rate of a tax: above any that there is, and far below one that only a slip of the hand makes. */
export const taxPercentField = percentField(1_000n)
