import type { Effect } from '../../delivery/effect.ts'
import { sendMail } from '../../delivery/mail.client.ts'
import type { EffectContext } from '../../delivery/outbox.job.ts'
import { displayMoney } from '../../kernel/money.ts'
import { mailAddresses } from '../documents/issued-mail.job.ts'
import { findInvoice } from '../invoicing.store.ts'
import { voidMail } from './void.mail.tsx'

/** Tells the customer that an invoice charges nothing any more, before somebody pays it. */
export const mailVoidInvoice: Effect<EffectContext, 'invoice_void_mail'> = async (
  { env, db },
  { invoiceId },
) => {
  const found = await findInvoice(db, invoiceId)
  if (!found) return
  const { invoice } = found
  const to = mailAddresses(invoice.parties.buyer)
  if (to.length === 0) return
  const notice = {
    sellerName: invoice.parties.seller.name,
    invoiceNumber: invoice.number,
    total: displayMoney(invoice.total, invoice.currency),
  }
  await sendMail(env, { to, ...voidMail(notice), reference: `invoice_void ${invoiceId}` })
}
