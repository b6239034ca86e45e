import type { LocalDate } from '../kernel/calendar.ts'
import { type AGES, ageOn } from '../reports/ageing.ts'
import { type Horizon, periodOf } from '../reports/cash-forecast.ts'
import type { Scope } from '../reports/ledger-sums.store.ts'
import { openByInvoice } from '../reports/receivables.store.ts'
import { cashToCome, mrrByCustomer } from '../reports/reports.job.ts'
import type { Db } from '../storage/db.store.ts'
import { contractPath, journalPath } from './report-links.ts'
import { amountOf, type FigurePart, type Row } from './report-view.ts'

type OpenInvoice = Awaited<ReturnType<typeof openByInvoice>>[number]

/** An open invoice: what its entries have on receivables up to the day. */
const openPart =
  (asOf: LocalDate) =>
  ({ id, number, currency, dueDate, open }: OpenInvoice): FigurePart => ({
    what: `Invoice ${number}, due on ${dueDate}`,
    amount: open,
    path: journalPath({
      ...{ account: 'accounts_receivable', currency, invoice: id, to: asOf, presented: 'no' },
    }),
  })

/** The open invoices of one customer, of one age or of all ages. */
export async function ageingParts(
  db: Db,
  asOf: LocalDate,
  scope: Scope,
  { customer_ref, currency }: Row,
  figure: string,
): Promise<FigurePart[]> {
  const open = await openByInvoice(db, asOf, { ...scope, customerRef: customer_ref })
  const isOf = (age: (typeof AGES)[number]) => figure === 'total' || age === figure
  return open.filter((one) => one.currency === currency && isOf(ageOn(asOf, one.dueDate))).map(openPart(asOf))
}

/** The invoices that are due in a period: those that are open, and those that are to come. */
export async function cashParts(
  db: Db,
  horizon: Horizon,
  scope: Scope,
  { currency, period }: Row,
  figure: string,
): Promise<FigurePart[]> {
  const isOf = (code: string, day: LocalDate) => code === currency && periodOf(day, horizon) === period
  const [open, upcoming] = await Promise.all([
    figure === 'upcoming' ? [] : openByInvoice(db, horizon.asOf, scope),
    figure === 'invoiced' ? [] : cashToCome(db, horizon, scope),
  ])
  return [
    ...open.filter((one) => isOf(one.currency, one.dueDate)).map(openPart(horizon.asOf)),
    ...upcoming
      .filter((cash) => isOf(cash.currency, cash.dueOn))
      .map(({ contractRef, dueOn, amount }) => ({
        what: `Invoice to come under ${contractRef}, due on ${dueOn}`,
        amount,
        path: contractPath(contractRef),
      })),
  ]
}

/** The customers that a figure of recurring revenue is of. */
export async function mrrParts(
  db: Db,
  span: { from: string; to: string },
  scope: Scope,
  { currency, month }: Row,
  figure: string,
): Promise<FigurePart[]> {
  const rows = await mrrByCustomer(db, span, scope)
  return rows
    .filter((row) => row.currency === currency && row.month === month)
    .map(({ customerRef, ...row }) => ({
      what: `Contracts of ${customerRef}`,
      amount: amountOf(row, figure),
      path: `/console/customers/${encodeURIComponent(customerRef)}`,
    }))
}
