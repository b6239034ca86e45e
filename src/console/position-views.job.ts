import { firstOfMonth } from '../kernel/calendar.ts'
import { ACCRUED, BALANCES, DEFERRED } from '../reports/contract-balances.ts'
import { remainingObligations } from '../reports/remaining.job.ts'
import { REMAINING, REMAINING_BANDS } from '../reports/remaining.ts'
import { ROLLED } from '../reports/reports.http.ts'
import { rollforward } from '../reports/reports.job.ts'
import { contractBalances, deferredRevenue, unbilledUsage } from '../reports/revenue-reports.job.ts'
import { frameworksKept } from '../revenue/books.store.ts'
import type { Db } from '../storage/db.store.ts'
import { positionParts } from './position-parts.job.ts'
import type { Asked, ReadView } from './read-view.job.ts'
import { remainingParts } from './remaining-parts.job.ts'
import { overFigures } from './report-charts.ts'
import { journalPath, movedBy } from './report-links.ts'
import type { ReportView } from './report-view.ts'
import { rollforwardParts } from './rollforward-parts.job.ts'

/** Positions of contracts, row by row. */
const ofContracts = (db: Db, { asOf, scope }: Asked): Pick<ReportView, 'id' | 'parts'> => ({
  id: ['contract_ref'],
  parts: (row, figure) => positionParts(db, asOf, scope, row, figure),
})

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
    entries: ({ entity_ref = scope.entityRef, currency }, figure) => {
      const moved = movedBy(figure, from, asOf)
      return moved && journalPath({ account: 'contract_position', entity_ref, currency, ...moved })
    },
    parts: (row, figure) => rollforwardParts(db, { from, to: asOf }, row, figure),
  }
}

export const readBalances: ReadView = async (db, { asOf, now, scope }) => ({
  hint: 'Each contract as the balance sheet has it; contracts are never set off against each other.',
  takesDate: true,
  words: ['contract_ref', 'customer_ref'],
  figures: BALANCES,
  rare: ['non_current', 'deposit_liability', 'refund_liability', 'advances_not_due'],
  ...(await contractBalances(db, asOf, scope)),
  ...ofContracts(db, { asOf, now, scope }),
})

export const readUnbilled: ReadView = async (db, { asOf, now, scope }) => ({
  hint: 'Usage that is revenue and on no invoice yet; less what the contract was billed ahead.',
  takesDate: true,
  words: ['contract_ref', 'customer_ref'],
  figures: ACCRUED,
  ...(await unbilledUsage(db, asOf, scope)),
  ...ofContracts(db, { asOf, now, scope }),
})

export const readDeferred: ReadView = async (db, { asOf, now, scope }) => ({
  hint: 'Deferred revenue: current is earned within twelve months of the day.',
  takesDate: true,
  words: ['contract_ref', 'customer_ref'],
  figures: DEFERRED,
  ...(await deferredRevenue(db, asOf, scope)),
  chart: (part) => ({
    title: 'Deferred revenue by when it is earned',
    data: overFigures(part, ['current', 'non_current'], 'Deferred'),
  }),
  ...ofContracts(db, { asOf, now, scope }),
})

const FRAMEWORKS = [
  ['primary', 'Primary book'],
  ['ASC606', 'ASC 606'],
  ['IFRS15', 'IFRS 15'],
] as const

/** A framework is offered where the books have it beside another. */
export const readRemaining: ReadView = async (db, { asOf, scope: { entityRef }, by }) => {
  const kept = await frameworksKept(db, entityRef)
  const framework = kept.find((one) => one === by)
  const scope = { entityRef, framework }
  const { rows, totals, notes } = await remainingObligations(db, asOf, scope)
  return {
    hint: ['What is agreed and not yet recognised, by when it will be.', ...notes.map(noteInWords)].join(' '),
    takesDate: true,
    words: ['contract_ref'],
    figures: REMAINING,
    rare: ['minimum_commitments', 'estimated_usage'],
    ...{ rows, totals },
    ...(kept.length > 1 && {
      choices: { label: 'Framework', param: 'by', now: framework ?? 'primary', of: FRAMEWORKS },
    }),
    chart: (part) => ({
      title: 'Remaining obligations by when they are performed',
      data: overFigures(part, REMAINING_BANDS, 'Remaining'),
    }),
    parts: (row, figure) => remainingParts(db, asOf, scope, row, figure),
  }
}

const noteInWords = ({ text, paragraph }: { text: string; paragraph: string }): string =>
  `${text.slice(0, -1)} (${paragraph}).`
