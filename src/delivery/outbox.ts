/**
 * The effects that leave the system. A payload names the thing by its id: the consumer reads it as it is then.
 */
export type OutboxMessage =
  | { topic: 'invoice_issued_mail'; payload: { invoiceId: string } }
  | { topic: 'invoice_void_mail'; payload: { invoiceId: string } }
  | { topic: 'owed_credit'; payload: { contractRef: string; boundary: number } }
  | { topic: 'credit_note_mail'; payload: { creditNoteId: string } }
  | { topic: 'receipt_mail'; payload: { allocationId: string } }
  | { topic: 'payment_failed_mail'; payload: { invoiceId: string; attemptNo: number } }
  | { topic: 'refund_mail'; payload: { refundId: string } }
  | { topic: 'card_refund'; payload: { refundId: string } }
  | { topic: 'login_mail'; payload: { email: string } }
  | { topic: 'charge_card'; payload: { invoiceId: string } }
  | { topic: 'stripe_event'; payload: { eventId: string } }
  | { topic: 'meter_calendar'; payload: { customerRef: string } }
  | { topic: 'webhook'; payload: { deliveryId: string } }

export type OutboxRow = OutboxMessage & { id: string; dueAt: number }

/** Attempts before a message is parked for an operator. */
export const ATTEMPTS_MAX = 8

/** Milliseconds until the next attempt: 30 s, doubled each time, 1 h at the most. */
export const backoffMs = (attempts: number): number => Math.min(30_000 * 2 ** (attempts - 1), 3_600_000)
