import type { CreditGrant } from '../../credits/grant.ts'
import type { GrantState, Moved } from '../../credits/movement.ts'
import type { OutboxRow } from '../../delivery/outbox.ts'
import type { Instant, LocalDate } from '../../kernel/calendar.ts'
import { canonicalJson, sha256Hex } from '../../kernel/hash.ts'
import { derivedId } from '../../kernel/id.ts'
import { sum } from '../../kernel/money.ts'
import { conflict } from '../../kernel/problem.ts'
import type { JournalEntry } from '../../ledger/journal-entry.ts'
import type { CreditPart } from '../assembly/credit-part.ts'
import type { Invoice } from '../invoice.ts'
import { type Allocation, settlementOf } from '../settlement.ts'
import type { CreditNoteCause } from './credit-note-cause.ts'
import type { CreditNote } from './credit-note-document.ts'
import { creditNoteEntries } from './credit-note-entry.ts'
import { creditedLines, type LineCredit } from './credit-note-lines.ts'
import { creditOf, givenBack, isPayment, releasesOf, takenBack } from './credit-note-release.ts'
import { creditReturned } from './credit-parts-back.ts'
import { type CustomerCredit, grantOf } from './customer-credit.ts'
import { type LineReversal, reverseLines, taxesOfReversals } from './line-reversal.ts'
import { type CreditSold, withdrawn } from './sold-credit.ts'
import { creditWithLines, movedBack, namingCredit, untaxedCredit } from './untaxed-credit.ts'

export type CreditNoteInput = {
  invoice: Invoice
  /** What was taken back of the invoice's lines before. */
  reversals: readonly LineReversal[]
  /** All allocations of the invoice, the oldest first. */
  allocations: readonly Allocation[]
  /** The grants of credit that settled some of it. */
  credit?: readonly GrantState[] | undefined
  /** What that has paid of its lines, where it changed their prices. */
  creditParts?: readonly CreditPart[] | undefined
  /** The credit that it has sold. */
  sold?: CreditSold | undefined
  /** Business identity within the invoice: the same key again makes the same credit note. */
  key: string
  cause: CreditNoteCause
  reason: string
  /** Without lines, all that is left of the invoice is credited. */
  lines?: readonly LineCredit[] | undefined
  /** The next free number of the seller's series of credit notes. */
  nextSequence: number
  /** The day of issue, where the seller keeps its books. */
  issueDate: LocalDate
  /** The zone in which the seller's books count days. */
  timezone: string
  actor: string
  now: Instant
}

/** Everything that a credit note writes; committed in one batch or not at all. */
export type CreditNotePlan = {
  creditNote: CreditNote
  reversals: LineReversal[]
  allocations: Allocation[]
  credits: CustomerCredit[]
  /** The same credit, for the next invoice to use. */
  grants: CreditGrant[]
  /** What goes back to the grants that paid. */
  reinstated: Moved[]
  creditParts: CreditPart[]
  /** What is taken back of credit that the invoice has sold. */
  withdrawn: Moved[]
  entries: JournalEntry[]
  outbox: OutboxRow[]
}

/** Between the series of an entity and the running number: never a part of an invoice's own number. */
const SERIES_MARK = '-CN'
const SEQUENCE_DIGITS = 6

/** The number series of an entity's credit notes, beside that of its invoices. */
export const creditNoteSeries = (invoiceSeries: string): string => invoiceSeries + SERIES_MARK

export const creditNoteId = (invoiceId: string, key: string): string => derivedId('crn', invoiceId, key)

/**
 * A credit note: Dr contract position and tax / Cr accounts receivable as far as the invoice is open, and customer credit
 * for what was paid already (the newest payment gives first). What credit has paid goes back to its grants, of paid credit
 * before tax the share that lowered the lines, and credit that the invoice has sold is taken back as far as it is unused. The invoice stays as it was issued. Revenue of the
 * credited service falls away: what is still to come day by day, what was earned on the day of the credit note.
 *
 * Of an invoice that is written off what was paid can be credited, and no more: the rest is lost already.
 *
 * @throws Problem 409 `invoice_void`, `invoice_written_off`, `credit_note_of_nothing`; 422 `credit_beyond_line` and
 *   others where a line is credited that is not there, for another service, or for more than is left of it.
 * @example 119.00 of which 50.00 were paid, credited in full: 69.00 settle the receivable, 50.00 are credit
 */
export function planCreditNote(input: CreditNoteInput): CreditNotePlan {
  const { invoice, now, issueDate } = input
  refuseVoid(input)
  const id = creditNoteId(invoice.id, input.key)
  const source = {
    cause: 'credit_note' as const,
    sourceId: id,
    invoiceId: invoice.id,
    currency: invoice.currency,
    bookedFrom: issueDate,
  }
  const { creditParts: parts = [], credit: grants = [] } = input
  const credit = untaxedCredit(parts, grants)
  const taken = creditedLines(invoice, input.reversals, input.lines, input.sold, credit)
  const untaxed = creditWithLines(taken, input.reversals, credit)
  const unpriced = movedBack(untaxed, grants, { invoiceId: invoice.id, ...byWhom(input) })
  const reversed = reverseLines(taken, input.reversals, source)
  const reversals = namingCredit(reversed, untaxed, unpriced, invoice.currency)
  const totals = totalsOf(reversals, invoice.currency)
  if (totals.total < 0n || (totals.total === 0n && unpriced.length === 0)) {
    throw conflict('credit_note_of_nothing', `Nothing is left of invoice ${invoice.number} to be credited.`)
  }
  const releases = releasesOf(input, totals.total)
  const paid = releases.filter(isPayment)
  const released = sum(paid.map(({ released: part }) => part))
  const creditNote = documentOf(input, id, { ...totals, released }, reversals)
  const credits = paid.map((release) => creditOf(release, creditNote))
  const reinstated = [...givenBack(input, releases), ...unpriced]
  const returned = creditReturned(reinstated, { invoice, parts, reversals, untaxed, bookedFrom: issueDate })
  return {
    creditNote,
    reversals,
    allocations: [
      ...releases.map((one) => ({ ...decided(input, creditNote), ...takenBack(one, creditNote.id) })),
      ...(creditNote.total > 0n ? [applied(input, creditNote)] : []),
    ],
    credits,
    grants: credits.map((kept) => grantOf(kept, 'credit_note', 'manual_clearing', input.timezone)),
    reinstated,
    creditParts: returned.parts,
    withdrawn: withdrawn(input.sold ?? [], reversals, byWhom(input)),
    entries: [...creditNoteEntries(invoice, creditNote, reversals), ...returned.entries],
    outbox: [creditNoteMail(creditNote, now)],
  }
}

const byWhom = ({ reason, actor, now: at }: CreditNoteInput) => ({ reason, actor, at })

function refuseVoid({ invoice, allocations }: CreditNoteInput): void {
  if (settlementOf(allocations).voided === 0n) return
  throw conflict('invoice_void', `Invoice ${invoice.number} is void: it charges nothing.`)
}

function totalsOf(reversals: readonly LineReversal[], currency: string) {
  const subTotal = sum(reversals.map(({ amount }) => amount))
  const totalTax = sum(reversals.map(({ tax }) => tax))
  return { subTotal, totalTax, total: subTotal + totalTax, taxes: taxesOfReversals(reversals, currency) }
}

function documentOf(
  { invoice, nextSequence, issueDate, cause, reason, now }: CreditNoteInput,
  id: string,
  totals: Pick<CreditNote, 'subTotal' | 'totalTax' | 'total' | 'taxes' | 'released'>,
  reversals: readonly LineReversal[],
): CreditNote {
  const series = creditNoteSeries(invoice.series)
  const content = {
    id,
    entityRef: invoice.entityRef,
    series,
    sequence: nextSequence,
    number: series + String(nextSequence).padStart(SEQUENCE_DIGITS, '0'),
    invoiceId: invoice.id,
    customerRef: invoice.customerRef,
    contractRef: invoice.contractRef,
    currency: invoice.currency,
    issueDate,
    cause,
    reason,
    ...totals,
    issuedAt: now,
  }
  return { ...content, contentHash: sha256Hex(canonicalJson({ ...content, lines: reversals })) }
}

const decided = ({ invoice, actor, now }: CreditNoteInput, { number }: CreditNote) => ({
  invoiceId: invoice.id,
  rule: 'credit_note',
  explanation: `Credit note ${number}.`,
  actor,
  createdAt: now,
})

const applied = (input: CreditNoteInput, creditNote: CreditNote): Allocation => ({
  ...decided(input, creditNote),
  id: derivedId('alc', creditNote.id),
  kind: 'credit_note',
  paymentId: null,
  grantId: null,
  creditNoteId: creditNote.id,
  amount: creditNote.total,
  reverses: null,
})

const creditNoteMail = ({ id }: CreditNote, now: Instant): OutboxRow => ({
  id: derivedId('obx', 'credit_note_mail', id),
  topic: 'credit_note_mail',
  payload: { creditNoteId: id },
  dueAt: now,
})
