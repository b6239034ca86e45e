import { and, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import { allocations } from '../invoicing/allocations.schema.ts'
import { PRICE_CUTS } from '../invoicing/corrections/credit-note-cause.ts'
import { creditNotes, lineReversals } from '../invoicing/corrections/credit-notes.schema.ts'
import { VOID_CONCESSION } from '../invoicing/corrections/void-invoice.ts'
import { invoiceLines, invoices } from '../invoicing/invoicing.schema.ts'
import { formatMoney } from '../kernel/money.ts'
import { type Db, inList } from '../storage/db.store.ts'
import type { FactBody } from './accounting/facts.ts'
import type { revenueFacts } from './revenue.schema.ts'

type RevenueFact = typeof revenueFacts.$inferSelect

/**
 * What credit notes, voids and write-offs take off the price of fees, as the facts that they are about their contracts: the
 * document itself is the record, so that a fact can neither be forgotten nor counted twice. What is paid after all of an
 * invoice that was written off is a cut below zero. What is taken of an invoice that was taken over from elsewhere has
 * lowered revenue already.
 */
export async function priceCutsOf(db: Db, contractRefs: readonly string[]): Promise<RevenueFact[]> {
  const rows = await takenOfFees(db, contractRefs)
  return rows.flatMap(({ taken, contractRef, invoice, note, loss }): RevenueFact[] => {
    const document = note?.number ?? invoice.number
    const decided = note
      ? { reason: note.reason, actor: `Credit note ${note.number}`, createdAt: note.issuedAt }
      : loss && { reason: loss.explanation, actor: loss.actor, createdAt: loss.createdAt }
    if (!decided) return []
    const body: FactBody = {
      kind: 'credit',
      credit_ref: [document, taken.position, ...(loss?.kind === 'payment' ? [loss.id] : [])].join('/'),
      product_ref: taken.productRef,
      amount: formatMoney(taken.amount, invoice.currency),
      document,
      ...(note?.cause !== 'service_level' && {
        service: { start: taken.serviceStart, end: taken.serviceEnd },
      }),
      ...(loss && { [loss.kind === 'void' ? 'voided' : 'written_off']: true }),
    }
    return [{ id: taken.id, contractRef, effectiveDate: taken.bookedFrom, body, ...decided }]
  })
}

/** From the lines of the contracts on, which have an index, to what was taken back of them. */
const takenOfFees = (db: Db, contractRefs: readonly string[]) =>
  db
    .select({
      taken: lineReversals,
      contractRef: invoiceLines.contractRef,
      invoice: { number: invoices.number, currency: invoices.currency },
      note: creditNotes,
      loss: allocations,
    })
    .from(invoiceLines)
    .innerJoin(lineReversals, eq(lineReversals.lineId, invoiceLines.id))
    .innerJoin(invoices, eq(invoices.id, invoiceLines.invoiceId))
    .leftJoin(creditNotes, eq(creditNotes.id, lineReversals.sourceId))
    .leftJoin(allocations, endOf)
    .where(
      and(
        inList(invoiceLines.contractRef, contractRefs),
        inArray(invoiceLines.kind, ['recurring', 'one_time', 'change']),
        isNull(invoices.origin),
        or(inArray(creditNotes.cause, PRICE_CUTS), isNotNull(allocations.id)),
      ),
    )
    .orderBy(lineReversals.id)

/**
 * The decision that ended an invoice, or the one by which money came for it after all; of voids those without which the
 * same is not billed at all.
 */
const endOf = or(
  and(eq(lineReversals.cause, 'recovery'), eq(allocations.id, lineReversals.sourceId)),
  and(
    eq(allocations.invoiceId, lineReversals.invoiceId),
    sql`${allocations.kind} = ${lineReversals.cause}`,
    isNull(allocations.reverses),
    or(eq(allocations.kind, 'write_off'), eq(allocations.rule, VOID_CONCESSION)),
  ),
)
