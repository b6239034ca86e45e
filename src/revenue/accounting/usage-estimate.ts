import { addDays, type LocalDate } from '../../kernel/calendar.ts'
import type { RevenuePolicy } from '../policy.ts'
import { type EstimatedVariable, estimateVariable } from '../transaction-price/variable-consideration.ts'
import type { PinnedProduct } from './coverage.ts'
import { variableOf } from './estimate.ts'
import { type EstimateBody, type Fact, type FactBody, factsOf } from './facts.ts'
import { later } from './service.ts'

type EstimateFact = Fact<Extract<FactBody, { kind: 'estimate' }>>

/**
 * What usage of a product will come to over days, half-open, as estimated and constrained: `included` is in minor units.
 * It holds from the day `from` on, until the next of its key.
 */
export type UsageEstimate = EstimatedVariable & {
  productRef: string
  from: LocalDate
  start: LocalDate
  end: LocalDate
}

/** True for an estimate of usage: it says what remains, and takes no part in the price that is allocated. */
export const isOfUsage = (
  { target }: Pick<EstimateBody, 'target'>,
  products: ReadonlyMap<string, Pick<PinnedProduct, 'kind'>>,
): boolean => target !== undefined && products.get(target)?.kind === 'usage'

/**
 * The estimates of usage among the facts of a contract, in the order in which they were stated; none of them reaches back
 * before the contract. Throws `probabilities_not_one`.
 */
export const usageEstimates = (
  facts: readonly Fact[],
  products: ReadonlyMap<string, Pick<PinnedProduct, 'kind'>>,
  { currency, signedOn }: { currency: string; signedOn: LocalDate },
  policy: RevenuePolicy,
): UsageEstimate[] =>
  factsOf(facts, 'estimate')
    .filter(({ body }) => isOfUsage(body, products))
    .map((fact) => ({
      ...estimated(fact, currency, policy),
      productRef: fact.body.target!,
      from: fact.effectiveDate,
      start: later(fact.effectiveDate, signedOn),
      end: addDays(fact.body.until ?? fact.effectiveDate, 1),
    }))

/** What one estimate comes to. */
export const estimated = (
  { body }: Pick<EstimateFact, 'body'>,
  currency: string,
  policy: RevenuePolicy,
): EstimatedVariable =>
  estimateVariable(
    variableOf(body.key, body, currency, (ref) => ref),
    policy,
  )

/** Those that hold on a day: of each key the one from the latest day, of those the last that was stated. */
export function estimatesOn<E extends Pick<UsageEstimate, 'key' | 'from'>>(
  estimates: readonly E[],
  day: LocalDate,
): E[] {
  const held = new Map<string, E>()
  for (const one of estimates.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0)))
    if (one.from <= day) held.set(one.key, one)
  return [...held.values()]
}
