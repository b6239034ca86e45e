import { type Instant, type LocalDate, monthOf } from '../kernel/calendar.ts'
import { AGES } from '../reports/ageing.ts'
import { MOVEMENTS } from '../reports/mrr.ts'
import { REMAINING, ROLLED } from '../reports/reports.http.ts'
import { arAgeing, cashForecast, mrr, remainingObligations, rollforward } from '../reports/reports.job.ts'
import { spanOfDays, spanOfMonths, today } from '../reports/span.ts'
import type { Db } from '../storage/db.store.ts'
import type { ReportName, ReportView } from './report-view.ts'

type Asked = { asOf: LocalDate; now: Instant }
type Read = (db: Db, asked: Asked) => Promise<Omit<ReportView, 'name' | 'asOf'>>

const EVERYONE = {}
const FORECAST = { by: 'month', periods: 12 } as const

const READ: Record<ReportName, Read> = {
  ageing: async (db, { asOf }) => ({
    hint: 'Open invoices by days past the due date.',
    takesDate: true,
    words: ['customer_name'],
    figures: [...AGES, 'total'],
    ...(await arAgeing(db, asOf, EVERYONE)),
  }),
  mrr: async (db, { asOf, now }) => ({
    hint: 'Recurring fees for a month at the end of each month, and why they moved.',
    takesDate: true,
    words: ['month'],
    figures: ['opening', ...MOVEMENTS, 'closing', 'arr'],
    rows: await mrr(db, spanOfMonths({ to: monthOf(asOf) }, now), EVERYONE),
    totals: [],
  }),
  cash: async (db, { now }) => ({
    hint: 'Open invoices by due date, and the fees of invoices to come. Usage to come is not guessed.',
    takesDate: false,
    words: ['period'],
    figures: ['invoiced', 'upcoming', 'total'],
    rows: await cashForecast(db, { ...FORECAST, asOf: today(now) }, EVERYONE),
    totals: [],
  }),
  rpo: async (db, { asOf }) => ({
    hint: 'What is agreed at fixed prices and not yet recognised, by when it will be.',
    takesDate: true,
    words: ['contract_ref'],
    figures: REMAINING,
    ...(await remainingObligations(db, asOf, EVERYONE)),
  }),
  rollforward: async (db, { asOf, now }) => ({
    hint: 'The month up to the day: opening + billed − recognised + other = closing.',
    takesDate: true,
    words: ['entity_ref'],
    figures: ROLLED,
    ...(await rollforward(db, spanOfDays({ to: asOf }, now), EVERYONE)),
  }),
}

/** A report of all legal entities, as the console shows it. */
export const readReport = async (db: Db, name: ReportName, asked: Asked): Promise<ReportView> => ({
  name,
  asOf: asked.asOf,
  ...(await READ[name](db, asked)),
})
