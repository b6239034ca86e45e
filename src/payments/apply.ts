import type { OutboxRow } from '../delivery/outbox.ts'
import type { Instant, LocalDate } from '../kernel/calendar.ts'
import { derivedId } from '../kernel/id.ts'
import { formatMoney, type Minor } from '../kernel/money.ts'
import { conflict, invalid } from '../kernel/problem.ts'
import { type Candidate, owedOf } from './match.ts'
import type { Payment } from './payment.ts'
import { settle } from './receipt-allocations.ts'
import { receiptMail } from './receipt-plan.ts'

/** The rule of what a person decides: it is booked on the day of the decision. */
export const BY_HAND = 'by_hand'

export type ApplicationInput = {
  payment: Payment
  /** What of the payment waits for a decision. */
  unapplied: Minor
  candidate: Candidate
  amount?: Minor | undefined
  reason: string
  /** Business identity within the payment. */
  key: string
  today: LocalDate
  actor: string
  now: Instant
}

/**
 * The decision of a person that waiting money is for an invoice: as much as both allow, or the amount given.
 *
 * @throws Problem 409 `nothing_unapplied`, 422 `amount_out_of_range`.
 */
export function planApplication(
  input: ApplicationInput,
): ReturnType<typeof settle> & { outbox: OutboxRow[] } {
  const { payment, unapplied, candidate, actor, now, today } = input
  const most = owedOf(candidate) < unapplied ? owedOf(candidate) : unapplied
  if (most <= 0n) {
    throw conflict('nothing_unapplied', 'Nothing of the payment waits, or the invoice owes nothing.')
  }
  const amount = input.amount ?? most
  if (amount <= 0n || amount > most) {
    const message = `must be positive, and at most ${formatMoney(most, payment.currency)} ${payment.currency}`
    throw invalid('amount_out_of_range', `The amount ${message}.`, [{ path: 'amount', message }])
  }
  const allocation = {
    id: derivedId('alc', payment.id, candidate.id, input.key),
    kind: 'payment' as const,
    paymentId: payment.id,
    grantId: null,
    creditNoteId: null,
    invoiceId: candidate.id,
    amount,
    reverses: null,
    rule: BY_HAND,
    explanation: input.reason,
    actor,
    createdAt: now,
  }
  const settled = settle(payment, allocation, candidate, { actor, now, date: today })
  return {
    ...settled,
    entries: settled.entries.map((entry) => ({ ...entry, postedBy: actor })),
    outbox: [receiptMail(allocation.id, now)],
  }
}
