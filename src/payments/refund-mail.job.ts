import { findCustomer, findEntity } from '../customers/customers.store.ts'
import type { Effect } from '../delivery/effect.ts'
import { sendMail } from '../delivery/mail.client.ts'
import type { EffectContext } from '../delivery/outbox.job.ts'
import { dateInWords } from '../invoicing/documents/date-words.ts'
import { mailAddresses } from '../invoicing/documents/issued-mail.job.ts'
import { displayMoney } from '../kernel/money.ts'
import { findPayment } from './payments.store.ts'
import { refundMail } from './refund.mail.tsx'
import { findRefund } from './refunds.store.ts'

/** Tells the customer that money is on its way back. */
export const mailRefund: Effect<EffectContext, 'refund_mail'> = async ({ env, db }, { refundId }) => {
  const refund = await findRefund(db, refundId)
  const found = refund && (await findPayment(db, refund.paymentId))
  if (!refund || !found?.payment.customerRef || refund.kind === 'return') return
  const { payment } = found
  const customer = await findCustomer(db, payment.customerRef ?? '')
  const seller = await findEntity(db, payment.entityRef)
  const to = customer ? mailAddresses(customer) : []
  if (to.length === 0 || !seller) return
  const notice = {
    sellerName: seller.legalName,
    amount: displayMoney(refund.amount, refund.currency),
    receivedOn: dateInWords(payment.receivedOn),
    isCard: payment.rail === 'card',
  }
  await sendMail(env, { to, ...refundMail(notice), reference: `refund ${refundId}` })
}
