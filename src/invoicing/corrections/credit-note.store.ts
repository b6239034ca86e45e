import { and, asc, eq, or, sql } from 'drizzle-orm'
import { insertGrants, insertMovements } from '../../credits/credits.store.ts'
import { insertReinstated } from '../../credits/reinstate.store.ts'
import { enqueue } from '../../delivery/outbox.store.ts'
import type { Instant } from '../../kernel/calendar.ts'
import type { Page, Paged } from '../../kernel/page.ts'
import { conflict } from '../../kernel/problem.ts'
import type { ClosedPeriods } from '../../ledger/accounting-period.ts'
import { postEntries } from '../../ledger/ledger.store.ts'
import { type Db, insertRows, type Statement } from '../../storage/db.store.ts'
import { newestFirst } from '../../storage/newest-first.store.ts'
import { allocations } from '../allocations.schema.ts'
import { insertCreditParts } from '../credit-parts.store.ts'
import { type CreditNotePlan, creditNoteSeries } from './credit-note.ts'
import type { CreditNote } from './credit-note-document.ts'
import { creditNotes, lineReversals } from './credit-notes.schema.ts'
import { customerCredits } from './customer-credits.schema.ts'
import type { LineReversal } from './line-reversal.ts'

export type FoundCreditNote = { creditNote: CreditNote; lines: LineReversal[] }

/** Finds a credit note by its id or its document number. */
export async function findCreditNote(db: Db, ref: string): Promise<FoundCreditNote | undefined> {
  const [creditNote, another] = await db
    .select()
    .from(creditNotes)
    .where(or(eq(creditNotes.id, ref), eq(creditNotes.number, ref)))
    .limit(2)
  if (another) {
    throw conflict(
      'credit_note_number_ambiguous',
      `Two sellers issued a credit note "${ref}"; ask by the credit note's id.`,
    )
  }
  return creditNote && { creditNote, lines: await linesOf(db, creditNote.id) }
}

export type CreditNoteFilter = Page & { customerRef?: string | undefined; invoiceId?: string | undefined }

/** Newest first. */
export const listCreditNotes = (db: Db, filter: CreditNoteFilter): Promise<Paged<CreditNote>> =>
  newestFirst(
    db,
    creditNotes,
    filter,
    and(
      filter.customerRef === undefined ? undefined : eq(creditNotes.customerRef, filter.customerRef),
      filter.invoiceId === undefined ? undefined : eq(creditNotes.invoiceId, filter.invoiceId),
    ),
  )

export const creditNotesOfInvoice = (db: Db, invoiceId: string): Promise<CreditNote[]> =>
  db.select().from(creditNotes).where(eq(creditNotes.invoiceId, invoiceId)).orderBy(asc(creditNotes.sequence))

/** All that was taken back of an invoice's lines, in the order in which it was. */
export const reversalsOfInvoice = (db: Db, invoiceId: string): Promise<LineReversal[]> =>
  db.select().from(lineReversals).where(eq(lineReversals.invoiceId, invoiceId)).orderBy(asc(sql`rowid`))

const linesOf = (db: Db, creditNoteId: string): Promise<LineReversal[]> =>
  db
    .select()
    .from(lineReversals)
    .where(eq(lineReversals.sourceId, creditNoteId))
    .orderBy(asc(lineReversals.position))

/** The next number of a seller's credit notes. Whoever else takes it first makes the batch fail; then plan again. */
export async function nextCreditNoteSequence(
  db: Db,
  entityRef: string,
  invoiceSeries: string,
): Promise<number> {
  const series = creditNoteSeries(invoiceSeries)
  const [row] = await db
    .select({ last: sql<number | null>`MAX(${creditNotes.sequence})` })
    .from(creditNotes)
    .where(and(eq(creditNotes.entityRef, entityRef), eq(creditNotes.series, series)))
  return (row?.last ?? 0) + 1
}

/**
 * The statements that write a credit note. The batch fails as a whole when the number is taken, when a line was credited
 * meanwhile, or when other money settled the invoice (`isOvertakenCreditNote`): then all is read and planned again.
 */
export const writeCreditNote = (
  db: Db,
  plan: CreditNotePlan,
  closed: ClosedPeriods,
  now: Instant,
): Statement[] => [
  ...insertRows(db, creditNotes, [plan.creditNote]),
  ...insertRows(db, lineReversals, plan.reversals),
  ...insertRows(db, allocations, plan.allocations),
  ...insertRows(db, customerCredits, plan.credits),
  ...insertGrants(db, plan.grants),
  ...insertReinstated(db, plan.reinstated, now),
  ...insertCreditParts(db, plan.creditParts),
  ...insertMovements(db, plan.withdrawn),
  ...postEntries(db, plan.entries, closed),
  ...enqueue(db, plan.outbox, now),
]
