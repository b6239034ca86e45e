import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import { PRICE_CUTS } from '../invoicing/corrections/credit-note-cause.ts'
import { creditNotes, lineReversals } from '../invoicing/corrections/credit-notes.schema.ts'
import { invoiceLines, invoices } from '../invoicing/invoicing.schema.ts'
import { formatMoney } from '../kernel/money.ts'
import { type Db, inList } from '../storage/db.store.ts'
import type { RevenueFact } from './facts.store.ts'

/**
 * Price cuts that credit notes give on fees, as the facts that they are about their contracts: the credit note itself is
 * the record, so that a fact can neither be forgotten nor counted twice. What is credited of an invoice that was taken
 * over from elsewhere has lowered revenue already.
 */
export async function priceCutsOf(db: Db, contractRefs: readonly string[]): Promise<RevenueFact[]> {
  const rows = await db
    .select({ note: creditNotes, taken: lineReversals, invoiceNumber: invoices.number })
    .from(creditNotes)
    .innerJoin(lineReversals, eq(lineReversals.sourceId, creditNotes.id))
    .innerJoin(invoiceLines, eq(invoiceLines.id, lineReversals.lineId))
    .innerJoin(invoices, eq(invoices.id, creditNotes.invoiceId))
    .where(
      and(
        inList(creditNotes.contractRef, contractRefs),
        inArray(creditNotes.cause, PRICE_CUTS),
        inArray(invoiceLines.kind, ['recurring', 'one_time', 'change']),
        isNull(invoices.origin),
      ),
    )
    .orderBy(asc(creditNotes.issuedAt), asc(lineReversals.id))
  return rows.map(({ note, taken, invoiceNumber }) => ({
    id: taken.id,
    contractRef: note.contractRef,
    effectiveDate: note.issueDate,
    body: {
      kind: 'credit',
      credit_ref: `${note.number}/${taken.position}`,
      product_ref: taken.productRef,
      amount: formatMoney(taken.amount, note.currency),
      credit_note: note.number,
      ...(note.cause !== 'service_level' && {
        service: { start: taken.serviceStart, end: taken.serviceEnd },
      }),
    },
    reason: note.reason,
    actor: `Credit note ${note.number} of invoice ${invoiceNumber}`,
    createdAt: note.issuedAt,
  }))
}
