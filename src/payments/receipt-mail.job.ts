import type { Effect } from '../delivery/effect.ts'
import { sendMail } from '../delivery/mail.client.ts'
import type { EffectContext } from '../delivery/outbox.job.ts'
import { dateInWords } from '../invoicing/documents/date-words.ts'
import { hostedUrlInMail } from '../invoicing/documents/hosted-link.ts'
import { mailAddresses } from '../invoicing/documents/issued-mail.job.ts'
import { findInvoice } from '../invoicing/invoicing.store.ts'
import { displayMoney } from '../kernel/money.ts'
import { findAllocation } from './payments.store.ts'
import { ReceiptMail, type ReceiptNotice, receiptSubject, receiptText } from './receipt.mail.tsx'

/** Tells the customer what was paid, for which invoice, and what is left of it when the mail goes out. */
export const mailReceipt: Effect<EffectContext, 'receipt_mail'> = async ({ env, db }, { allocationId }) => {
  const applied = await findAllocation(db, allocationId)
  const found = applied && (await findInvoice(db, applied.allocation.invoiceId))
  if (!found) return
  const { invoice, allocated } = found
  const to = mailAddresses(invoice.parties.buyer)
  if (to.length === 0) return
  const { allocation, payment } = applied
  const left = invoice.total - allocated
  const notice: ReceiptNotice = {
    sellerName: invoice.parties.seller.name,
    invoiceNumber: invoice.number,
    paid: displayMoney(allocation.amount, invoice.currency),
    receivedOn: dateInWords(payment.receivedOn),
    rail: payment.rail,
    left: left > 0n ? displayMoney(left, invoice.currency) : null,
    hostedUrl: hostedUrlInMail(env, invoice.id),
  }
  await sendMail(env, {
    to,
    subject: receiptSubject(notice),
    text: receiptText(notice),
    html: `<!doctype html>${await ReceiptMail(notice).toString()}`,
    reference: `receipt ${allocationId}`,
  })
}
