import type { TaxReason } from '../../contracts/terms/tax-terms.ts'
import { displayMoney, type Minor, parseMoney } from '../../kernel/money.ts'
import type { Invoice, InvoiceLine, LineTax, TaxLine } from '../invoice.ts'
import type { Settlement } from '../settlement.ts'

export type Labelled = { label: string; value: string }

const REASON_WORDS: Record<TaxReason, string> = {
  reverse_charge: 'reverse charge',
  exempt: 'exempt',
  zero_rated: 'zero rated',
  out_of_scope: 'out of scope',
}

/** What an invoice says where the contract gives no words of its own; the first is that of the VAT directive, art. 226. */
const NOTES: Record<TaxReason, string> = {
  reverse_charge: 'Reverse charge: the recipient owes the tax.',
  exempt: 'Exempt from tax.',
  zero_rated: 'Supply at the zero rate.',
  out_of_scope: 'Outside the scope of tax.',
}

/**
 * The figures from the subtotal down to what is left to pay, each with its name. A tax says what it is on, unless that is
 * the subtotal; what comes off is shown below zero.
 */
export function totalRows(invoice: Invoice, settlement: Settlement): Labelled[] {
  const money = (amount: Minor) => displayMoney(amount, invoice.currency)
  const { beforeTax, afterTax, paid } = creditsOf(invoice, settlement)
  return [
    { label: 'Subtotal', value: money(invoice.subTotal) },
    ...invoice.discounts.map(({ name, percent, amount }) => ({
      label: percent === null ? name : `${name} (${percent}%)`,
      value: money(-minorOf(amount, invoice.currency)),
    })),
    ...beforeTax.map(({ name, amount }) => ({ label: name, value: money(-amount) })),
    ...invoice.taxes.map((tax) => ({
      label: taxLabel(tax, invoice),
      value: money(minorOf(tax.tax, invoice.currency)),
    })),
    { label: 'Total', value: money(invoice.total) },
    ...[
      ...afterTax,
      { name: 'Paid', amount: paid },
      { name: 'Credited', amount: settlement.credited },
      { name: 'Written off', amount: settlement.writtenOff },
      { name: 'Voided', amount: settlement.voided },
    ]
      .filter(({ amount }) => amount !== 0n)
      .map(({ name, amount }) => ({ label: name, value: money(-amount) })),
  ]
}

/** Credit that was used at issue, as long as it settles the invoice, and what was paid besides. */
function creditsOf({ creditsUsed, creditsAmount, currency }: Invoice, { paid }: Settlement) {
  const uses = creditsUsed.map((use) => ({ ...use, amount: minorOf(use.amount, currency) }))
  const stands = paid >= creditsAmount
  return {
    beforeTax: uses.filter((use) => use.before_tax),
    afterTax: stands ? uses.filter((use) => !use.before_tax) : [],
    paid: stands ? paid - creditsAmount : paid,
  }
}

function taxLabel({ name, percent, inclusive, reason, taxable }: TaxLine, invoice: Invoice): string {
  const base = minorOf(taxable, invoice.currency)
  const on = base === invoice.subTotal ? '' : ` on ${displayMoney(base, invoice.currency)}`
  const why = reason === null ? '' : `, ${REASON_WORDS[reason]}`
  return `${name} ${percent}%${on}${why}${inclusive ? ', included' : ''}`
}

/** What must be said of taxes that are not charged, each once. */
export const taxNotes = ({ taxes }: Invoice): string[] => [
  ...new Set(taxes.flatMap(({ note, reason }) => note ?? (reason === null ? [] : NOTES[reason]))),
]

/**
 * What of the totals falls on a line: its share of discounts, and its taxes where not all lines bear the same. A line that
 * sells credit says how much.
 */
export function lineNote({ discount, taxes, sellsCredit }: InvoiceLine, invoice: Invoice): string {
  const words = [
    ...(sellsCredit ? [`${displayMoney(BigInt(sellsCredit.amount), invoice.currency)} of credit`] : []),
    ...(discount === 0n ? [] : [`discount ${displayMoney(-discount, invoice.currency)}`]),
    ...(taxedAlike(invoice) ? [] : [taxes.length === 0 ? 'no tax' : taxes.map(taxWords).join(' + ')]),
  ]
  return words.join(', ')
}

const taxedAlike = ({ lines }: Invoice): boolean =>
  new Set(lines.map(({ taxes }) => taxes.map(taxWords).join())).size < 2

const taxWords = ({ name, percent }: LineTax): string => `${name} ${percent}%`

const minorOf = (text: string, currency: string): Minor => parseMoney(text, currency) ?? 0n
