import type { AccountRole } from '../ledger/account.ts'
import type { Dimensions } from '../ledger/journal-entry.ts'
import { sellsCredit } from './charges/credit-sale.ts'
import type { Invoice, InvoiceLine } from './invoice.ts'

/** What postings say of the invoice that they belong to. */
export const dimensionsOf = ({ id, customerRef, contractRef }: Invoice) => ({
  customerRef,
  contractRef,
  invoiceId: id,
})

/**
 * Where what is billed for a line stands until it is earned: in the position of its contract, and what sells credit as
 * the customer's credit, which pays under any contract.
 */
export const lineAccount = (invoice: Invoice, line: InvoiceLine): [AccountRole, Dimensions] =>
  sellsCredit(line)
    ? ['customer_credit', { customerRef: invoice.customerRef }]
    : ['contract_position', { ...dimensionsOf(invoice), productRef: line.productRef }]
