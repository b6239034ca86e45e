import {
  add,
  compare,
  max,
  min,
  multiply,
  ONE,
  type Rational,
  subtract,
  sum,
  ZERO,
} from '../kernel/rational.ts'

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

/**
 * What a commitment has added to the cost of its window when a part of the window is over, `elapsed` from 0 to 1: the
 * customer pays the committed amount whatever is used, so what stands ready for it earns it with time (fixed
 * consideration of a series, ASC 606-10-25-31 and 55-184, IFRS 15.39 and 15.B18); a unit beyond it is a price of the
 * time in which it is used (606-10-32-40, IFRS 15.85). With the cost this never falls, and at the end of the window it is
 * what `chargeWindows` adds.
 *
 * @example 12,000 committed, three of twelve months over: 3,000 − 2,500 = 500 beside a cost of 2,500, nothing beside 4,000
 */
export function addedSoFar(
  { commitment, overageFactor, hasTrueUp }: WindowCommitment,
  { elapsed, cost }: { elapsed: Rational; cost: Rational },
): Rational {
  const missing = hasTrueUp ? max(subtract(multiply(commitment, elapsed), cost), ZERO) : ZERO
  const beyond = max(subtract(cost, commitment), ZERO)
  return add(missing, multiply(beyond, subtract(overageFactor, ONE)))
}
