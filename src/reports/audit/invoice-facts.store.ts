import { and, asc, gt } from 'drizzle-orm'
import { findEntities } from '../../customers/customers.store.ts'
import { allocations } from '../../invoicing/allocations.schema.ts'
import { lineReversals } from '../../invoicing/corrections/credit-notes.schema.ts'
import type { LineReversal } from '../../invoicing/corrections/line-reversal.ts'
import { voidedEntry } from '../../invoicing/corrections/void-invoice.ts'
import { writeOffId, writtenOffEntry } from '../../invoicing/corrections/write-off.ts'
import { issueEntries } from '../../invoicing/cycle/issue-entry.ts'
import type { Invoice } from '../../invoicing/invoice.ts'
import { invoices } from '../../invoicing/invoicing.schema.ts'
import type { Allocation } from '../../invoicing/settlement.ts'
import { localDate } from '../../kernel/calendar.ts'
import type { JournalEntry } from '../../ledger/journal-entry.ts'
import { openingEntry } from '../../onboarding/opening-invoice.ts'
import { type Db, inList } from '../../storage/db.store.ts'
import type { FactEntries, FactPage } from './fact-kind.ts'
import { readInvoices } from './invoices.store.ts'

/** Invoices: issued here or taken over, and void or written off since. */
export async function invoiceFacts(db: Db, { after, limit }: FactPage): Promise<FactEntries[]> {
  const found = await db
    .select({ id: invoices.id, entityRef: invoices.entityRef })
    .from(invoices)
    .where(gt(invoices.id, after))
    .orderBy(asc(invoices.id))
    .limit(limit)
  const ids = found.map(({ id }) => id)
  const [byId, entities, settled, reversals] = await Promise.all([
    readInvoices(db, ids),
    findEntities(db, [...new Set(found.map(({ entityRef }) => entityRef))]),
    db
      .select()
      .from(allocations)
      .where(and(inList(allocations.invoiceId, ids), inList(allocations.kind, ['void', 'write_off']))),
    db
      .select()
      .from(lineReversals)
      .where(inList(lineReversals.invoiceId, ids))
      .orderBy(asc(lineReversals.position)),
  ])
  return [...byId.values()].map((invoice) => ({
    id: invoice.id,
    entries: entriesOf(invoice, {
      timezone: entities.get(invoice.entityRef)?.timezone ?? 'UTC',
      allocations: settled.filter(({ invoiceId }) => invoiceId === invoice.id),
      reversals: reversals.filter(({ invoiceId }) => invoiceId === invoice.id),
    }),
  }))
}

type Since = { timezone: string; allocations: readonly Allocation[]; reversals: readonly LineReversal[] }

function entriesOf(invoice: Invoice, { timezone, allocations, reversals }: Since): JournalEntry[] {
  const made = (decision: Allocation) => ({
    invoice,
    today: localDate(decision.createdAt, timezone),
    actor: decision.actor,
    now: decision.createdAt,
  })
  const voided = allocations.find(({ kind }) => kind === 'void')
  const lost = allocations.find(({ id }) => id === writeOffId(invoice.id))
  const unearned = reversals.filter(({ cause }) => cause === 'write_off')
  return [
    ...(invoice.origin === 'import' ? [openingEntry(invoice, timezone)] : issueEntries(invoice)),
    ...(voided ? [voidedEntry(made(voided))] : []),
    ...(lost ? [writtenOffEntry(made(lost), lost, unearned)] : []),
  ]
}
