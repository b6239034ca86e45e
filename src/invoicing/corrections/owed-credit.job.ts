import type { Effect } from '../../delivery/effect.ts'
import type { EffectContext } from '../../delivery/outbox.job.ts'
import { issueCreditNote } from './credit-note.job.ts'
import { creditNoteId } from './credit-note.ts'
import { creditableLines, owedAt } from './owed-credit.store.ts'
import { type CreditableLine, givenBack } from './owed-lines.ts'

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
  const notes = Map.groupBy(parts, ({ invoiceId }) => invoiceId)
  for (const [invoiceRef, credits] of notes) {
    await issueCreditNote(db, actor, {
      invoiceRef,
      key,
      cause: 'cancellation',
      reason: REASON,
      lines: credits.map(({ credit }) => credit),
    })
  }
}

/** The line as it was before the credit note of this close: what is owed is spread alike every time. */
function withoutNotes(line: CreditableLine, close: string): CreditableLine {
  const note = creditNoteId(line.invoiceId, close)
  return { ...line, before: line.before.filter(({ sourceId }) => sourceId !== note) }
}
