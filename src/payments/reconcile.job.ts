import { type Actor, audit } from '../access/access.store.ts'
import { findInvoice } from '../invoicing/invoicing.store.ts'
import { derivedId } from '../kernel/id.ts'
import { parseMoney } from '../kernel/money.ts'
import { invalid, notFound } from '../kernel/problem.ts'
import type { Db } from '../storage/db.store.ts'
import type { Payer } from './payment.ts'
import { type ReceiveOutcome, receivePayment } from './receive.job.ts'

/** A payment that a person vouches for. `amount` is in major units. */
export type PaymentReport = {
  invoiceRef: string
  amount: string
  currency: string
  receivedOn: string
  reference: string
  payer: Payer
  externalId?: string | undefined
}

/**
 * Records a payment by hand, for the invoice that the person names. Reported twice it counts once: by its external id,
 * or where none is given by its content.
 */
export async function reconcile(db: Db, actor: Actor, report: PaymentReport): Promise<ReceiveOutcome> {
  const found = await findInvoice(db, report.invoiceRef)
  if (!found) throw notFound('invoice', report.invoiceRef)
  const { invoice } = found
  const { currency, receivedOn, reference, payer } = report
  const amount = parseMoney(report.amount, currency)
  if (amount === undefined) {
    const message = `has more digits after the point than ${currency} has`
    throw invalid('amount_too_fine', `The amount ${report.amount} ${message}.`, [{ path: 'amount', message }])
  }
  if (currency !== invoice.currency) {
    const message = `must be ${invoice.currency}, the currency of the invoice`
    throw invalid('currency_mismatch', `The currency ${message}.`, [{ path: 'currency', message }])
  }
  const externalKey =
    report.externalId ?? derivedId('hand', invoice.id, String(amount), receivedOn, reference)
  const received = {
    rail: 'manual' as const,
    externalKey,
    entityRef: invoice.entityRef,
    customerRef: invoice.customerRef,
    currency,
    amount,
    receivedOn,
    payer,
    reference,
    invoiceId: invoice.id,
  }
  return receivePayment(db, received, actor.now, {
    actor: actor.principal.label,
    alongside: (payment) =>
      audit(db, actor, { action: 'payment.record', subject: payment.id, after: report }),
  })
}
