import type { LocalDate } from '../kernel/calendar.ts'
import { type RemainingSource, remainingBySource } from '../reports/remaining.job.ts'
import { billedRemainingByLine, type RemainingScope } from '../reports/remaining.store.ts'
import { figureOf, REMAINING, type Remaining } from '../reports/remaining.ts'
import type { Db } from '../storage/db.store.ts'
import { contractPath, invoicePath } from './report-links.ts'
import type { FigurePart, Row } from './report-view.ts'

/** The lines, the fees, the plans and the usage that a figure of a contract's remaining obligations is made of. */
export async function remainingParts(
  db: Db,
  asOf: LocalDate,
  scope: RemainingScope,
  { contract_ref = '', currency }: Row,
  asked: string,
): Promise<FigurePart[]> {
  const figure = REMAINING.find((name) => name === asked)
  if (!figure) return []
  const { rows, combined } = await remainingBySource(db, asOf, scope)
  const isOwn = (one: Remaining) =>
    one.currency === currency && (combined.get(one.contractRef) ?? one.contractRef) === contract_ref
  const own = rows.filter(isOwn)
  const refs = [...new Set(own.map(({ contractRef }) => contractRef))]
  const lines = await billedRemainingByLine(db, asOf, scope.framework, refs)
  return [
    ...lines
      .filter((line) => line.currency === currency)
      .map(({ lineId, invoiceId, number, productRef, billed }) => ({
        what: `Invoice ${number}: ${productRef}`,
        amount: figureOf({ bands: { billed } }, figure),
        path: invoicePath(invoiceId, `#${lineId}`),
      })),
    ...own
      .filter(({ source }) => source !== 'lines')
      .map(({ source, contractRef, bands }) => ({
        what: `${FROM[source]} ${contractRef}`,
        amount: figureOf({ bands }, figure),
        path: contractPath(contractRef),
      })),
  ]
}

const FROM: Record<RemainingSource, string> = {
  lines: 'Lines of',
  terms: 'Fees that are not billed yet, by the terms of',
  plan: 'Plan of',
  usage: 'Usage that is committed or estimated, of',
}
