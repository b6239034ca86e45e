import type { GivenUp, Loss } from '../invoicing/corrections/recovery.ts'
import type { Invoice } from '../invoicing/invoice.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'

export type MatchRule =
  | 'strong_evidence'
  | 'structured_reference'
  | 'invoice_number'
  | 'several_invoice_numbers'
  | 'known_payer'
  | 'unapplied'

/** What the matcher knows of an invoice; `open` is what is still owed, zero for a paid one. */
export type Candidate = {
  id: string
  number: string
  paymentReference: string
  customerRef: string
  contractRef: string
  currency: string
  issueDate: LocalDate
  origin?: Invoice['origin']
  open: Minor
  /** What was written off of it, and can still be recovered; it counts as open to money that comes late. */
  lost?: Lost | undefined
  /** What its seller lets go if all the rest is paid in time; of one that is partly settled, nothing. */
  discount?: EarlyDiscount | undefined
}

/** `tax` is the part of it that is tax; `until` is the last day. */
type EarlyDiscount = { amount: Minor; tax: Minor; until: LocalDate }

export type Lost = Loss & { givenUp: readonly GivenUp[] }

export type Evidence = {
  amount: Minor
  currency: string
  /** When the money came in. */
  receivedOn?: LocalDate | undefined
  /** Everything the payer wrote, in any form. */
  reference: string
  /** The invoice that the rail itself names: the processor's metadata, or a deposit address. */
  invoiceId?: string | undefined
  /** The one customer who paid from this account before. */
  payerCustomerRef?: string | undefined
  /** How much less than what is open is taken as enough: what banks keep on the way. */
  tolerance?: Tolerance | undefined
}

/** The smaller of an amount and a share of what is open, so that 25.00 never swallow an invoice of 30.00. */
export type Tolerance = { amount: Minor; percent: string }

export type Match = {
  rule: MatchRule
  /** For people in finance: which evidence decided, and what it did to the invoice. */
  explanation: string
  allocations: { invoiceId: string; amount: Minor }[]
  /** What the payer's bank kept of it, where that is within the tolerance: the seller bears it. */
  fee?: { invoiceId: string; amount: Minor } | undefined
  /** What was agreed to be let go for paying early, where the payment is short by just that, and in time. */
  discount?: { invoiceId: string; amount: Minor } | undefined
  /** Whose money it is; the part that no allocation takes is then this customer's credit. */
  customerRef: string | null
}

/** What money may still settle of an invoice: what is open, and what was given up. */
export const owedOf = ({ open, lost }: Pick<Candidate, 'open' | 'lost'>): Minor =>
  (open > 0n ? open : 0n) + (lost?.amount ?? 0n)
