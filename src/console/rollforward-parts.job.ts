import type { LocalDate } from '../kernel/calendar.ts'
import { contractPositions } from '../reports/contract-positions.job.ts'
import { otherMovements } from '../reports/positions.store.ts'
import type { Db } from '../storage/db.store.ts'
import { figurePath, journalPath } from './report-links.ts'
import type { FigurePart, Row } from './report-view.ts'
import { inWords } from './words.ts'

/** What the roll-forward of a legal entity has that is not the entries of one event: other events, and each contract. */
export async function rollforwardParts(
  db: Db,
  span: { from: LocalDate; to: LocalDate },
  { entity_ref: entityRef = '', currency = '' }: Row,
  figure: string,
): Promise<FigurePart[]> {
  if (figure === 'other') {
    const moved = await otherMovements(db, { ...span, entityRef, currency })
    return moved.map(({ event, amount }) => ({
      what: inWords(event),
      amount,
      path: journalPath({ account: 'contract_position', entity_ref: entityRef, currency, event, ...span }),
    }))
  }
  const side = figure === 'unbilled' ? -1n : 1n
  const positions = await contractPositions(db, span.to, { entityRef })
  return positions
    .map((own) => ({ own, amount: side * own.position.net }))
    .filter(({ own, amount }) => own.currency === currency && amount > 0n)
    .map(({ own: { contractRefs }, amount }) => ({
      what: contractRefs.join(', '),
      amount,
      path: figurePath({
        ...{ report: 'balances', as_of: span.to, entity_ref: entityRef, currency },
        ...{ figure: 'net', row: contractRefs[0] },
      }),
    }))
}
