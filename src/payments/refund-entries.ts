import type { Instant, LocalDate } from '../kernel/calendar.ts'
import type { AccountRole } from '../ledger/account.ts'
import {
  credit,
  type Dimensions,
  debit,
  entryId,
  type JournalEntry,
  journalEntry,
} from '../ledger/journal-entry.ts'
import type { Payment } from './payment.ts'
import { CLEARING } from './receipt-plan.ts'
import type { Refund } from './refund.ts'

/** Gas is paid to the network, everything else to a bank. */
const feeAccount = ({ rail }: Payment): AccountRole => (rail === 'crypto' ? 'network_fees' : 'bank_fees')

/** The entry of money that leaves again; tokens leave at what they are carried at, with the gain or loss on them. */
export function refundEntry(refund: Refund, payment: Payment): JournalEntry {
  const { amount, fee, carried } = refund
  const gain = amount - (carried ?? amount)
  return journalEntry({
    ...common(refund, payment),
    postingDate: refund.paidOn,
    event: 'payment_refunded',
    sourceId: refund.id,
    description: refund.kind === 'return' ? 'Payment returned by the bank' : 'Payment refunded',
    recordedAt: refund.createdAt,
    postings: [
      debit('unapplied_cash', refund.fromUnapplied, { ...dimensionsOf(payment), paymentId: payment.id }),
      debit('customer_credit', refund.amount - refund.fromUnapplied, dimensionsOf(payment)),
      debit(feeAccount(payment), refund.fee, dimensionsOf(payment)),
      credit(CLEARING[payment.rail], amount - gain + fee, dimensionsOf(payment)),
      credit('fx_gain_loss', gain, dimensionsOf(payment)),
    ],
  })
}

/** A refund that the card network did not carry out: the money is back, and is the customer's again. */
export const failedEntry = (refund: Refund, payment: Payment, day: LocalDate, now: Instant): JournalEntry =>
  journalEntry({
    ...common(refund, payment),
    postingDate: day,
    event: 'refund_failed',
    sourceId: refund.id,
    description: 'Refund failed',
    recordedAt: now,
    reverses: entryId('payment_refunded', refund.id),
    postings: [
      debit(CLEARING[payment.rail], refund.amount, dimensionsOf(payment)),
      credit('unapplied_cash', refund.fromUnapplied, { ...dimensionsOf(payment), paymentId: payment.id }),
      credit('customer_credit', refund.amount - refund.fromUnapplied, dimensionsOf(payment)),
    ],
  })

const common = ({ currency }: Refund, { entityRef }: Payment) => ({ currency, entityRef })

const dimensionsOf = ({ customerRef }: Payment): Dimensions => (customerRef === null ? {} : { customerRef })
