import { combinedContracts } from '../closing/presentation/combined.store.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { sum } from '../kernel/money.ts'
import { invalid } from '../kernel/problem.ts'
import { reportedUnder } from '../revenue/books.store.ts'
import { contractsUnmetOn } from '../revenue/criteria.store.ts'
import type { Framework } from '../revenue/policy.ts'
import type { Db } from '../storage/db.store.ts'
import { agreementsOn } from './agreements.store.ts'
import { coveredProducts, type PlannedRemaining, plannedRemaining } from './planned.store.ts'
import { billedRemaining, type RemainingScope } from './remaining.store.ts'
import {
  addBands,
  type Remaining,
  type RemainingReport,
  remainingAsOne,
  remainingOf,
  splitByBilling,
  unbilledRemaining,
} from './remaining.ts'
import { type RemainingNote, remainingNotes } from './remaining-notes.ts'
import { remainingUsage } from './remaining-usage.job.ts'

/** The report, whose books it is of, and what is left out. */
export async function remainingObligations(
  db: Db,
  asOf: LocalDate,
  scope: RemainingScope,
): Promise<
  { entities: { entity_ref: string; framework: Framework }[]; notes: RemainingNote[] } & RemainingReport
> {
  const { rows, combined, entities, usage } = await remainingBySource(db, asOf, scope)
  return {
    entities: [...entities].map(([entity_ref, framework]) => ({ entity_ref, framework })),
    ...remainingOf(remainingAsOne(rows, combined)),
    notes: remainingNotes(usage),
  }
}

/** Where it is known from: lines of invoices, fees of the terms, the plan of a contract, or usage to come. */
export type RemainingSource = 'lines' | 'terms' | 'plan' | 'usage'

/**
 * What remains of each contract by each source, and which contracts are accounted for as one. Throws
 * `framework_not_kept` where the books of the legal entity do not have the framework.
 */
export async function remainingBySource(db: Db, asOf: LocalDate, scope: RemainingScope) {
  const entities = await reportedUnder(db, scope.entityRef, scope.framework)
  if (scope.entityRef !== undefined && entities.size === 0) throw notKept(scope.framework)
  const [billed, agreements, planned, covered, withoutContract, combined] = await Promise.all([
    billedRemaining(db, asOf, scope),
    agreementsOn(db, asOf, scope),
    plannedRemaining(db, asOf, scope),
    coveredProducts(db, scope),
    contractsUnmetOn(db, asOf, scope.entityRef, scope.framework),
    combinedContracts(db, scope.entityRef),
  ])
  const reported = agreements.flatMap((agreement) => {
    const framework = entities.get(agreement.contract.entityRef)
    return framework && !withoutContract.has(agreement.contract.ref) ? [{ agreement, framework }] : []
  })
  const agreed = reported.map(({ agreement }): Remaining => {
    const { ref: contractRef, customerRef, terms } = agreement.contract
    const unbilled = unbilledRemaining(agreement, asOf, covered.get(contractRef))
    return { contractRef, customerRef, currency: terms.currency, bands: { unbilled } }
  })
  const { rows: used, usage } = await remainingUsage(db, asOf, scope, reported)
  const from = (source: RemainingSource, rows: readonly Remaining[]) =>
    rows.map((row) => ({ ...row, source }))
  const rows = [
    ...from(
      'lines',
      billed.map(({ billed: bands, ...row }) => ({ ...row, bands: { billed: bands } })),
    ),
    ...from('terms', agreed),
    ...from('plan', splitPlans(planned, combined)),
    ...from('usage', used),
  ]
  return { rows, combined, entities, usage }
}

function notKept(framework: Framework | undefined) {
  const message = `must be a framework of the legal entity's books, and ${framework} is none`
  return invalid('framework_not_kept', `framework: ${message}.`, [{ path: 'framework', message }])
}

/** What is billed under one contract pays for what any of those gives that are one with it. */
function splitPlans(
  planned: readonly PlannedRemaining[],
  combined: ReadonlyMap<string, string>,
): Remaining[] {
  const plans = Map.groupBy(planned, ({ contractRef }) => combined.get(contractRef) ?? contractRef)
  return [...plans.values()].map((own) => {
    const { contractRef, customerRef, currency } = own[0]!
    const remaining = addBands(own.map((plan) => plan.remaining))
    const paid = sum(own.map((plan) => plan.billed))
    return { contractRef, customerRef, currency, bands: splitByBilling(remaining, paid) }
  })
}
