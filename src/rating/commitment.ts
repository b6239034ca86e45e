import { add, compare, max, min, multiply, type Rational, subtract, sum, ZERO } from '../kernel/rational.ts'

/**
 * What a plan's minimum commitment adds to the fees of a period, plan and usage together, before coupons and tax. The
 * commitment shrinks with a period that is billed in part, as the fees have. Never negative.
 *
 * @example 10,000 committed, a fee of 1,000, 5 of 7 days: 7,142.86 − 714.29 = 6,428.57
 */
export const planTrueUp = (commitment: Rational, fees: readonly Rational[], factor: Rational): Rational =>
  shortfall(multiply(commitment, factor), sum(fees))

/**
 * What a contract's commitment adds to the last invoice of its term: what the amounts billed in the term, without line
 * discounts and before tax, leave of it. Billing more than was committed gives nothing back.
 */
export const contractTrueUp = (
  commitment: Rational,
  billed: readonly Rational[],
  isLastOfTerm: boolean,
): Rational => (isLastOfTerm ? shortfall(commitment, sum(billed)) : ZERO)

const shortfall = (commitment: Rational, billed: Rational): Rational =>
  max(subtract(commitment, billed), ZERO)

export type WindowCommitment = {
  /** In money, for each window; a committed quantity counts at its unit price. */
  commitment: Rational
  /** What each unit of money above the commitment is multiplied by. */
  overageFactor: Rational
  /** A window that costs less is filled up to the commitment. */
  hasTrueUp: boolean
}

/** `charge` = utilized + overage + true-up. */
export type WindowCharge = { utilized: Rational; overage: Rational; trueUp: Rational; charge: Rational }

/**
 * A commitment that each window of a period is held to alone.
 *
 * @example 10 committed, factor 2, windows of 4 and 16: 4 + 6 of true-up, and 10 + 6 × 2 = 22; 32 together
 */
export function chargeWindows(costs: readonly Rational[], terms: WindowCommitment): WindowCharge {
  const windows = costs.map((cost) => chargeWindow(cost, terms))
  const total = (part: keyof WindowCharge) => sum(windows.map((window) => window[part]))
  return {
    utilized: total('utilized'),
    overage: total('overage'),
    trueUp: total('trueUp'),
    charge: total('charge'),
  }
}

function chargeWindow(
  cost: Rational,
  { commitment, overageFactor, hasTrueUp }: WindowCommitment,
): WindowCharge {
  const utilized = min(cost, commitment)
  const isOver = compare(cost, commitment) > 0
  const overage = isOver ? multiply(subtract(cost, commitment), overageFactor) : ZERO
  const trueUp = hasTrueUp ? subtract(commitment, utilized) : ZERO
  return { utilized, overage, trueUp, charge: add(add(utilized, overage), trueUp) }
}
