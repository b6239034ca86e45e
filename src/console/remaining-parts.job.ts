import type { LocalDate } from '../kernel/calendar.ts'
import { type Minor, sum } from '../kernel/money.ts'
import type { Scope } from '../reports/ledger-sums.store.ts'
import { billedRemainingByLine } from '../reports/remaining.store.ts'
import type { Bands, Remaining } from '../reports/remaining.ts'
import { type RemainingSource, remainingBySource } from '../reports/reports.job.ts'
import type { Db } from '../storage/db.store.ts'
import { contractPath, invoicePath } from './report-links.ts'
import type { FigurePart, Row } from './report-view.ts'

/** The lines, the fees and the plans that a figure of a contract's remaining obligations is made of. */
export async function remainingParts(
  db: Db,
  asOf: LocalDate,
  scope: Scope,
  { contract_ref = '', currency }: Row,
  figure: string,
): Promise<FigurePart[]> {
  const { rows, combined } = await remainingBySource(db, asOf, scope)
  const isOwn = (one: Remaining) =>
    one.currency === currency && (combined.get(one.contractRef) ?? one.contractRef) === contract_ref
  const own = rows.filter(isOwn)
  const refs = [...new Set(own.map(({ contractRef }) => contractRef))]
  const lines = await billedRemainingByLine(db, asOf, refs)
  return [
    ...lines
      .filter((line) => line.currency === currency)
      .map(({ lineId, invoiceId, number, productRef, billed }) => ({
        what: `Invoice ${number}: ${productRef}`,
        amount: within({ billed, unbilled: NOTHING }, figure),
        path: invoicePath(invoiceId, `#${lineId}`),
      })),
    ...own
      .filter(({ source }) => source !== 'lines')
      .map(({ source, contractRef, ...remaining }) => ({
        what: `${FROM[source]} ${contractRef}`,
        amount: within(remaining, figure),
        path: contractPath(contractRef),
      })),
  ]
}

const FROM: Record<RemainingSource, string> = {
  lines: 'Lines of',
  terms: 'Fees that are not billed yet, by the terms of',
  plan: 'Plan of',
}

const NOTHING: Bands = [0n, 0n, 0n]
const BANDS = ['within_12_months', 'months_13_to_24', 'beyond']

/** What of it counts for a figure: what is billed, what is not, or both in one band or in all. */
function within({ billed, unbilled }: Pick<Remaining, 'billed' | 'unbilled'>, figure: string): Minor {
  if (figure === 'billed') return sum(billed)
  if (figure === 'unbilled') return sum(unbilled)
  const bands = billed.map((amount, place) => amount + unbilled[place]!)
  return figure === 'total' ? sum(bands) : (bands[BANDS.indexOf(figure)] ?? 0n)
}
