import type { JournalEvent } from '../../ledger/journal-event.ts'
import type { Db } from '../../storage/db.store.ts'
import { allocationFacts } from './allocation-facts.store.ts'
import { combinationFacts } from './combination-facts.store.ts'
import { grantFacts, movementFacts } from './credit-facts.store.ts'
import { creditNoteFacts } from './credit-note-facts.store.ts'
import { disputeFacts } from './dispute-facts.store.ts'
import type { FactEntries, FactPage } from './fact-kind.ts'
import { invoiceFacts } from './invoice-facts.store.ts'
import { paymentFacts } from './payment-facts.store.ts'
import { presentationFacts } from './presentation-facts.store.ts'
import { payoutFacts, processorFacts } from './processor-facts.store.ts'
import { refundFacts } from './refund-facts.store.ts'
import { remeasurementFacts } from './remeasurement-facts.store.ts'
import { revenueFacts } from './revenue-facts.store.ts'
import { tokenFacts } from './token-facts.store.ts'

/** Reads facts of a kind in the order of their ids, and makes their entries again as they were made when they were posted. */
export type ReadFacts = (db: Db, page: FactPage) => Promise<FactEntries[]>

export const FACTS = {
  invoices: invoiceFacts,
  credit_notes: creditNoteFacts,
  payments: paymentFacts,
  allocations: allocationFacts,
  refunds: refundFacts,
  disputes: disputeFacts,
  processor_transactions: processorFacts,
  payouts: payoutFacts,
  tokens: tokenFacts,
  credit_grants: grantFacts,
  credit_movements: movementFacts,
  recognised_revenue: revenueFacts,
  presented_positions: presentationFacts,
  combinations: combinationFacts,
  remeasurements: remeasurementFacts,
} as const satisfies Record<string, ReadFacts>

export type FactName = keyof typeof FACTS

/** The facts that each event follows from: an event that is missing here cannot be posted. */
export const FACTS_OF: Record<JournalEvent, FactName> = {
  invoice_issued: 'invoices',
  invoice_voided: 'invoices',
  invoice_written_off: 'invoices',
  opening_balance: 'invoices',
  credit_note_issued: 'credit_notes',
  payment_received: 'payments',
  customer_credited: 'payments',
  payment_allocated: 'allocations',
  bank_fee_borne: 'allocations',
  allocation_undone: 'allocations',
  payment_refunded: 'refunds',
  refund_failed: 'refunds',
  dispute_opened: 'disputes',
  dispute_won: 'disputes',
  dispute_lost: 'disputes',
  early_discount_taken: 'allocations',
  processor_fee: 'processor_transactions',
  processor_conversion_out: 'processor_transactions',
  processor_conversion_in: 'processor_transactions',
  payout_paid: 'payouts',
  payout_failed: 'payouts',
  credit_sold: 'credit_grants',
  credit_burnt: 'credit_movements',
  credit_reinstated: 'credit_movements',
  credit_expired: 'credit_movements',
  credit_voided: 'credit_movements',
  revenue_recognised: 'recognised_revenue',
  position_presented: 'presented_positions',
  position_presentation_reversed: 'presented_positions',
  tokens_valued: 'tokens',
  positions_combined: 'combinations',
  fx_remeasured: 'remeasurements',
  fx_remeasurement_reversed: 'remeasurements',
}
