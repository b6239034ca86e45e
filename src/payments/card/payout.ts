import type { Instant, LocalDate } from '../../kernel/calendar.ts'
import { derivedId } from '../../kernel/id.ts'
import type { Minor } from '../../kernel/money.ts'
import { credit, debit, entryId, type JournalEntry, journalEntry } from '../../ledger/journal-entry.ts'

/** `failed`: the bank sent it back, or it was canceled; the money is on our balance at Stripe again. */
export const PAYOUT_STATES = ['in_transit', 'paid', 'failed'] as const
export type PayoutState = (typeof PAYOUT_STATES)[number]

/** A seller's part of a payout of Stripe's, minor units. */
export type Payout = {
  id: string
  processorRef: string
  entityRef: string
  currency: string
  amount: Minor
  total: Minor
  state: PayoutState
  arrivesOn: LocalDate
  descriptor: string | null
  traceId: string | null
  recordedAt: Instant
  /** When we learned that it was paid, and that the bank had sent it back after that. */
  paidAt: Instant | null
  returnedAt: Instant | null
}

/** What is the same for all sellers of a payout. */
type PayoutFacts = Omit<Payout, 'id' | 'entityRef' | 'amount'>

/** Source: https://docs.stripe.com/api/payouts/object (`status`). */
export function payoutState(status: string): PayoutState {
  if (status === 'paid') return 'paid'
  return status === 'failed' || status === 'canceled' ? 'failed' : 'in_transit'
}

/**
 * Splits a payout by the sellers whose money it is. What Stripe charged by itself is the cost of the seller with the
 * largest part (the first by its ref among equals), since nothing says whose it is.
 *
 * @example 96.80 of a, 45.00 of b, and a fee of Stripe's own of 2.00: a gets 94.80, b 45.00
 */
export function splitPayout(facts: PayoutFacts, parts: ReadonlyMap<string, Minor>): Payout[] {
  return [...parts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([entityRef, amount]) => ({
      ...facts,
      id: derivedId('pyo', facts.processorRef, entityRef),
      entityRef,
      amount,
    }))
}

/** The seller with the largest part. */
export const largestPart = (parts: ReadonlyMap<string, Minor>): string | undefined =>
  [...parts].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x > y ? -1 : 1))[0]?.[0]

/**
 * The entries that bring the books from what is known of a payout to how it stands now. Paid: Dr cash / Cr Stripe
 * clearing. A bank may refuse it days later: that entry is then taken back.
 */
export function payoutEntries(payout: Payout, before: PayoutState | undefined, day: LocalDate, now: Instant) {
  if (payout.state === 'paid' && before !== 'paid' && before !== 'failed') return [paidEntry(payout, now)]
  return payout.state === 'failed' && before === 'paid' ? [failedEntry(payout, day, now)] : []
}

const paidEntry = (payout: Payout, now: Instant): JournalEntry =>
  journalEntry({
    ...common(payout, now),
    postingDate: payout.arrivesOn,
    event: 'payout_paid',
    description: 'Paid out by the card processor',
    postings: [debit('cash', payout.amount), credit('stripe_clearing', payout.amount)],
  })

const failedEntry = (payout: Payout, postingDate: LocalDate, now: Instant): JournalEntry =>
  journalEntry({
    ...common(payout, now),
    postingDate,
    event: 'payout_failed',
    description: 'Payout of the card processor sent back by the bank',
    reverses: entryId('payout_paid', payout.id),
    postings: [debit('stripe_clearing', payout.amount), credit('cash', payout.amount)],
  })

const common = ({ id, entityRef, currency }: Payout, recordedAt: Instant) => ({
  sourceId: id,
  entityRef,
  currency,
  recordedAt,
})
