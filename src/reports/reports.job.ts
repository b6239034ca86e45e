import { combinedContracts } from '../closing/presentation/combined.store.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { sum } from '../kernel/money.ts'
import { contractsUnmetOn } from '../revenue/criteria.store.ts'
import type { Db } from '../storage/db.store.ts'
import { type Ageing, ageingOf } from './ageing.ts'
import { agreementsOn, agreementsToBill, subscriptions } from './agreements.store.ts'
import {
  cashForecastOf,
  type ExpectedCash,
  type ForecastRow,
  type Horizon,
  upcomingCash,
} from './cash-forecast.ts'
import { accountNet, credits, type Scope } from './ledger-sums.store.ts'
import { type MrrRow, mrrOf } from './mrr.ts'
import { coveredProducts, type PlannedRemaining, plannedRemaining } from './planned.store.ts'
import { positionMovements } from './positions.store.ts'
import { openReceivables } from './receivables.store.ts'
import { billedRemaining } from './remaining.store.ts'
import {
  addBands,
  type Bands,
  type Remaining,
  type RemainingReport,
  remainingAsOne,
  remainingOf,
  splitByBilling,
  unbilledRemaining,
} from './remaining.ts'
import { type Rollforward, rollforwardOf } from './rollforward.ts'

export async function arAgeing(db: Db, asOf: LocalDate, scope: Scope): Promise<Ageing> {
  const [open, ledger] = await Promise.all([
    openReceivables(db, asOf, scope),
    accountNet(db, 'accounts_receivable', asOf, scope),
  ])
  return ageingOf(open, asOf, ledger)
}

export const mrr = async (db: Db, span: { from: string; to: string }, scope: Scope): Promise<MrrRow[]> =>
  mrrOf(await subscriptions(db, scope), span)

/** Open invoices as the books have them at the end of the day, and the invoices to come. */
export async function cashForecast(db: Db, horizon: Horizon, scope: Scope): Promise<ForecastRow[]> {
  const [open, agreements] = await Promise.all([
    openReceivables(db, horizon.asOf, scope),
    agreementsToBill(db, scope),
  ])
  const invoiced = open.map(({ currency, dueDate, open: amount }) => ({
    currency,
    dueOn: dueDate,
    amount,
    from: 'invoiced' as const,
  }))
  return cashForecastOf(
    [...invoiced, ...agreements.flatMap((agreement) => upcomingCash(agreement, horizon))],
    horizon,
  )
}

/** The invoices to come, with the contracts that they are of. */
export async function cashToCome(
  db: Db,
  horizon: Horizon,
  scope: Scope,
): Promise<(ExpectedCash & { contractRef: string })[]> {
  const agreements = await agreementsToBill(db, scope)
  return agreements.flatMap((agreement) =>
    upcomingCash(agreement, horizon).map((cash) => ({ ...cash, contractRef: agreement.contract.ref })),
  )
}

/** What recurs of each customer. */
export async function mrrByCustomer(
  db: Db,
  span: { from: string; to: string },
  scope: Scope,
): Promise<(MrrRow & { customerRef: string })[]> {
  const customers = Map.groupBy(await subscriptions(db, scope), ({ customerRef }) => customerRef)
  return [...customers].flatMap(([customerRef, own]) =>
    mrrOf(own, span).map((row) => ({ ...row, customerRef })),
  )
}

export async function remainingObligations(db: Db, asOf: LocalDate, scope: Scope): Promise<RemainingReport> {
  const { rows, combined } = await remainingBySource(db, asOf, scope)
  return remainingOf(remainingAsOne(rows, combined))
}

/** Where it is known from: lines of invoices, fees of the terms, or the plan of a contract. */
export type RemainingSource = 'lines' | 'terms' | 'plan'

/** What remains of each contract by each source, and which contracts are accounted for as one. */
export async function remainingBySource(db: Db, asOf: LocalDate, scope: Scope) {
  const [billed, agreements, planned, covered, withoutContract, combined] = await Promise.all([
    billedRemaining(db, asOf, scope),
    agreementsOn(db, asOf, scope),
    plannedRemaining(db, asOf, scope),
    coveredProducts(db, scope),
    contractsUnmetOn(db, asOf, scope.entityRef),
    combinedContracts(db, scope.entityRef),
  ])
  const agreed = agreements
    .filter(({ contract }) => !withoutContract.has(contract.ref))
    .map((agreement): Remaining => {
      const { ref: contractRef, customerRef, terms } = agreement.contract
      const unbilled = unbilledRemaining(agreement, asOf, covered.get(contractRef))
      return { contractRef, customerRef, currency: terms.currency, billed: NOTHING, unbilled }
    })
  const from = (source: RemainingSource, rows: readonly Remaining[]) =>
    rows.map((row) => ({ ...row, source }))
  const rows = [
    ...from(
      'lines',
      billed.map((row) => ({ ...row, unbilled: NOTHING })),
    ),
    ...from('terms', agreed),
    ...from('plan', splitPlans(planned, combined)),
  ]
  return { rows, combined }
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
    return { contractRef, customerRef, currency, ...splitByBilling(remaining, paid) }
  })
}

const NOTHING: Bands = [0n, 0n, 0n]

export async function rollforward(
  db: Db,
  span: { from: LocalDate; to: LocalDate },
  scope: Scope,
): Promise<Rollforward> {
  const [movements, ledger] = await Promise.all([
    positionMovements(db, { ...span, ...scope }),
    accountNet(db, 'contract_position', span.to, scope),
  ])
  return rollforwardOf(movements, credits(ledger))
}
