import { asc, gt } from 'drizzle-orm'
import { creditNoteEntries } from '../../invoicing/corrections/credit-note-entry.ts'
import { creditNotes, lineReversals } from '../../invoicing/corrections/credit-notes.schema.ts'
import { type Db, inList } from '../../storage/db.store.ts'
import type { FactEntries, FactPage } from './fact-kind.ts'
import { readInvoices } from './invoices.store.ts'

/** Credit notes, with the parts of lines that they take back. */
export async function creditNoteFacts(db: Db, { after, limit }: FactPage): Promise<FactEntries[]> {
  const notes = await db
    .select()
    .from(creditNotes)
    .where(gt(creditNotes.id, after))
    .orderBy(asc(creditNotes.id))
    .limit(limit)
  const [invoices, reversals] = await Promise.all([
    readInvoices(db, [...new Set(notes.map(({ invoiceId }) => invoiceId))]),
    db
      .select()
      .from(lineReversals)
      .where(
        inList(
          lineReversals.sourceId,
          notes.map(({ id }) => id),
        ),
      )
      .orderBy(asc(lineReversals.position)),
  ])
  return notes.map((note) => {
    const invoice = invoices.get(note.invoiceId)
    const taken = reversals.filter(({ sourceId }) => sourceId === note.id)
    return { id: note.id, entries: invoice ? creditNoteEntries(invoice, note, taken) : [] }
  })
}
