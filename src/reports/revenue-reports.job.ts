import type { LocalDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import type { Db } from '../storage/db.store.ts'
import { billedForLater } from './contract-balances.store.ts'
import {
  type ContractBalances,
  contractBalancesOf,
  contractKey,
  deferredOf,
  unbilledOf,
} from './contract-balances.ts'
import { contractPositions, isOnTrialBalance } from './contract-positions.job.ts'
import { accountNet, credits, type Scope } from './ledger-sums.store.ts'
import { plannedRemaining } from './planned.store.ts'
import { splitByBilling } from './remaining.ts'
import { earlierRevenue, revenueByDay, revenueGroups } from './revenue-figures.store.ts'
import { disaggregationOf, earlierRevenueOf, type Group, revenueByDayOf } from './revenue-figures.ts'
import type { Span } from './span.ts'
import { adjustedTaxes, documentedTaxes, taxedDocuments } from './tax-report.store.ts'
import { byTax, taxReportOf } from './tax-report.ts'

export async function contractBalances(
  db: Db,
  asOf: LocalDate,
  scope: Scope,
): Promise<ContractBalances & { on_trial_balance: boolean | null }> {
  const [positions, later, ledger] = await Promise.all([
    contractPositions(db, asOf, scope),
    earnedLater(db, asOf, scope),
    accountNet(db, 'contract_position', asOf, scope),
  ])
  const balances = contractBalancesOf(positions, later, credits(ledger))
  return { ...balances, on_trial_balance: await isOnTrialBalance(db, asOf, scope, balances.totals) }
}

export const unbilledUsage = async (db: Db, asOf: LocalDate, scope: Scope) =>
  unbilledOf(await contractPositions(db, asOf, scope))

export const deferredRevenue = async (db: Db, asOf: LocalDate, scope: Scope) =>
  deferredOf(...(await Promise.all([contractPositions(db, asOf, scope), earnedLater(db, asOf, scope)])))

/** What contracts were billed for days more than twelve months away. */
async function earnedLater(db: Db, asOf: LocalDate, scope: Scope): Promise<Map<string, Minor>> {
  const [later, planned] = await Promise.all([
    billedForLater(db, asOf, scope),
    plannedRemaining(db, asOf, scope),
  ])
  for (const { remaining, billed, ...contract } of planned) {
    const [, next, beyond] = splitByBilling(remaining, billed).billed
    later.set(contractKey(contract), (later.get(contractKey(contract)) ?? 0n) + next + beyond)
  }
  return later
}

export const dailyRevenue = async (db: Db, span: Span, scope: Scope) =>
  revenueByDayOf(await revenueByDay(db, { ...span, ...scope }), span)

export const disaggregatedRevenue = async (db: Db, span: Span, scope: Scope, group: Group) =>
  disaggregationOf(await revenueGroups(db, { ...span, ...scope }, group))

export const priorPeriodRevenue = async (db: Db, span: Span, scope: Scope) =>
  earlierRevenueOf(await earlierRevenue(db, { ...span, ...scope }))

export async function taxReport(db: Db, span: Span, scope: Scope) {
  const asked = { ...span, ...scope }
  return taxReportOf(...(await Promise.all([documentedTaxes(db, asked), adjustedTaxes(db, asked)])))
}

/** What the taxes of a span are of, document by document. */
export async function taxDocuments(db: Db, span: Span, scope: Scope) {
  const asked = { ...span, ...scope }
  const [documented, adjusted] = await Promise.all([taxedDocuments(db, asked), adjustedTaxes(db, asked)])
  const shared = adjusted.flatMap(({ number, invoiceId, ...tax }) =>
    byTax(tax).map((one) => ({ ...one, number, invoiceId })),
  )
  return [...documented, ...shared]
}
