import type { Instant, LocalDate } from '../kernel/calendar.ts'
import type { Scope } from '../reports/ledger-sums.store.ts'
import type { Db } from '../storage/db.store.ts'
import type { ReportView } from './report-view.ts'

export type Asked = {
  asOf: LocalDate
  now: Instant
  /** One legal entity, or all. */
  scope: Scope
  /** What the report is told apart by, where it offers a choice. */
  by?: string | undefined
}

/** Reads a report, and says how it is shown. */
export type ReadView = (db: Db, asked: Asked) => Promise<Omit<ReportView, 'name' | 'asOf' | 'entityRef'>>
