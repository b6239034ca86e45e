import type { Minor } from '../../kernel/money.ts'
import { invalid } from '../../kernel/problem.ts'
import {
  add,
  compare,
  isZero,
  min,
  multiply,
  ONE,
  type Rational,
  roundToInteger,
  subtract,
  sum,
  ZERO,
} from '../../kernel/rational.ts'
import type { RevenuePolicy } from '../policy.ts'
import { type Reason, reason } from '../reason.ts'

/** One way that it may turn out. Amounts are exact minor units; negative ones are refunds, penalties and rebates. */
type Outcome = { amount: Rational; probability: Rational }

export type Estimate =
  | { method: 'amount'; amount: Rational }
  | { method: 'expected_value' | 'most_likely'; outcomes: readonly Outcome[] }

/** The judgement of how much will not be reversed: an amount, or a confidence that the outcomes are held against. */
export type Constraint = { most: Rational } | { confidence?: Rational }

export type VariableAmount = {
  key: string
  estimate: Estimate
  constraint?: Constraint
  /** The one obligation that the amount relates to, where the conditions of 606-10-32-40 (IFRS 15.85) are met. */
  target?: string
}

export type EstimatedVariable = {
  key: string
  target?: string
  estimate: Rational
  included: Minor
  reasons: Reason[]
}

/**
 * Estimates variable consideration and constrains it (ASC 606-10-32-5 to 32-13, IFRS 15.50 to 58): the expected value is
 * the probability-weighted sum, the most likely amount the single likeliest outcome (on a tie the smaller). Of the
 * estimate only what is confidently not to be reversed is included, rounded once to minor units.
 *
 * Throws `probabilities_not_one` where the probabilities do not add up to exactly one.
 *
 * @example outcomes 100,000 at 60% and 50,000 at 40%: expected value 80,000, most likely amount 100,000
 */
export function estimateVariable(variable: VariableAmount, policy: RevenuePolicy): EstimatedVariable {
  const { key, target, constraint } = variable
  const estimate = pointEstimate(variable)
  const limit = constraint && limitOf(variable, constraint, policy)
  const included = roundToInteger(limit ? min(estimate, limit) : estimate, policy.rounding)
  return {
    key,
    ...(target === undefined ? {} : { target }),
    estimate,
    included,
    reasons: [METHOD_SAID[variable.estimate.method](key), constraintSaid(key, constraint)],
  }
}

function pointEstimate({ key, estimate }: VariableAmount): Rational {
  if (estimate.method === 'amount') return estimate.amount
  requireCertainty(key, estimate.outcomes)
  return estimate.method === 'expected_value'
    ? expectedValue(estimate.outcomes)
    : mostLikely(estimate.outcomes)
}

const expectedValue = (outcomes: readonly Outcome[]): Rational =>
  sum(outcomes.map(({ amount, probability }) => multiply(amount, probability)))

const mostLikely = (outcomes: readonly Outcome[]): Rational =>
  outcomes.reduce((best, next) => {
    const likelier = compare(next.probability, best.probability)
    return likelier > 0 || (likelier === 0 && compare(next.amount, best.amount) < 0) ? next : best
  }).amount

function requireCertainty(key: string, outcomes: readonly Outcome[]): void {
  const total = sum(outcomes.map(({ probability }) => probability))
  if (outcomes.length > 0 && isZero(subtract(total, ONE))) return
  throw invalid(
    'probabilities_not_one',
    `The probabilities of the variable amount "${key}" must add up to exactly 1.`,
  )
}

function limitOf({ estimate }: VariableAmount, constraint: Constraint, policy: RevenuePolicy): Rational {
  if ('most' in constraint) return constraint.most
  if (estimate.method === 'amount') return estimate.amount
  return confidentAmount(estimate.outcomes, constraint.confidence ?? policy.constraintConfidence)
}

/** The largest outcome that is reached or exceeded with the given confidence. */
function confidentAmount(outcomes: readonly Outcome[], confidence: Rational): Rational {
  let reached = ZERO
  for (const { amount, probability } of outcomes.toSorted((a, b) => compare(b.amount, a.amount))) {
    reached = add(reached, probability)
    if (compare(reached, confidence) >= 0) return amount
  }
  return ZERO
}

const METHOD_SAID: Record<Estimate['method'], (key: string) => Reason> = {
  amount: (key) => reason('variable_consideration', `"${key}" is taken as estimated by the caller.`),
  expected_value: (key) =>
    reason(
      'variable_consideration',
      `"${key}" is estimated as the probability-weighted sum of its outcomes.`,
    ),
  most_likely: (key) =>
    reason('variable_consideration', `"${key}" is estimated as its single likeliest outcome.`),
}

function constraintSaid(key: string, constraint: Constraint | undefined): Reason {
  if (!constraint) {
    return reason(
      'constraint',
      `"${key}" carries no constraint: a significant reversal is held to be improbable.`,
    )
  }
  return 'most' in constraint
    ? reason('constraint', `Of "${key}" no more is included than the amount judged not to be reversed.`)
    : reason('constraint', `Of "${key}" no more is included than the outcome that is confidently reached.`)
}
