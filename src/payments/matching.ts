import { formatMoney, sum } from '../kernel/money.ts'
import { type Candidate, type Evidence, type Match, owedOf } from './match.ts'
import { effectOf, INTRODUCTIONS } from './match-words.ts'
import { discountTaken, feeWithin } from './shortfall.ts'
import { searchable, standingIn } from './token-search.ts'

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
