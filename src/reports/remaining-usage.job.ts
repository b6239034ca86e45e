import type { UsagePolicy } from '../catalog/product.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { compare, rational } from '../kernel/rational.ts'
import type { Fact } from '../revenue/accounting/facts.ts'
import { estimatesOn, type UsageEstimate, usageEstimates } from '../revenue/accounting/usage-estimate.ts'
import { policyOn, usagePolicies } from '../revenue/accounting/usage-policy.ts'
import { type Framework, policyOf } from '../revenue/policy.ts'
import type { Db } from '../storage/db.store.ts'
import { countedUsage } from './counted-usage.store.ts'
import type { Agreement } from './fixed-fees.ts'
import { type CountedUsage, hasMinimum, openWindows } from './open-windows.ts'
import type { RemainingScope } from './remaining.store.ts'
import type { Remaining } from './remaining.ts'
import type { AgreedUsage } from './remaining-notes.ts'
import { plannedPolicies, usageFactsOn } from './usage-facts.store.ts'
import { usageRemaining } from './usage-remaining.ts'

/** An agreement, and the framework that is asked for of its seller. */
export type Reported = { agreement: Agreement; framework: Framework }

/** What usage to come adds to what remains of contracts with an end, and what of it is left out. */
export async function remainingUsage(
  db: Db,
  asOf: LocalDate,
  scope: RemainingScope,
  reported: readonly Reported[],
): Promise<{ rows: Remaining[]; usage: AgreedUsage[] }> {
  const metered = reported.filter(({ agreement }) => usageRefs(agreement).length > 0)
  const committed = reported.filter(({ agreement }) => hasMinimum(agreement))
  const [facts, planned, counted] = await Promise.all([
    usageFactsOn(db, asOf, refsOf(metered)),
    plannedPolicies(db, scope),
    countedUsage(db, asOf, refsOf(committed)),
  ])
  const isAsked = new Set([...metered, ...committed])
  const known = reported
    .filter((one) => isAsked.has(one))
    .map((one) => {
      const { ref } = one.agreement.contract
      const stated = {
        facts: facts.get(ref) ?? [],
        planned: planned.get(ref),
        counted: counted.get(ref) ?? [],
      }
      return usageOf(one, stated, asOf)
    })
  return { rows: known.map(({ row }) => row), usage: known.flatMap(({ usage }) => usage) }
}

type Known = {
  facts: readonly Fact[]
  planned: ReadonlyMap<string, UsagePolicy> | undefined
  counted: readonly CountedUsage[]
}

function usageOf({ agreement, framework }: Reported, { facts, planned, counted }: Known, asOf: LocalDate) {
  const { ref: contractRef, customerRef, terms } = agreement.contract
  const policies = policiesOn(agreement, facts, planned, asOf)
  const estimates = framework === 'IFRS15' ? estimatesOf(agreement, facts, policies, asOf) : []
  const windows = hasMinimum(agreement) ? openWindows(agreement, asOf, counted) : []
  const term = { start: terms.start_date, end: terms.end_date! }
  const expected = estimates.map((one) => ({ ...one, amount: one.included }))
  const bands = usageRemaining({ asOf, term }, windows, expected)
  return {
    row: { contractRef, customerRef, currency: terms.currency, bands },
    usage: [...policies].map(([productRef, policy]): AgreedUsage => {
      const own = estimates.filter((one) => one.productRef === productRef)
      const estimate = own.length === 0 ? undefined : { isConstrained: own.some(isConstrained) }
      return { contractRef, framework, policy, estimate }
    }),
  }
}

const refsOf = (reported: readonly Reported[]): string[] =>
  reported.map(({ agreement }) => agreement.contract.ref)

const usageRefs = ({ contract, products }: Agreement): string[] => [
  ...new Set(
    contract.terms.products
      .map(({ product_ref: ref }) => ref)
      .filter((ref) => products.get(ref)?.kind === 'usage'),
  ),
]

/** By usage product. Before the contract is planned with a product, it is as by default. */
const policiesOn = (
  agreement: Agreement,
  facts: readonly Fact[],
  planned: ReadonlyMap<string, UsagePolicy> | undefined,
  day: LocalDate,
): Map<string, UsagePolicy> =>
  new Map(
    usageRefs(agreement).map((ref) => {
      const product = { ref, revenue: { usage_policy: planned?.get(ref) } }
      return [ref, policyOn(usagePolicies(product, facts, agreement.contract.terms.start_date), day)]
    }),
  )

/** What the right to invoice is used for needs no estimate. */
function estimatesOf(
  { contract: { terms }, products, rounding }: Agreement,
  facts: readonly Fact[],
  policies: ReadonlyMap<string, UsagePolicy>,
  day: LocalDate,
): UsageEstimate[] {
  const basis = { currency: terms.currency, signedOn: terms.start_date }
  const all = usageEstimates(facts, products, basis, policyOf('IFRS15', { rounding }))
  return estimatesOn(all, day).filter(({ productRef }) => policies.get(productRef) === 'variable_allocation')
}

const isConstrained = ({ estimate, included }: UsageEstimate): boolean =>
  compare(rational(included), estimate) < 0
