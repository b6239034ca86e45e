import type { Instant, LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import { credit, debit, entryId, type JournalEntry, journalEntry } from '../../ledger/journal-entry.ts'
import type { Payment } from '../payment.ts'

export type DisputeState = 'open' | 'won' | 'lost'

export type Dispute = {
  id: string
  paymentId: string
  currency: string
  amount: Minor
  fee: Minor
  /** What of the loss is unused credit that was taken back: it was owed, and is no loss. */
  creditTaken: Minor
  reason: string
  state: DisputeState
  openedAt: Instant
  closedAt: Instant | null
}

/**
 * How a dispute stands, read from Stripe's status. Undefined for inquiries (`warning_…`) and disputes that were
 * prevented: they move no money. Source: https://docs.stripe.com/api/disputes/object
 */
export function disputeState(status: string): DisputeState | undefined {
  if (status === 'won' || status === 'lost') return status
  return status === 'needs_response' || status === 'under_review' ? 'open' : undefined
}

type Booked = { payment: Payment; day: LocalDate; now: Instant }

/**
 * The entries that bring the books from what is known of a dispute to how it stands now. Opened: the money is withdrawn
 * with a fee, Dr disputes receivable and processor fees / Cr Stripe clearing. Won: the money comes back, the fee does
 * not. Lost: Dr customer credit for what is taken back of credit that it had bought, and dispute losses. The invoice stays
 * paid either way: the customer owes nothing under it again.
 */
export function disputeEntries(
  dispute: Dispute,
  before: DisputeState | undefined,
  booked: Booked,
): JournalEntry[] {
  const opened = before === undefined ? [openedEntry(dispute, booked)] : []
  const { state } = dispute
  const isClosedBefore = before === 'won' || before === 'lost'
  return isClosedBefore || state === 'open' ? opened : [...opened, closedEntry(dispute, state, booked)]
}

const openedEntry = (dispute: Dispute, booked: Booked): JournalEntry =>
  journalEntry({
    ...common(dispute, booked),
    event: 'dispute_opened',
    description: `Card payment disputed: ${dispute.reason}`,
    postings: [
      debit('disputes_receivable', dispute.amount, dimensionsOf(booked)),
      debit('processor_fees', dispute.fee, dimensionsOf(booked)),
      credit('stripe_clearing', dispute.amount + dispute.fee, dimensionsOf(booked)),
    ],
  })

const closedEntry = (dispute: Dispute, state: 'won' | 'lost', booked: Booked): JournalEntry =>
  journalEntry({
    ...common(dispute, booked),
    event: `dispute_${state}`,
    description: `Dispute ${state}`,
    ...(state === 'won' && dispute.fee === 0n && { reverses: entryId('dispute_opened', dispute.id) }),
    postings: [
      ...(state === 'won'
        ? [debit('stripe_clearing', dispute.amount, dimensionsOf(booked))]
        : [
            debit('dispute_losses', dispute.amount - dispute.creditTaken, dimensionsOf(booked)),
            debit('customer_credit', dispute.creditTaken, dimensionsOf(booked)),
          ]),
      credit('disputes_receivable', dispute.amount, dimensionsOf(booked)),
    ],
  })

const common = ({ id, currency }: Dispute, { payment, day, now }: Booked) => ({
  entityRef: payment.entityRef,
  postingDate: day,
  sourceId: id,
  currency,
  recordedAt: now,
})

const dimensionsOf = ({ payment: { customerRef } }: Booked) => (customerRef === null ? {} : { customerRef })
