import { mailLoginLink } from './access/login-mail.job.ts'
import type { Effects } from './delivery/effect.ts'
import type { EffectContext } from './delivery/outbox.job.ts'
import { mailCreditNote } from './invoicing/corrections/credit-note-mail.job.ts'
import { creditOwed } from './invoicing/corrections/owed-credit.job.ts'
import { mailVoidInvoice } from './invoicing/corrections/void-mail.job.ts'
import { mailIssuedInvoice } from './invoicing/documents/issued-mail.job.ts'
import { chargeCard } from './payments/card/charge.job.ts'
import { mailPaymentFailed } from './payments/card/payment-failed-mail.job.ts'
import { refundCard } from './payments/card/refund-card.job.ts'
import { handleStripeEvent } from './payments/card/stripe-event.job.ts'
import { mailReceipt } from './payments/receipt-mail.job.ts'
import { mailRefund } from './payments/refund-mail.job.ts'
import { teachMeter } from './usage/calendar.job.ts'
import { sendWebhook } from './webhooks/send.job.ts'

/** What each topic of the outbox does. */
export const effects: Effects<EffectContext> = {
  invoice_issued_mail: mailIssuedInvoice,
  invoice_void_mail: mailVoidInvoice,
  credit_note_mail: mailCreditNote,
  owed_credit: creditOwed,
  receipt_mail: mailReceipt,
  payment_failed_mail: mailPaymentFailed,
  login_mail: mailLoginLink,
  refund_mail: mailRefund,
  charge_card: chargeCard,
  card_refund: refundCard,
  stripe_event: handleStripeEvent,
  meter_calendar: teachMeter,
  webhook: sendWebhook,
}
