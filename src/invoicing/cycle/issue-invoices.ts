import type { Contract } from '../../contracts/contract.ts'
import type { CreditGrant } from '../../credits/grant.ts'
import { type GrantState, untouched } from '../../credits/movement.ts'
import type { OutboxRow } from '../../delivery/outbox.ts'
import { derivedId } from '../../kernel/id.ts'
import type { JournalEntry } from '../../ledger/journal-entry.ts'
import { type CreditedInvoices, creditEntries, invoicesWithCredit } from '../assembly/credit-use.ts'
import type { Buyer, InvoiceBasis } from '../assembly/invoice-assembly.ts'
import { soldGrants } from '../charges/credit-sale.ts'
import type { Invoice } from '../invoice.ts'
import type { InvoiceGroup } from './invoice-groups.ts'
import { issueEntries } from './issue-entry.ts'

/** Everything that invoices write when they are issued, the credit that they sell, and what is left of the customer's. */
export type IssuedInvoices = CreditedInvoices & {
  grants: CreditGrant[]
  entries: JournalEntry[]
  effects: OutboxRow[]
}

/** What invoices are issued with: the customer's credit, and the next free number of the seller's series. */
export type IssueWith = { wallet?: readonly GrantState[] | undefined; nextSequence: number }

/**
 * One invoice for each group that has a charge, with its entries and effects. Credit that is good at once pays for the
 * invoices after these.
 */
export function issueInvoices(
  basis: InvoiceBasis,
  groups: readonly InvoiceGroup[],
  { wallet = [], nextSequence }: IssueWith,
): IssuedInvoices {
  const billable = groups.filter((group) => group.charges.length > 0)
  const made = invoicesWithCredit(basis, billable, wallet, nextSequence)
  const grants = made.invoices.flatMap((invoice) => soldGrants(invoice, basis.seller.timezone))
  return {
    ...made,
    wallet: [...made.wallet, ...grants.filter(({ onPayment }) => !onPayment).map(untouched)],
    grants,
    entries: [...made.invoices.flatMap(issueEntries), ...creditEntries(made.burnt)],
    effects: made.invoices.flatMap((invoice) => effectsOf(invoice, basis.contract, basis.buyer)),
  }
}

/** The mail of every invoice; a charge where there is something to pay and a card that may be charged. */
function effectsOf(invoice: Invoice, { terms }: Contract, buyer: Buyer): OutboxRow[] {
  const payload = { invoiceId: invoice.id }
  const dueAt = invoice.issuedAt
  const charges =
    terms.auto_charge && buyer.stripePaymentMethodId !== null && invoice.total > invoice.creditsAmount
  return [
    {
      id: derivedId('out', 'invoice_issued_mail', invoice.id),
      topic: 'invoice_issued_mail',
      payload,
      dueAt,
    },
    ...(charges
      ? [{ id: derivedId('out', 'charge_card', invoice.id), topic: 'charge_card' as const, payload, dueAt }]
      : []),
  ]
}
