import type { LocalDate } from '../kernel/calendar.ts'
import type { Db } from '../storage/db.store.ts'
import { type Ageing, ageingOf } from './ageing.ts'
import { agreementsToBill, subscriptions } from './agreements.store.ts'
import {
  cashForecastOf,
  type ExpectedCash,
  type ForecastRow,
  type Horizon,
  upcomingCash,
} from './cash-forecast.ts'
import { accountNet, credits, type Scope } from './ledger-sums.store.ts'
import { type MrrRow, mrrOf } from './mrr.ts'
import { positionMovements } from './positions.store.ts'
import { openReceivables } from './receivables.store.ts'
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
