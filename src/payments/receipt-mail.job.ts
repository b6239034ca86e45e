import type { Effect } from '../delivery/effect.ts'
import { sendMail } from '../delivery/mail.client.ts'
import type { EffectContext } from '../delivery/outbox.job.ts'
import type { Env } from '../env.ts'
import { dateInWords } from '../invoicing/date-words.ts'
import { hostedUrl } from '../invoicing/hosted-link.ts'
import type { Invoice } from '../invoicing/invoice.ts'
import { findInvoice } from '../invoicing/invoicing.store.ts'
import { displayMoney } from '../kernel/money.ts'
import { Problem } from '../kernel/problem.ts'
import { findAllocation } from './payments.store.ts'
import { ReceiptMail, type ReceiptNotice, receiptSubject, receiptText } from './receipt.mail.tsx'

/** Tells the customer what was paid, for which invoice, and what is left of it when the mail goes out. */
export const mailReceipt: Effect<EffectContext, 'receipt_mail'> = async ({ env, db }, { allocationId }) => {
  const applied = await findAllocation(db, allocationId)
  const found = applied && (await findInvoice(db, applied.allocation.invoiceId))
  if (!found) return
  const { invoice, allocated } = found
  const to = recipients(invoice)
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
    hostedUrl: invoicePage(env, invoice),
  }
  await sendMail(env, {
    to,
    subject: receiptSubject(notice),
    text: receiptText(notice),
    html: `<!doctype html>${await ReceiptMail(notice).toString()}`,
    reference: `receipt ${allocationId}`,
  })
}

const recipients = ({ parties }: Invoice): string[] =>
  (parties.buyer.email ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '')

function invoicePage(env: Env, invoice: Invoice): string {
  if (!env.PUBLIC_URL || !env.LINK_SECRET) {
    throw new Problem(
      503,
      'public_url_not_set',
      'Links in mails need the settings PUBLIC_URL and LINK_SECRET.',
    )
  }
  return hostedUrl(env.PUBLIC_URL, env.LINK_SECRET, invoice.id)
}
