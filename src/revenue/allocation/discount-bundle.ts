import {
  compare,
  divide,
  formatDecimal,
  isNegative,
  min,
  multiply,
  negate,
  type Rational,
  rational,
  roundToPlaces,
  subtract,
  sum,
  ZERO,
} from '../../kernel/rational.ts'
import type { RevenuePolicy } from '../policy.ts'
import { type Reason, reason } from '../reason.ts'

/** Evidence that some of the promised goods are regularly sold together for less. Amounts are exact minor units. */
export type DiscountBundle = {
  goods: readonly BundledGood[]
  /** What one bundle is regularly sold for. */
  price: Rational
  /** Every good of the contract is regularly sold alone too. */
  allSoldAlone: boolean
  /** How that is known, in words. */
  evidence?: string
  /** Goods of the bundle that are not distinct in the contract: what it says of them is not known to hold there. */
  combined?: readonly string[] | undefined
}

/** A good of a bundle: the obligations that hand it over, and how many bundles they are enough for. */
type BundledGood = { keys: readonly string[]; fills: Rational }

/** An obligation, and its selling price or the part of it that bundles take up. */
export type Weighed = { key: string; weight: Rational }

/** What one bundle says of a contract: the parts that it takes up, at what discount, and which conditions fail. */
export type BundleTest = {
  parts: Weighed[]
  discount: Rational
  failed: ('(a)' | '(b)' | '(c)')[]
  reasons: Reason[]
}

/**
 * The three conditions of ASC 606-10-32-37 (IFRS 15.82), all of which must hold before a discount goes to some
 * obligations and not to all: each good is regularly sold alone; the bundle is regularly sold at a discount; that
 * discount is substantially the same as the contract's. `contractDiscount` is undefined where a residual takes what is
 * left, since then the contract's discount is the bundle's by construction (606-10-32-38).
 *
 * @example of 10 seats and 4 plans one bundle is a seat and a plan: 4 bundles, and 6 seats that are in none
 */
export function testBundle(
  bundle: DiscountBundle,
  obligations: readonly Weighed[],
  contractDiscount: Rational | undefined,
  policy: RevenuePolicy,
): BundleTest {
  if (bundle.combined) return notDistinct(bundle.combined)
  const bundles = bundle.goods.map(({ fills }) => fills).reduce(min)
  const parts = obligations.flatMap(({ key, weight }) => {
    const good = bundle.goods.find(({ keys }) => keys.includes(key))
    return good ? { key, weight: multiply(weight, divide(bundles, good.fills)) } : []
  })
  const alone = sum(parts.map(({ weight }) => weight))
  const together = multiply(bundles, bundle.price)
  const discount = subtract(alone, together)
  const names = parts.map(({ key }) => `"${key}"`).join(', ')
  const conditions = [
    soldAlone(bundle),
    soldTogether(bundle, names, alone, together),
    sameDiscount(discount, contractDiscount, policy),
  ]
  return {
    parts,
    discount,
    failed: conditions.flatMap(({ name, holds }) => (holds ? [] : name)),
    reasons: conditions.map(({ name, holds, text }) =>
      reason('bundle_discount', `${name} ${holds ? 'holds' : 'fails'}: ${text}`),
    ),
  }
}

/** Only distinct goods are sold together: a good that is combined with others was not observed so (606-10-32-37(a)). */
function notDistinct(combined: readonly string[]): BundleTest {
  const names = combined.map((ref) => `"${ref}"`).join(', ')
  const text = `(a) fails: of the bundle ${names} ${combined.length === 1 ? 'is' : 'are'} combined with other goods here.`
  return { parts: [], discount: ZERO, failed: ['(a)'], reasons: [reason('bundle_discount', text)] }
}

type Condition = { name: '(a)' | '(b)' | '(c)'; holds: boolean; text: string }

const soldAlone = ({ allSoldAlone }: DiscountBundle): Condition => ({
  name: '(a)',
  holds: allSoldAlone,
  text: allSoldAlone
    ? 'every good of the contract is regularly sold alone.'
    : 'not every good of the contract is regularly sold alone.',
})

function soldTogether(
  { evidence }: DiscountBundle,
  names: string,
  alone: Rational,
  together: Rational,
): Condition {
  const holds = compare(together, alone) < 0
  const price = alone.num === 0n ? 'no less' : `${percent(together, alone)} of that`
  const text = `what ${names} sell for alone is regularly sold together for ${price}`
  return { name: '(b)', holds, text: evidence === undefined ? `${text}.` : `${text} (${evidence}).` }
}

function sameDiscount(
  discount: Rational,
  contracts: Rational | undefined,
  { bundleTolerance }: RevenuePolicy,
): Condition {
  if (!contracts) {
    return { name: '(c)', holds: true, text: 'what lies beyond the bundle is the price of the residual.' }
  }
  const gap = magnitude(subtract(discount, contracts))
  const text =
    compare(contracts, ZERO) > 0
      ? `the discount of the bundle is ${percent(discount, contracts)} of the contract’s.`
      : 'the contract gives no discount.'
  return { name: '(c)', holds: compare(gap, multiply(magnitude(contracts), bundleTolerance)) <= 0, text }
}

const magnitude = (value: Rational): Rational => (isNegative(value) ? negate(value) : value)

/** Of a whole, with two digits: 60 of 100 are `60 %`. */
const percent = (part: Rational, whole: Rational): string =>
  `${formatDecimal(roundToPlaces(divide(multiply(part, rational(100n)), whole), 2))} %`
