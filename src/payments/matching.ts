import type { LocalDate } from '../kernel/calendar.ts'
import { formatMoney, type Minor, sum } from '../kernel/money.ts'
import { compare, decimal, divide, multiply, rational } from '../kernel/rational.ts'
import { searchable, standingIn } from './token-search.ts'

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
  open: Minor
  /** What was written off of it, and can still be recovered; it counts as open to money that comes late. */
  lost?: LostPart | undefined
  /** What its seller lets go if all the rest is paid in time; of one that is partly settled, nothing. */
  discount?: EarlyDiscount | undefined
}

/** `tax` is the part of it that is tax; `until` is the last day. */
type EarlyDiscount = { amount: Minor; tax: Minor; until: LocalDate }

/** `tax` is the tax on the whole of it that the tax office gave back. */
type LostPart = { amount: Minor; tax: Minor }

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

/**
 * Decides which invoices a payment settles: the first rung of the ladder that gives one answer decides, and where
 * none does, the money stays unapplied for a person to look at. A wrong match costs more than a late one, so an amount
 * alone, or a name alone, never decides. Never allocates more than the payment, nor more than an invoice has open.
 *
 * @example matchPayment({ amount: 5000n, currency: 'EUR', reference: 'rf98 inv2 0260 0012 3' }, candidates)
 */
export function matchPayment(evidence: Evidence, candidates: readonly Candidate[]): Match {
  const strong = candidates.filter((invoice) => invoice.id === evidence.invoiceId)
  if (strong.length > 0) return settle('strong_evidence', evidence, strong)

  const text = searchable(evidence.reference)
  const referenced = standingIn(text, candidates, (invoice) => invoice.paymentReference)
  if (referenced.length > 0) return settle('structured_reference', evidence, referenced)

  const numbered = standingIn(text, candidates, (invoice) => invoice.number)
  if (numbered.length > 0) return settle('invoice_number', evidence, numbered)

  return matchPayer(evidence, candidates)
}

const INTRODUCTIONS = {
  strong_evidence: 'The payment was made for this very invoice',
  structured_reference: 'The payment carries the creditor reference of the invoice',
  invoice_number: 'The payment names the invoice by its number',
  several_invoice_numbers: 'The payment names several invoices, and their open amounts add up to it',
  known_payer: 'The account has paid for this customer before, and one open invoice has exactly this amount',
}

/** The invoices that the evidence points to: one takes what it has open, several only their exact sum. */
function settle(rule: keyof typeof INTRODUCTIONS, evidence: Evidence, named: readonly Candidate[]): Match {
  const numbers = named.map((invoice) => invoice.number).join(', ')
  const foreign = named.find((invoice) => invoice.currency !== evidence.currency)
  if (foreign) {
    return unapplied(`Invoice ${foreign.number} is in ${foreign.currency}, but ${evidence.currency} arrived.`)
  }
  const [first, second] = named
  if (new Set(named.map((invoice) => invoice.customerRef)).size > 1) {
    return unapplied(`The payment names invoices of different customers: ${numbers}.`)
  }
  const owed = named.filter((invoice) => owedOf(invoice) > 0n)
  if (owed.length > 1) return settleExactSum(evidence, owed)
  const invoice = owed[0] ?? (second ? undefined : first)
  if (!invoice) return unapplied(`The payment names invoices that are all paid already: ${numbers}.`)
  return settleOne(rule, evidence, invoice)
}

function settleOne(rule: keyof typeof INTRODUCTIONS, evidence: Evidence, invoice: Candidate): Match {
  const open = owedOf(invoice)
  const applied = evidence.amount < open ? evidence.amount : open
  const discount = discountTaken(evidence, open, invoice)
  const fee = discount > 0n ? 0n : feeWithin(evidence, open, invoice)
  return {
    rule,
    explanation: `${INTRODUCTIONS[rule]}: ${invoice.number}. ${effectOf(evidence, open, { fee, discount })}`,
    allocations: applied > 0n ? [{ invoiceId: invoice.id, amount: applied }] : [],
    ...(discount > 0n && { discount: { invoiceId: invoice.id, amount: discount } }),
    ...(fee > 0n && { fee: { invoiceId: invoice.id, amount: fee } }),
    customerRef: invoice.customerRef,
  }
}

/** What money may still settle of an invoice: what is open, and what was given up. */
export const owedOf = ({ open, lost }: Pick<Candidate, 'open' | 'lost'>): Minor =>
  (open > 0n ? open : 0n) + (lost?.amount ?? 0n)

/** The missing part of a payment, where it is exactly the discount for paying early, and the money came in time. */
function discountTaken({ amount, receivedOn }: Evidence, open: Minor, { discount }: Candidate): Minor {
  if (!discount || receivedOn === undefined || receivedOn > discount.until) return 0n
  return open - amount === discount.amount ? discount.amount : 0n
}

/** The missing part of a payment that is short by no more than the tolerance; of what was written off, nothing. */
function feeWithin({ amount, tolerance }: Evidence, open: Minor, { lost }: Candidate): Minor {
  const missing = open - amount
  if (!tolerance || missing <= 0n || lost) return 0n
  const share = multiply(rational(open), divide(decimal(tolerance.percent), rational(100n)))
  const isWithin = missing <= tolerance.amount && compare(rational(missing), share) <= 0
  return isWithin ? missing : 0n
}

function effectOf(
  { amount, currency }: Evidence,
  open: Minor,
  { fee, discount }: { fee: Minor; discount: Minor },
): string {
  const money = (minor: Minor) => `${formatMoney(minor, currency)} ${currency}`
  if (open === 0n) return `It is paid already, so ${money(amount)} are kept as the customer's credit.`
  if (discount > 0n)
    return `${money(amount)} settle it in full: ${money(discount)} less is the discount for paying early.`
  if (fee > 0n)
    return `${money(amount)} settle it in full: ${money(fee)} less is within the tolerance for bank fees.`
  if (amount < open) return `${money(amount)} of ${money(open)} open are paid.`
  if (amount === open) return `${money(amount)} settle it in full.`
  return `${money(open)} settle it in full, and ${money(amount - open)} are kept as the customer's credit.`
}

function settleExactSum({ amount, currency }: Evidence, owed: readonly Candidate[]): Match {
  const total = sum(owed.map(owedOf))
  const numbers = owed.map((invoice) => invoice.number).join(', ')
  if (total !== amount) {
    return unapplied(
      `The payment names ${numbers}, which have ${formatMoney(total, currency)} ${currency} open together; ` +
        `${formatMoney(amount, currency)} arrived, and nothing says for which of them.`,
    )
  }
  return {
    rule: 'several_invoice_numbers',
    explanation: `${INTRODUCTIONS.several_invoice_numbers}: ${numbers}.`,
    allocations: owed.map((invoice) => ({ invoiceId: invoice.id, amount: owedOf(invoice) })),
    customerRef: owed[0]?.customerRef ?? null,
  }
}

function matchPayer(evidence: Evidence, candidates: readonly Candidate[]): Match {
  const { amount, currency, payerCustomerRef } = evidence
  if (!payerCustomerRef)
    return unapplied('No reference, invoice number or known account leads to an invoice.')
  const equal = candidates.filter(
    (invoice) =>
      invoice.customerRef === payerCustomerRef && invoice.currency === currency && invoice.open === amount,
  )
  const [only, another] = equal
  if (only && !another) return settleOne('known_payer', evidence, only)
  const why = another ? `${equal.length} of its open invoices have` : 'none of its open invoices has'
  return unapplied(
    `The account has paid for customer ${payerCustomerRef} before, but ${why} exactly this amount.`,
  )
}

const unapplied = (explanation: string): Match => ({
  rule: 'unapplied',
  explanation,
  allocations: [],
  customerRef: null,
})
