import { type Actor, audit } from '../access/access.store.ts'
import { findInvoice } from '../invoicing/invoicing.store.ts'
import { type Instant, localDate } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import { type Minor, parseMoney } from '../kernel/money.ts'
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

/** Days begin here first, at UTC+14: a date that is not reached here is reached nowhere. */
const EARLIEST_ZONE = 'Pacific/Kiritimati'

/**
 * Records a payment by hand, for the invoice that the person names. Reported twice it counts once: by its external id,
 * or where none is given by its content.
 */
export async function reconcile(db: Db, actor: Actor, report: PaymentReport): Promise<ReceiveOutcome> {
  const found = await findInvoice(db, report.invoiceRef)
  if (!found) throw notFound('invoice', report.invoiceRef)
  const { invoice } = found
  const { currency, receivedOn, reference, payer } = report
  const amount = checkedAmount(report, invoice.currency, actor.now)
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

/** The amount in minor units, where the report can be true. */
function checkedAmount(report: PaymentReport, invoiceCurrency: string, now: Instant): Minor {
  const { amount, currency, receivedOn } = report
  const minor = parseMoney(amount, currency)
  if (minor === undefined) {
    const message = `has more digits after the point than ${currency} has`
    throw invalid('amount_too_fine', `The amount ${amount} ${message}.`, [{ path: 'amount', message }])
  }
  if (currency !== invoiceCurrency) {
    const message = `must be ${invoiceCurrency}, the currency of the invoice`
    throw invalid('currency_mismatch', `The currency ${message}.`, [{ path: 'currency', message }])
  }
  if (receivedOn > localDate(now, EARLIEST_ZONE)) {
    const message = 'is still to come; record money once it is there'
    throw invalid('received_on_ahead', `The date ${receivedOn} ${message}.`, [
      { path: 'received_on', message },
    ])
  }
  return minor
}
