/** What a message is about: the thing that the API shows under its reference. */
export type SubjectKind =
  | 'invoice'
  | 'credit_note'
  | 'payment'
  | 'allocation'
  | 'refund'
  | 'dispute'
  | 'contract'
  | 'credit'
  | 'period'

type Told = { about: SubjectKind; says: string }

/** Every type of event that webhooks are told of, with what it says. A type is never renamed. */
export const EVENTS = {
  'invoice.issued': { about: 'invoice', says: 'An invoice has its number and is owed.' },
  'invoice.partially_paid': { about: 'invoice', says: 'Money or credit settles a part of it.' },
  'invoice.paid': { about: 'invoice', says: 'Nothing is open any more.' },
  'invoice.overdue': { about: 'invoice', says: 'Its due date has passed and it is not settled.' },
  'invoice.reopened': {
    about: 'invoice',
    says: 'What had settled it was taken back, all or a part: a returned payment, an undone match.',
  },
  'invoice.voided': { about: 'invoice', says: 'It is taken back as if never issued.' },
  'invoice.written_off': { about: 'invoice', says: 'What is open is given up.' },
  'credit_note.issued': { about: 'credit_note', says: 'An invoice, or a part of it, is credited.' },
  'payment.received': { about: 'payment', says: 'Money has arrived, by card, wire or crypto.' },
  'payment.matched': { about: 'allocation', says: 'A payment, or a part of it, is applied to an invoice.' },
  'payment.unmatched': { about: 'payment', says: 'No invoice was found for it: a person has to look.' },
  'payment.returned': { about: 'refund', says: "The payer's bank took the money back." },
  'refund.paid': { about: 'refund', says: 'Money of a payment was paid back.' },
  'refund.failed': { about: 'refund', says: 'The card network did not carry a refund out.' },
  'dispute.opened': { about: 'dispute', says: 'A card holder disputes a payment.' },
  'dispute.closed': { about: 'dispute', says: 'A dispute is won or lost.' },
  'contract.activated': { about: 'contract', says: 'A contract is in force.' },
  'contract.amended': { about: 'contract', says: 'Its terms change.' },
  'contract.renewed': { about: 'contract', says: 'It goes on for another term.' },
  'contract.cancelled': { about: 'contract', says: 'It is to end; `end_date` says when.' },
  'contract.ended': { about: 'contract', says: 'It is over, and nothing is left to invoice.' },
  'credit.granted': { about: 'credit', says: 'A customer has prepaid or promotional credit.' },
  'credit.expired': { about: 'credit', says: 'What was left of a credit is lost.' },
  'period.locked': { about: 'period', says: 'A month of the books takes no more entries.' },
  'period.unlocked': { about: 'period', says: 'It takes entries again.' },
} as const satisfies Record<string, Told>

/** A type that a webhook can ask for. */
export type AnnouncedType = keyof typeof EVENTS

export const EVENT_TYPES = Object.keys(EVENTS) as AnnouncedType[]

/** The test is sent on request, to one webhook; nobody asks for it. */
export type EventType = AnnouncedType | 'webhook.test'
