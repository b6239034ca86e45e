import { divide, max, multiply, ONE, type Rational, subtract, sum, ZERO } from '../../kernel/rational.ts'
import type { RevenuePolicy } from '../policy.ts'
import { type Reason, reason } from '../reason.ts'
import { type BundleTest, type DiscountBundle, testBundle, type Weighed } from './discount-bundle.ts'

/** What is left of the selling prices of the obligations that a discount belongs to: parts from 0 to 1 of the whole. */
export type NetParts = ReadonlyMap<string, Rational>

type Question = {
  bundles: readonly DiscountBundle[]
  obligations: readonly Weighed[]
  /** Undefined where a residual takes what is left. */
  contractDiscount: Rational | undefined
}

/**
 * Finds the obligations that the discount of a contract belongs to (ASC 606-10-32-36 to 32-38, IFRS 15.81 to 83). Of
 * several bundles that meet all conditions the one speaks that lies within all others: what they have beyond it brings
 * no discount. Where there is none, their evidence contradicts itself, and the discount is everybody's.
 *
 * The discount is taken off in proportion within the bundle. Without a residual it is the contract's own, which may
 * differ a little from the bundle's; then the price is met exactly.
 */
export function discountOfSome(
  question: Question,
  policy: RevenuePolicy,
): { net: NetParts; reasons: Reason[] } {
  const { bundles, obligations, contractDiscount } = question
  const tests = bundles.map((bundle) => testBundle(bundle, obligations, contractDiscount, policy))
  const fitting = tests.filter(({ failed }) => failed.length === 0)
  const chosen = fitting.find((test) => fitting.every((other) => isWithin(test, other)))
  const reasons = tests.flatMap((test) => test.reasons)
  if (tests.length === 0) return { net: new Map(), reasons }
  if (!chosen) return { net: new Map(), reasons: [...reasons, spreadSaid(tests)] }
  return {
    net: netOf(chosen, obligations, contractDiscount ?? chosen.discount),
    reasons: [...reasons, ownSaid(chosen)],
  }
}

const isWithin = ({ parts }: BundleTest, other: BundleTest): boolean =>
  parts.every(({ key }) => other.parts.some((part) => part.key === key))

function netOf({ parts }: BundleTest, obligations: readonly Weighed[], discount: Rational): NetParts {
  const full = sum(parts.map(({ weight }) => weight))
  const off = subtract(ONE, divide(max(subtract(full, discount), ZERO), full))
  return new Map(
    parts.map(({ key, weight }) => {
      const whole = obligations.find((own) => own.key === key)!.weight
      return [key, whole.num === 0n ? ONE : subtract(ONE, multiply(off, divide(weight, whole)))]
    }),
  )
}

const ownSaid = ({ parts }: BundleTest): Reason =>
  reason(
    'bundle_discount',
    `The discount belongs to ${parts.map(({ key }) => `"${key}"`).join(', ')} alone: conditions (a) to (c) hold.`,
  )

function spreadSaid(tests: readonly BundleTest[]): Reason {
  const failed = [...new Set(tests.flatMap((test) => test.failed))].sort()
  return tests.every((test) => test.failed.length > 0)
    ? reason(
        'discount',
        `The discount is spread over all: no bundle meets all conditions, ${failed.join(', ')} failed.`,
      )
    : reason(
        'discount',
        'The discount is spread over all: bundles that meet all conditions have no goods in common.',
      )
}
