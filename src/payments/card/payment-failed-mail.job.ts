import type { Effect } from '../../delivery/effect.ts'
import { type Mail, sendMail } from '../../delivery/mail.client.ts'
import type { EffectContext } from '../../delivery/outbox.job.ts'
import type { Env } from '../../env.ts'
import { hostedUrlInMail } from '../../invoicing/documents/hosted-link.ts'
import { mailAddresses } from '../../invoicing/documents/issued-mail.job.ts'
import type { Invoice } from '../../invoicing/invoice.ts'
import { findInvoice } from '../../invoicing/invoicing.store.ts'
import { displayMoney, type Minor } from '../../kernel/money.ts'
import { cardAttemptsOfInvoice } from './card.store.ts'
import {
  type FailedPayment,
  FailedPaymentMail,
  failedPaymentSubject,
  failedPaymentText,
} from './payment-failed.mail.tsx'

/** Tells the customer that the saved card could not be charged; not when the invoice has been paid meanwhile. */
export const mailPaymentFailed: Effect<EffectContext, 'payment_failed_mail'> = async (
  { env, db },
  { invoiceId, attemptNo },
) => {
  const found = await findInvoice(db, invoiceId)
  const attempts = await cardAttemptsOfInvoice(db, invoiceId)
  const attempt = attempts.find((each) => each.attemptNo === attemptNo)
  if (!found || !attempt) return
  const { invoice } = found
  const open = invoice.total - found.allocated
  const to = mailAddresses(invoice.parties.buyer)
  if (open <= 0n || to.length === 0) return
  const failed = failedPayment(env, invoice, open, attempt.outcome === 'needs_customer')
  await sendMail(env, await composed(failed, to, `payment_failed ${invoiceId} ${attemptNo}`))
}

function failedPayment(env: Env, invoice: Invoice, open: Minor, needsConfirmation: boolean): FailedPayment {
  return {
    sellerName: invoice.parties.seller.name,
    invoiceNumber: invoice.number,
    amountDue: displayMoney(open, invoice.currency),
    needsConfirmation,
    hostedUrl: hostedUrlInMail(env, invoice.id),
  }
}

const composed = async (failed: FailedPayment, to: string[], reference: string): Promise<Mail> => ({
  to,
  subject: failedPaymentSubject(failed),
  text: failedPaymentText(failed),
  html: `<!doctype html>${await FailedPaymentMail(failed).toString()}`,
  reference,
})
