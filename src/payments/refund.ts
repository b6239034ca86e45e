import type { Instant, LocalDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'

/** `return`: the payer's bank took the money back. */
export const REFUND_KINDS = ['refund', 'return'] as const
export type RefundKind = (typeof REFUND_KINDS)[number]

export const REFUND_STATES = ['pending', 'succeeded', 'failed'] as const
export type RefundState = (typeof REFUND_STATES)[number]

export type Refund = {
  id: string
  paymentId: string
  kind: RefundKind
  currency: string
  amount: Minor
  fromUnapplied: Minor
  /** What the bank or the network took for it, besides the amount. */
  fee: Minor
  /** What its tokens were carried at, where they were valued; null: at par. */
  carried: Minor | null
  state: RefundState
  processorRef: string | null
  reason: string
  actor: string
  paidOn: LocalDate
  createdAt: Instant
  endedAt: Instant | null
}
