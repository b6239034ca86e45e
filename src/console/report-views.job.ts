import type { Db } from '../storage/db.store.ts'
import { readAgeing, readCash, readMrr } from './money-views.job.ts'
import {
  readBalances,
  readDeferred,
  readRemaining,
  readRollforward,
  readUnbilled,
} from './position-views.job.ts'
import type { Asked, ReadView } from './read-view.job.ts'
import type { ReportName, ReportView } from './report-view.ts'
import { readDays, readEarlier, readGroups, readTaxes, readWaterfall } from './revenue-views.job.ts'

const READ: Record<ReportName, ReadView> = {
  ageing: readAgeing,
  cash: readCash,
  mrr: readMrr,
  days: readDays,
  groups: readGroups,
  waterfall: readWaterfall,
  earlier: readEarlier,
  rollforward: readRollforward,
  balances: readBalances,
  unbilled: readUnbilled,
  deferred: readDeferred,
  rpo: readRemaining,
  tax: readTaxes,
}

/** A report of one legal entity or of all, as the console shows it. */
export const readReport = async (db: Db, name: ReportName, asked: Asked): Promise<ReportView> => ({
  name,
  asOf: asked.asOf,
  entityRef: asked.scope.entityRef,
  ...(await READ[name](db, asked)),
})
