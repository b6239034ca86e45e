import {
  compare,
  isNegative,
  multiply,
  negate,
  type Rational,
  subtract,
  sum,
  ZERO,
} from '../../kernel/rational.ts'
import type { RevenuePolicy } from '../policy.ts'
import { type Reason, reason } from '../reason.ts'

/** Evidence that some of the promised goods are regularly sold together for less. Amounts are exact minor units. */
export type DiscountBundle = {
  keys: readonly string[]
  /** What the bundle is regularly sold for. */
  price: Rational
  /** Every good of the contract is regularly sold alone too. */
  allSoldAlone: boolean
}

type Weighed = { key: string; weight: Rational }

/** `applies`: the bundle takes the whole discount; the reasons say which of the three conditions hold. */
export type BundleTest = { applies: boolean; reasons: Reason[] }

/**
 * The three conditions of ASC 606-10-32-37 (IFRS 15.82), all of which must hold before a discount goes to some
 * obligations and not to all: each good is regularly sold alone; the bundle is regularly sold at a discount; that
 * discount is substantially the same as the contract's. `contractDiscount` is undefined where a residual takes what is
 * left, since then the contract's discount is the bundle's by construction.
 */
export function testBundle(
  bundle: DiscountBundle,
  goods: readonly Weighed[],
  contractDiscount: Rational | undefined,
  policy: RevenuePolicy,
): BundleTest {
  const bundled = goods.filter(({ key }) => bundle.keys.includes(key))
  const discount = subtract(sum(bundled.map(({ weight }) => weight)), bundle.price)
  const failed = [
    !bundle.allSoldAlone && '(a) not every good is regularly sold alone',
    compare(discount, ZERO) <= 0 && '(b) the bundle is not sold at a discount',
    contractDiscount &&
      !isClose(discount, contractDiscount, policy) &&
      '(c) its discount is not the contract’s',
  ].filter((failure) => typeof failure === 'string')
  const names = bundle.keys.map((key) => `"${key}"`).join(', ')
  return failed.length === 0
    ? {
        applies: true,
        reasons: [
          reason('bundle_discount', `The discount belongs to ${names} alone: conditions (a) to (c) hold.`),
        ],
      }
    : {
        applies: false,
        reasons: [reason('discount', `The discount is spread over all: ${failed.join('; ')}.`)],
      }
}

const isClose = (discount: Rational, contracts: Rational, { bundleTolerance }: RevenuePolicy): boolean =>
  compare(magnitude(subtract(discount, contracts)), multiply(magnitude(contracts), bundleTolerance)) <= 0

const magnitude = (value: Rational): Rational => (isNegative(value) ? negate(value) : value)
