import { invalid } from '../../kernel/problem.ts'
import { compare, type Rational, ZERO } from '../../kernel/rational.ts'
import { type Reason, reason } from '../reason.ts'
import type { PricedObligation, ResidualGround } from './ssp.ts'

const GROUNDS: Record<ResidualGround, string> = {
  highly_variable: 'it is sold for widely different amounts',
  not_yet_established: 'it has no price yet and was never sold alone',
}

/**
 * The residual approach: what the price leaves after the observable selling prices (ASC 606-10-32-34(c), IFRS 15.79(c)).
 * A result of nothing, or outside the prices that were observed, does not meet the allocation objective of 606-10-32-28
 * (IFRS 15.73): it is refused with `residual_not_allowed`, and another estimate is needed.
 */
export function residualAmount(
  { key, ssp }: PricedObligation,
  left: Rational,
): { amount: Rational; reason: Reason } {
  if (ssp.is !== 'residual') throw new RangeError(`"${key}" has a selling price of its own`)
  const { observed, because } = ssp
  const isOutside = observed && (compare(left, observed.low) < 0 || compare(left, observed.high) > 0)
  if (compare(left, ZERO) <= 0 || isOutside) {
    throw invalid(
      'residual_not_allowed',
      `The residual approach leaves "${key}" an amount that is no selling price (nothing, or outside the prices observed); estimate its stand-alone selling price by another method.`,
    )
  }
  return {
    amount: left,
    reason: reason('residual', `"${key}" takes what is left, since ${GROUNDS[because]}.`),
  }
}
