import type { Instant, LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import { credit, debit, type JournalEntry, journalEntry } from '../../ledger/journal-entry.ts'

/** A movement on our balance at Stripe, minor units; money that comes in is positive. */
export type ProcessorTransaction = {
  id: string
  entityRef: string
  /** Null for what Stripe charges by itself. */
  paymentId: string | null
  customerRef: string | null
  /** Stripe's own type. Source: https://docs.stripe.com/reports/balance-transaction-types */
  type: string
  originCurrency: string
  originAmount: Minor
  currency: string
  amount: Minor
  fee: Minor
  movedOn: LocalDate
  payoutId: string | null
  recordedAt: Instant
}

/** What a movement adds to a payout. */
export const netOf = ({ amount, fee }: Pick<ProcessorTransaction, 'amount' | 'fee'>): Minor => amount - fee

/**
 * The entries of a movement beyond those of its cause: the payment, the refund or the dispute has moved the gross amount
 * on Stripe clearing already. Dr processor fees / Cr Stripe clearing; where Stripe settles in another currency, the
 * gross leaves clearing in the one and enters it in the other, against exchange gains and losses.
 *
 * @example 100.00 EUR with a fee of 3.20 EUR: Dr processor fees 3.20 / Cr Stripe clearing 3.20
 */
export function transactionEntries(moved: ProcessorTransaction): JournalEntry[] {
  return [...(moved.originCurrency === moved.currency ? [] : conversion(moved)), feeEntry(moved)].filter(
    ({ postings }) => postings.length > 0,
  )
}

const feeEntry = (moved: ProcessorTransaction): JournalEntry =>
  journalEntry({
    ...common(moved),
    event: 'processor_fee',
    currency: moved.currency,
    description: moved.paymentId === null ? 'Fee of the card processor' : 'Processing fee of a card payment',
    postings: [
      debit('processor_fees', moved.fee, dimensionsOf(moved)),
      credit('stripe_clearing', moved.fee, dimensionsOf(moved)),
    ],
  })

const conversion = (moved: ProcessorTransaction): JournalEntry[] => [
  journalEntry({
    ...common(moved),
    event: 'processor_conversion_out',
    currency: moved.originCurrency,
    description: `Converted by the card processor into ${moved.currency}`,
    postings: [
      debit('fx_gain_loss', moved.originAmount, dimensionsOf(moved)),
      credit('stripe_clearing', moved.originAmount, dimensionsOf(moved)),
    ],
  }),
  journalEntry({
    ...common(moved),
    event: 'processor_conversion_in',
    currency: moved.currency,
    description: `Converted by the card processor from ${moved.originCurrency}`,
    postings: [
      debit('stripe_clearing', moved.amount, dimensionsOf(moved)),
      credit('fx_gain_loss', moved.amount, dimensionsOf(moved)),
    ],
  }),
]

const common = ({ id, entityRef, movedOn, recordedAt }: ProcessorTransaction) => ({
  sourceId: id,
  entityRef,
  postingDate: movedOn,
  recordedAt,
})

const dimensionsOf = ({ customerRef }: ProcessorTransaction) => (customerRef === null ? {} : { customerRef })
