import { currencyDigits } from '../../kernel/currency.ts'
import { decimal, multiply, type Rational, rational } from '../../kernel/rational.ts'
import type { Constraint, Estimate, VariableAmount } from '../transaction-price/variable-consideration.ts'
import type { EstimateBody } from './facts.ts'

/** A stated estimate of variable consideration for the core; `keyOf` names the obligation of a product. */
export function variableOf(
  key: string,
  { constraint, target, ...estimate }: EstimateBody,
  currency: string,
  keyOf: (productRef: string) => string,
): VariableAmount {
  return {
    key,
    estimate: estimateOf(estimate, currency),
    ...(constraint && { constraint: constraintOf(constraint, currency) }),
    ...(target !== undefined && { target: keyOf(target) }),
  }
}

/** Decimal text in major units as exact minor units. */
export const exactMinor = (text: string, currency: string): Rational =>
  multiply(decimal(text), rational(10n ** BigInt(currencyDigits(currency))))

function estimateOf({ method, amount, outcomes }: EstimateBody, currency: string): Estimate {
  if (method === 'amount') return { method, amount: exactMinor(amount ?? '0', currency) }
  return {
    method,
    outcomes: (outcomes ?? []).map((outcome) => ({
      amount: exactMinor(outcome.amount, currency),
      probability: decimal(outcome.probability),
    })),
  }
}

const constraintOf = (
  { most, confidence }: NonNullable<EstimateBody['constraint']>,
  currency: string,
): Constraint =>
  most === undefined
    ? confidence === undefined
      ? {}
      : { confidence: decimal(confidence) }
    : { most: exactMinor(most, currency) }
