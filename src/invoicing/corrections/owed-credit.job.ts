import type { Effect } from '../../delivery/effect.ts'
import type { EffectContext } from '../../delivery/outbox.job.ts'
import { issueCreditNote } from './credit-note.job.ts'
import { creditNoteId } from './credit-note.ts'
import { creditableLines, owedAt } from './owed-credit.store.ts'
import { type CreditableLine, type GivenBack, givenBack } from './owed-lines.ts'

const SYSTEM = { id: 'system', label: 'Billing', scopes: [] }
const REASON = 'Credit after the end of the contract'

/**
 * Gives back by credit notes what the last invoices of a contract could not take, a note for each invoice that it comes
 * from. The boundary is the business identity of the notes: the same message again, or one that stopped half-way, finds
 * those that are there and makes the others.
 */
export const creditOwed: Effect<EffectContext, 'owed_credit'> = async (
  { db, now },
  { contractRef, boundary },
) => {
  const owed = await owedAt(db, contractRef, boundary)
  const key = `close:${contractRef}:${boundary}`
  const lines = await creditableLines(db, contractRef, [...new Set(owed.map(({ productRef }) => productRef))])
  const asOfClose = lines.map((line) => withoutNotes(line, key))
  const parts = givenBack(owed, asOfClose)
  const actor = { principal: SYSTEM, requestId: 'outbox', now }
  const notes = Map.groupBy(parts, (part) => JSON.stringify([part.invoiceId, keyOf(key, part)]))
  for (const credits of notes.values()) {
    const [first] = credits
    await issueCreditNote(db, actor, {
      invoiceRef: first!.invoiceId,
      key: keyOf(key, first!),
      cause: 'cancellation',
      reason: REASON,
      lines: credits.map(({ credit }) => credit),
    })
  }
}

/** The notes of a close: of each invoice one for what it owes, and one for what it gives in place of a later one. */
const keyOf = (close: string, { passedOn }: Pick<GivenBack, 'passedOn'>): string =>
  passedOn ? `${close}:passed-on` : close

/** The line as it was before the credit notes of this close: what is owed is spread alike every time. */
function withoutNotes(line: CreditableLine, close: string): CreditableLine {
  const notes = [{}, { passedOn: true as const }].map((part) =>
    creditNoteId(line.invoiceId, keyOf(close, part)),
  )
  return { ...line, before: line.before.filter(({ sourceId }) => !notes.includes(sourceId)) }
}
