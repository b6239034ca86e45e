/**
 * The business events that are posted. `reports/audit` makes the entries of each of them again from the facts behind it,
 * so an event stands here before it can be posted.
 */
export const JOURNAL_EVENTS = [
  'invoice_issued',
  'invoice_voided',
  'invoice_written_off',
  'opening_balance',
  'credit_note_issued',
  'payment_received',
  'customer_credited',
  'payment_allocated',
  'bank_fee_borne',
  'allocation_undone',
  'payment_refunded',
  'refund_failed',
  'dispute_opened',
  'dispute_won',
  'dispute_lost',
  'early_discount_taken',
  'processor_fee',
  'processor_conversion_out',
  'processor_conversion_in',
  'payout_paid',
  'payout_failed',
  'credit_sold',
  'credit_burnt',
  'credit_reinstated',
  'credit_expired',
  'credit_voided',
  'revenue_recognised',
  'position_presented',
  'position_presentation_reversed',
  'tokens_valued',
  'positions_combined',
  'fx_remeasured',
  'fx_remeasurement_reversed',
] as const

export type JournalEvent = (typeof JOURNAL_EVENTS)[number]

/**
 * Events of a month's end that show contract positions on the accounts of the balance sheet, and take that back on the
 * next day. What a contract was billed and has earned is told without them.
 */
export const PRESENTATION_EVENTS = [
  'position_presented',
  'position_presentation_reversed',
] as const satisfies readonly JournalEvent[]
