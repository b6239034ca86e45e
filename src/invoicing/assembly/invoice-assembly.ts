import type { Contract } from '../../contracts/contract.ts'
import { cyclePeriod, lastBoundary } from '../../contracts/periods/schedule.ts'
import { dateAt } from '../../contracts/periods/zone.ts'
import type { Address, BankAccount } from '../../customers/customer.ts'
import { addDays, type Instant, type LocalDate } from '../../kernel/calendar.ts'
import { canonicalJson, sha256Hex } from '../../kernel/hash.ts'
import { derivedId } from '../../kernel/id.ts'
import type { Charge } from '../charges/charge.ts'
import { creditorReference } from '../documents/creditor-reference.ts'
import { earlyPaymentOf } from '../early-payment.ts'
import type { Invoice, InvoiceParties } from '../invoice.ts'
import { type AgreedBasis, assembleCharges } from './agreed-assembly.ts'

/** What an invoice says of its seller, and how the seller's invoices are made. */
export type Seller = {
  ref: string
  legalName: string
  taxId: string | null
  email: string | null
  address: Address
  bankAccounts: BankAccount[]
  /** The zone in which its books count days. */
  timezone: string
  invoiceSeries: string
  rounding: 'half_up' | 'half_even'
}

/** What an invoice says of its buyer. */
export type Buyer = {
  ref: string
  name: string
  legalName: string | null
  taxId: string | null
  email: string | null
  address: Address
  stripePaymentMethodId: string | null
}

export type InvoiceBasis = AgreedBasis & {
  contract: Contract
  seller: Seller
  buyer: Buyer
  now: Instant
  /** The place among the invoices of changes inside the cycle; left out for the invoice of a boundary. */
  changeNo?: number | undefined
}

/** Digits of the running number within its series; a longer number simply takes more. */
const SEQUENCE_DIGITS = 6

/**
 * Makes one invoice of charges: discounts, taxes and credits as agreed. By default each tax is computed once on the sum of
 * its lines and rounded once (EN 16931, BR-CO-17), so 3 × 3.33 at 19 % carry 1.90. `productRef` is empty for a collective
 * invoice.
 */
export function assembleInvoice(
  basis: InvoiceBasis,
  charges: readonly Charge[],
  productRef: string,
  sequence: number,
): Invoice {
  const { contract, seller, buyer, now, changeNo } = basis
  const { terms, nextCycle: boundary } = contract
  const ofChange = changeNo === undefined ? [] : ['change', changeNo]
  const id = derivedId('inv', contract.ref, boundary, productRef, ...ofChange)
  const number = seller.invoiceSeries + String(sequence).padStart(SEQUENCE_DIGITS, '0')
  const issueDate = dateAt(terms, now)
  const { totals, lines } = assembleCharges(basis, charges)
  const content = {
    id,
    entityRef: seller.ref,
    series: seller.invoiceSeries,
    sequence,
    number,
    customerRef: buyer.ref,
    contractRef: contract.ref,
    cycleNo: boundary,
    productRef,
    changeNo: changeNo ?? 0,
    currency: terms.currency,
    issueDate,
    dueDate: addDays(issueDate, terms.net_terms),
    ...billingPeriod(contract),
    netTerms: terms.net_terms,
    ...totals,
    ...(terms.early_payment_discount && {
      earlyPayment: earlyPaymentOf(terms.early_payment_discount, issueDate),
    }),
    parties: parties(basis),
    paymentMethods: [...terms.payment_methods],
    paymentReference: creditorReference(number),
    issuedAt: now,
    lines: charges.map(({ discountedAs: _, ...charge }, place) => ({
      ...charge,
      id: derivedId('line', id, place + 1),
      position: place + 1,
      ...lines[place]!,
    })),
  }
  return { ...content, contentHash: sha256Hex(canonicalJson(content)) }
}

/** The cycle that was closed; at the contract's start, the one that begins; after its end, the last one. */
function billingPeriod({ terms, nextCycle }: Contract): { periodStart: LocalDate; periodEnd: LocalDate } {
  const last = lastBoundary(terms) ?? nextCycle
  const { start, end } = cyclePeriod(terms, Math.max(1, Math.min(nextCycle, last)))
  return { periodStart: start, periodEnd: end }
}

const parties = ({ contract, seller, buyer }: InvoiceBasis): InvoiceParties => ({
  ...sidesOf(seller, buyer, contract.terms.currency),
  po_number: contract.terms.po_number,
  contract_number: contract.number,
})

/** Seller and buyer as they are on the day of issue; of the accounts, those that take the currency. */
export const sidesOf = (
  seller: Seller,
  buyer: Buyer,
  currency: string,
): Pick<InvoiceParties, 'seller' | 'buyer'> => ({
  seller: {
    name: seller.legalName,
    tax_id: seller.taxId,
    email: seller.email,
    address: seller.address,
    bank_accounts: seller.bankAccounts.filter((account) => account.currency === currency),
  },
  buyer: {
    name: buyer.legalName ?? buyer.name,
    tax_id: buyer.taxId,
    email: buyer.email,
    address: buyer.address,
  },
})
