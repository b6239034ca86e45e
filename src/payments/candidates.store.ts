import { and, eq, gt, isNotNull, or, type SQL, sql } from 'drizzle-orm'
import { allocations } from '../invoicing/allocations.schema.ts'
import { taxWithin } from '../invoicing/corrections/tax-relief.ts'
import { type EarlyPayment, earlyDiscount } from '../invoicing/early-payment.ts'
import { bareOf, invoices } from '../invoicing/invoicing.schema.ts'
import { openAmount, settledBy } from '../invoicing/settlement.store.ts'
import type { Minor } from '../kernel/money.ts'
import type { Db } from '../storage/db.store.ts'
import { lossesOf } from './losses.store.ts'
import type { Candidate } from './match.ts'
import type { Rail } from './payment.ts'
import { payments } from './payments.schema.ts'
import { searchable, wordRuns } from './token-search.ts'

const writtenOffSum = settledBy('write_off')

/**
 * The invoices of a legal entity that a payment may be for: named by the rail, standing somewhere in its text, or of
 * the customer who pays from this account. Paid ones are among them, since paying twice still tells whose money it is.
 * This only narrows the search; `matchPayment` decides.
 */
export async function candidateInvoices(
  db: Db,
  sought: {
    entityRef: string
    reference: string
    invoiceId?: string | undefined
    payerCustomerRef?: string | undefined
  },
): Promise<Candidate[]> {
  const named = sought.invoiceId ? eq(invoices.id, sought.invoiceId) : namedBy(sought)
  if (!named) return []
  const rows = await db
    .select({
      id: invoices.id,
      number: invoices.number,
      paymentReference: invoices.paymentReference,
      customerRef: invoices.customerRef,
      contractRef: invoices.contractRef,
      currency: invoices.currency,
      issueDate: invoices.issueDate,
      origin: invoices.origin,
      open: openAmount,
      total: invoices.total,
      totalTax: invoices.totalTax,
      earlyPayment: invoices.earlyPayment,
      writtenOff: writtenOffSum,
    })
    .from(invoices)
    // The plus keeps an index from reading all invoices of the entity.
    .where(and(sql`+${invoices.entityRef} = ${sought.entityRef}`, named))
    .orderBy(invoices.issueDate, invoices.id)
  const losses = await lossesOf(
    db,
    rows.flatMap(({ id, writtenOff }) => (writtenOff > 0 ? id : [])),
  )
  return rows.map(({ total, totalTax, earlyPayment, writtenOff: _, ...invoice }) => {
    const open = BigInt(invoice.open)
    const offer = open === total ? earlyPayment : null
    const lost = losses.get(invoice.id)
    return {
      ...invoice,
      open,
      ...(lost && { lost }),
      ...(offer && { discount: discountOf({ total, totalTax }, offer) }),
    }
  })
}

function discountOf(invoice: { total: Minor; totalTax: Minor }, offer: EarlyPayment) {
  const amount = earlyDiscount(invoice.total, offer)
  return { amount, tax: taxWithin(invoice, amount), until: offer.until }
}

/** The one customer whose invoices were settled from this account; undefined when there is none, or several. */
export async function customerOfPayer(
  db: Db,
  payer: { rail: Rail; entityRef: string; account: string },
): Promise<string | undefined> {
  const rows = await db
    .selectDistinct({ customerRef: payments.customerRef })
    .from(payments)
    .where(
      and(
        sql`${payments.payer} ->> '$.account' = ${payer.account}`,
        eq(payments.rail, payer.rail),
        eq(payments.entityRef, payer.entityRef),
        isNotNull(payments.customerRef),
        sql`EXISTS (SELECT 1 FROM ${allocations} WHERE ${allocations.paymentId} = ${payments.id})`,
      ),
    )
    .limit(2)
  return rows.length === 1 ? (rows[0]?.customerRef ?? undefined) : undefined
}

/** A document number has 64 characters at the most, and a payment reference 25. */
const TOKEN_MAX = 64

/** Undefined where there is nothing to search by: then no invoice comes into question. */
function namedBy(sought: { reference: string; payerCustomerRef?: string | undefined }): SQL | undefined {
  const words = JSON.stringify(wordRuns(searchable(sought.reference), TOKEN_MAX))
  const named = sql`IN (SELECT value FROM json_each(${words}))`
  return or(
    words === '[]' ? undefined : sql`${bareOf('payment_reference')} ${named}`,
    words === '[]' ? undefined : sql`${bareOf('number')} ${named}`,
    sought.payerCustomerRef === undefined
      ? undefined
      : and(eq(invoices.customerRef, sought.payerCustomerRef), or(gt(openAmount, 0), gt(writtenOffSum, 0))),
  )
}
