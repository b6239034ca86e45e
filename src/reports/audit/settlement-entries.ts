import type { LineReversal } from '../../invoicing/corrections/line-reversal.ts'
import { taxWithin } from '../../invoicing/corrections/tax-relief.ts'
import type { Allocation } from '../../invoicing/settlement.ts'
import { type LocalDate, localDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import type { JournalEntry } from '../../ledger/journal-entry.ts'
import { BY_HAND } from '../../payments/apply.ts'
import { bearFee } from '../../payments/bank-fee.ts'
import { grantDiscount } from '../../payments/early-discount.ts'
import type { Payment } from '../../payments/payment.ts'
import { allocatedEntry } from '../../payments/receipt-allocations.ts'
import { lostAgainId, recoveredOf } from '../../payments/recovered.ts'
import type { Refund } from '../../payments/refund.ts'
import { letGoWith, UNDO, undoneEntry } from '../../payments/undo.ts'

type Settled = {
  id: string
  number: string
  customerRef: string
  contractRef: string
  issueDate: LocalDate
  total: Minor
  totalTax: Minor
  origin: 'import' | null
}

/** What is known of an invoice whose settlement is made again. */
export type SettlementFacts = {
  invoice: Settled
  /** Of the seller's books. */
  timezone: string
  /** All that settles the invoice, in the order in which it was written. */
  allocations: readonly Allocation[]
  /** What recoveries brought back of its lines. */
  reversals: readonly LineReversal[]
  /** The payments among that. */
  payments: readonly Payment[]
  /** Those that the payers' banks took back. */
  returns: readonly Pick<Refund, 'paymentId' | 'createdAt' | 'reason' | 'paidOn'>[]
}

/** The entries of one allocation. Those of credit, credit notes, voids and write-offs belong to these. */
export function settlementEntries(allocation: Allocation, facts: SettlementFacts): JournalEntry[] {
  const payment = paymentBehind(allocation, facts)
  if (!payment) return []
  if (allocation.rule === UNDO) return undone(allocation, payment, facts)
  if (allocation.reverses !== null) return []
  if (allocation.kind === 'payment') return [applied(allocation, payment, facts)]
  const decided = { actor: allocation.actor, now: allocation.createdAt, date: payment.receivedOn }
  if (allocation.kind === 'discount') return discounted(allocation, payment, facts, decided)
  if (allocation.kind !== 'bank_fee') return []
  return bearFee(payment, allocation, facts.invoice, decided).entries
}

/** A bank's fee and a discount do not name their payment, but their ids follow from it. */
function paymentBehind({ id, paymentId, reverses }: Allocation, { invoice, payments }: SettlementFacts) {
  return payments.find(
    (payment) => payment.id === paymentId || letGoWith(payment.id, invoice.id).includes(reverses ?? id),
  )
}

function applied(allocation: Allocation, payment: Payment, facts: SettlementFacts): JournalEntry {
  const { invoice, timezone, allocations, reversals } = facts
  const recovered = recoveredOf(allocation.id, allocations, reversals, payment.currency)
  const date = allocation.rule === BY_HAND ? localDate(allocation.createdAt, timezone) : payment.receivedOn
  return allocatedEntry(payment, allocation, invoice, recovered, { date })
}

function discounted(
  allocation: Allocation,
  payment: Payment,
  { invoice }: SettlementFacts,
  decided: { actor: string; now: number; date: LocalDate },
): JournalEntry[] {
  const tax = taxWithin(invoice, allocation.amount)
  return grantDiscount(payment, allocation, { ...invoice, discount: { tax } }, decided).entries
}

/** Undone by hand, on that day; with a payment that its bank took back, on the day of the return. */
function undone(allocation: Allocation, payment: Payment, facts: SettlementFacts): JournalEntry[] {
  const { invoice, timezone, allocations, reversals, returns } = facts
  const original = allocations.find(({ id }) => id === allocation.reverses)
  if (!original) return []
  const { createdAt: now, explanation: reason } = allocation
  const returned = returns.find(
    (one) => one.paymentId === payment.id && one.createdAt === now && one.reason === reason,
  )
  const today = returned?.paidOn ?? localDate(now, timezone)
  const isLostAgain = allocations.some(({ id }) => id === lostAgainId(allocation.id))
  const recovered = isLostAgain
    ? recoveredOf(original.id, allocations, reversals, payment.currency)
    : undefined
  return [undoneEntry(allocation, original, { payment, invoice, recovered, today })]
}
