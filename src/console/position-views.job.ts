import { firstOfMonth, type LocalDate } from '../kernel/calendar.ts'
import { ACCRUED, BALANCES, DEFERRED } from '../reports/contract-balances.ts'
import { REMAINING, ROLLED } from '../reports/reports.http.ts'
import { remainingObligations, rollforward } from '../reports/reports.job.ts'
import { contractBalances, deferredRevenue, unbilledUsage } from '../reports/revenue-reports.job.ts'
import type { Asked, ReadView } from './read-view.job.ts'
import { overFigures } from './report-charts.ts'
import { journalPath, movedBy } from './report-links.ts'
import type { Row } from './report-view.ts'

/** What moved a contract's position up to the day; totals have no row of their own to name the entity. */
const positionsUpTo =
  (asOf: LocalDate, scope: Asked['scope']) =>
  ({ contract_ref, entity_ref = scope.entityRef, currency }: Row): string =>
    journalPath({ account: 'contract_position', contract_ref, entity_ref, currency, to: asOf })

const MOVEMENTS = ['opening', 'billed', 'recognised', 'other', 'closing']

export const readRollforward: ReadView = async (db, { asOf, scope }) => {
  const from = firstOfMonth(asOf)
  return {
    hint: 'The month up to the day: opening + billed − recognised + other = closing.',
    takesDate: true,
    words: ['entity_ref'],
    figures: ROLLED,
    ...(await rollforward(db, { from, to: asOf }, scope)),
    chart: (part) => ({
      title: 'How contract positions moved',
      data: overFigures(part, MOVEMENTS, 'Position', ['recognised']),
    }),
    link: ({ entity_ref = scope.entityRef, currency }, figure) =>
      journalPath({ account: 'contract_position', entity_ref, currency, ...movedBy(figure, from, asOf) }),
  }
}

export const readBalances: ReadView = async (db, { asOf, scope }) => ({
  hint: 'Each contract as the balance sheet has it; contracts are never set off against each other.',
  takesDate: true,
  words: ['contract_ref', 'customer_ref'],
  figures: BALANCES,
  rare: ['non_current', 'deposit_liability', 'refund_liability', 'advances_not_due'],
  ...(await contractBalances(db, asOf, scope)),
  link: positionsUpTo(asOf, scope),
})

export const readUnbilled: ReadView = async (db, { asOf, scope }) => ({
  hint: 'Usage that is revenue and on no invoice yet; less what the contract was billed ahead.',
  takesDate: true,
  words: ['contract_ref', 'customer_ref'],
  figures: ACCRUED,
  ...(await unbilledUsage(db, asOf, scope)),
  link: positionsUpTo(asOf, scope),
})

export const readDeferred: ReadView = async (db, { asOf, scope }) => ({
  hint: 'Deferred revenue: current is earned within twelve months of the day.',
  takesDate: true,
  words: ['contract_ref', 'customer_ref'],
  figures: DEFERRED,
  ...(await deferredRevenue(db, asOf, scope)),
  chart: (part) => ({
    title: 'Deferred revenue by when it is earned',
    data: overFigures(part, ['current', 'non_current'], 'Deferred'),
  }),
  link: positionsUpTo(asOf, scope),
})

export const readRemaining: ReadView = async (db, { asOf, scope }) => ({
  hint: 'What is agreed at fixed prices and not yet recognised, by when it will be.',
  takesDate: true,
  words: ['contract_ref'],
  figures: REMAINING,
  ...(await remainingObligations(db, asOf, scope)),
  chart: (part) => ({
    title: 'Remaining obligations by when they are performed',
    data: overFigures(part, ['within_12_months', 'months_13_to_24', 'beyond'], 'Remaining'),
  }),
})
