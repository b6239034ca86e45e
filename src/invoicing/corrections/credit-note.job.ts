import { type Actor, audit } from '../../access/access.store.ts'
import { creditsOfInvoice, grantsSoldOn } from '../../credits/credits.store.ts'
import { findEntity } from '../../customers/customers.store.ts'
import { localDate } from '../../kernel/calendar.ts'
import { formatMoney } from '../../kernel/money.ts'
import { assert, conflict, notFound } from '../../kernel/problem.ts'
import { closedPeriods } from '../../ledger/periods.store.ts'
import { commit, type Db } from '../../storage/db.store.ts'
import { creditPartsOf } from '../credit-parts.store.ts'
import { allocationsOfInvoice, findInvoice } from '../invoicing.store.ts'
import { isSettledMeanwhile } from '../settlement.store.ts'
import {
  type FoundCreditNote,
  findCreditNote,
  nextCreditNoteSequence,
  reversalsOfInvoice,
  writeCreditNote,
} from './credit-note.store.ts'
import { type CreditNoteInput, type CreditNotePlan, creditNoteId, planCreditNote } from './credit-note.ts'
import type { CreditNoteCause } from './credit-note-cause.ts'
import type { LineCredit } from './credit-note-lines.ts'

export type CreditRequest = {
  invoiceRef: string
  /** Business identity within the invoice; the same again is the credit note that is there. */
  key: string
  cause: CreditNoteCause
  reason: string
  lines?: readonly LineCredit[] | undefined
}

const ATTEMPTS_MAX = 5

/**
 * Issues a credit note for an invoice, once for its key.
 *
 * @throws Problem 404 for an invoice that is not there, 409 and 422 as `planCreditNote` does.
 */
export async function issueCreditNote(
  db: Db,
  actor: Actor,
  request: CreditRequest,
): Promise<FoundCreditNote & { created: boolean }> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const input = await readCreditNoteInput(db, request.invoiceRef, actor)
    const known = await findCreditNote(db, creditNoteId(input.invoice.id, request.key))
    if (known) return { ...known, created: false }
    const plan = planCreditNote({ ...input, ...request })
    const { creditNote, reversals } = plan
    const closed = await closedPeriods(db, [creditNote.entityRef])
    const log = { action: 'credit_note.issue', subject: creditNote.invoiceId, after: recorded(request, plan) }
    try {
      await commit(db, [...writeCreditNote(db, plan, closed, actor.now), ...audit(db, actor, log)])
      return { creditNote, lines: reversals, created: true }
    } catch (error) {
      if (!isSettledMeanwhile(error)) throw error
    }
  }
  throw conflict('invoice_contended', 'Others keep settling the same invoice; send this one again.')
}

/** What was asked for, as the audit log keeps it: amounts in words of JSON. */
const recorded = (
  { invoiceRef, key, cause, reason }: CreditRequest,
  { creditNote, reversals }: CreditNotePlan,
) => ({
  invoiceRef,
  key,
  cause,
  reason,
  number: creditNote.number,
  total: formatMoney(creditNote.total, creditNote.currency),
  lines: reversals.map(({ lineId, amount }) => ({
    lineId,
    amount: formatMoney(amount, creditNote.currency),
  })),
})

/** What a credit note is planned with, but for what is to be credited. */
async function readCreditNoteInput(
  db: Db,
  invoiceRef: string,
  { principal, now }: Pick<Actor, 'principal' | 'now'>,
): Promise<Omit<CreditNoteInput, 'key' | 'cause' | 'reason' | 'lines'>> {
  const found = await findInvoice(db, invoiceRef)
  if (!found) throw notFound('invoice', invoiceRef)
  const { invoice } = found
  const entity = await findEntity(db, invoice.entityRef)
  assert(entity, `the invoice ${invoice.id} names the entity ${invoice.entityRef}, which is not here`)
  const series = invoice.origin === 'import' ? entity.invoiceSeries : invoice.series
  return {
    invoice: { ...invoice, series },
    reversals: await reversalsOfInvoice(db, invoice.id),
    allocations: await allocationsOfInvoice(db, invoice.id),
    credit: (await creditsOfInvoice(db, invoice.id)).states,
    creditParts: await creditPartsOf(db, invoice.id),
    sold: await grantsSoldOn(db, invoice.id),
    nextSequence: await nextCreditNoteSequence(db, invoice.entityRef, series),
    issueDate: localDate(now, entity.timezone),
    timezone: entity.timezone,
    actor: principal.label,
    now,
  }
}
