import { instantOf } from '../../contracts/periods/zone.ts'
import { burn, walletAfter } from '../../credits/burn.ts'
import { burnEntries } from '../../credits/credit-entry.ts'
import { type Draw, drawCredit } from '../../credits/draw.ts'
import type { GrantState, Moved } from '../../credits/movement.ts'
import { derivedId } from '../../kernel/id.ts'
import { type Minor, parseMoney, sum } from '../../kernel/money.ts'
import type { JournalEntry } from '../../ledger/journal-entry.ts'
import type { Charge } from '../charges/charge.ts'
import { sellsCredit } from '../charges/credit-sale.ts'
import type { Invoice, InvoiceLine } from '../invoice.ts'
import type { Allocation } from '../settlement.ts'
import type { CustomerCredit } from './agreed-assembly.ts'
import { type CreditPart, partsOfUse } from './credit-part.ts'
import { assembleInvoice, type InvoiceBasis } from './invoice-assembly.ts'
import { type OpenService, openServices, wholeLines } from './open-service.ts'

/** What one invoice is made of. */
export type InvoiceParts = { charges: readonly Charge[]; productRef: string }

/** Invoices, the credit that they use, and what is left of it. */
export type CreditedInvoices = { invoices: Invoice[]; burnt: BurntCredit[]; wallet: GrantState[] }
/** What an invoice used of a grant; `parts` where that changes the price of its lines. */
export type BurntCredit = { invoice: Invoice; moved: Moved; parts: CreditPart[] }

/** Makes invoices one after the other; each finds what the ones before have left of the customer's credit. */
export function invoicesWithCredit(
  basis: InvoiceBasis,
  parts: readonly InvoiceParts[],
  wallet: readonly GrantState[],
  nextSequence: number,
): CreditedInvoices {
  const made: CreditedInvoices = { invoices: [], burnt: [], wallet: [...wallet] }
  for (const [place, part] of parts.entries()) {
    const { invoice, burnt } = invoiceWithCredit(basis, part, made.wallet, nextSequence + place)
    made.invoices.push(invoice)
    made.burnt.push(...burnt)
    made.wallet = walletAfter(
      made.wallet,
      burnt.map(({ moved }) => moved),
    )
  }
  return made
}

/**
 * Makes one invoice: credit before tax pays for what discounts have left, and credit after tax for the total. What each
 * grant may pay is decided line by line, so that a grant for one product never pays for another.
 */
function invoiceWithCredit(
  basis: InvoiceBasis,
  { charges, productRef }: InvoiceParts,
  wallet: readonly GrantState[],
  sequence: number,
): { invoice: Invoice; burnt: BurntCredit[] } {
  const assembled = (draws: readonly Draw[]) =>
    assembleInvoice({ ...basis, credits: asCredits(draws) }, charges, productRef, sequence)
  const plain = assembled([])
  if (wallet.length === 0) return { invoice: plain, burnt: [] }
  const untaxed = wallet.filter(({ grant }) => grant.beforeTax)
  const wanted = drawCredit(untaxed, billedOf(basis, plain, wholeLines(plain.lines, priceOf)))
  // Where taxed corrections are all that credit for other lines would leave, the tax given back would be below zero.
  const before = assembled(wanted).total < 0n ? [] : wanted
  const taxed = before.length > 0 ? assembled(before) : plain
  const money = wallet.filter(({ grant }) => !grant.beforeTax)
  const services = openServices(taxed.lines, (line) => grossOf(line, taxed.currency))
  const draws = [...before, ...drawCredit(money, billedOf(basis, taxed, services))]
  const invoice = draws.length > 0 ? assembled(draws) : plain
  const burnt = burn(draws, invoice.id, invoice.issuedAt).map((moved, place) => {
    const { state, parts: paid } = draws[place]!
    const paidFor = state.grant.beforeTax ? wholeLines(invoice.lines, priceOf) : services
    return { invoice, moved, parts: partsOfUse(moved, paidFor, paid, invoice) }
  })
  return { invoice, burnt }
}

/** What settles an invoice: credit before tax has lowered it already. */
export const creditAllocations = (burnt: readonly BurntCredit[]): Allocation[] =>
  burnt
    .filter(({ moved }) => !moved.state.grant.beforeTax)
    .map(({ invoice, moved: { movement, state } }) => ({
      id: derivedId('alc', movement.id),
      kind: 'credit',
      paymentId: null,
      grantId: movement.grantRef,
      creditNoteId: null,
      invoiceId: invoice.id,
      amount: movement.amount,
      reverses: null,
      rule: 'credit',
      explanation: `Credit of the customer: ${state.grant.name}`,
      actor: movement.actor,
      createdAt: movement.at,
    }))

export const creditEntries = (burnt: readonly BurntCredit[]): JournalEntry[] =>
  burnt.flatMap(({ invoice, moved, parts }) => burnEntries(moved, invoice, parts))

/** Kinds of lines whose service is over when they are billed. */
const USAGE: ReadonlySet<InvoiceLine['kind']> = new Set(['usage', 'usage_adjustment', 'true_up'])

/** Credit before tax lowers all lines alike, as a discount does; where some of it is for some lines only, line by line. */
function asCredits(draws: readonly Draw[]): CustomerCredit[] {
  const byLine = draws.some(({ state, isWhole }) => state.grant.beforeTax && !isWhole)
  return draws.map(({ state: { grant }, amount, parts }) => ({
    ref: grant.ref,
    name: grant.name,
    amount,
    beforeTax: grant.beforeTax,
    ...(byLine && grant.beforeTax && { parts }),
  }))
}

const billedOf = (
  { contract }: InvoiceBasis,
  { lines, currency, issuedAt }: Invoice,
  services: readonly OpenService[],
) => ({
  contractRef: contract.ref,
  currency,
  issuedAt,
  lines: services.map(({ place, open }) => {
    const line = lines[place]!
    return {
      productRef: line.productRef,
      serviceStart: instantOf(contract.terms, line.serviceStart),
      isUsage: USAGE.has(line.kind),
      sellsCredit: sellsCredit(line),
      open,
    }
  }),
})

/** What discounts leave of a line's price. */
const priceOf = ({ amount, discount }: InvoiceLine): Minor => amount - discount

/** What the customer pays for a line, with all its taxes. */
const grossOf = ({ netAmount, taxes }: InvoiceLine, currency: string): Minor =>
  netAmount + sum(taxes.map(({ tax }) => parseMoney(tax, currency) ?? 0n))
