import type { Contract } from '../contracts/contract.ts'
import { cyclePeriod } from '../contracts/schedule.ts'
import type { Address, BankAccount } from '../customers/customer.ts'
import { addDays, type Instant, type LocalDate, localDate } from '../kernel/calendar.ts'
import { canonicalJson, sha256Hex } from '../kernel/hash.ts'
import { derivedId } from '../kernel/id.ts'
import { formatMoney, type Minor, sum } from '../kernel/money.ts'
import { decimal, divide, rational } from '../kernel/rational.ts'
import { assemble } from './assembly.ts'
import type { Charge } from './charge.ts'
import { creditorReference } from './creditor-reference.ts'
import type { Invoice, InvoiceParties } from './invoice.ts'

/** What an invoice says of its seller, and how the seller's invoices are made. */
export type Seller = {
  ref: string
  legalName: string
  taxId: string | null
  email: string | null
  address: Address
  bankAccounts: BankAccount[]
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

export type InvoiceBasis = { contract: Contract; seller: Seller; buyer: Buyer; now: Instant }

/** Digits of the running number within its series; a longer number simply takes more. */
const SEQUENCE_DIGITS = 6

const CONTRACT_TAX = 'contract'
const HUNDRED = rational(100n)

/**
 * Makes one invoice of charges. The subtotal is the sum of the rounded lines; tax is computed once on that sum and
 * rounded once (EN 16931, BR-CO-17), so 3 × 3.33 at 19 % carry 1.90. `productRef` is empty for a collective invoice.
 */
export function assembleInvoice(
  basis: InvoiceBasis,
  charges: readonly Charge[],
  productRef: string,
  sequence: number,
): Invoice {
  const { contract, seller, buyer, now } = basis
  const { terms, nextCycle: boundary } = contract
  const id = derivedId('inv', contract.ref, boundary, productRef)
  const number = seller.invoiceSeries + String(sequence).padStart(SEQUENCE_DIGITS, '0')
  const issueDate = localDate(now, terms.timezone)
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
    currency: terms.currency,
    issueDate,
    dueDate: addDays(issueDate, terms.net_terms),
    ...billingPeriod(contract),
    netTerms: terms.net_terms,
    ...totals(charges, terms.currency, terms.tax_percent, seller.rounding),
    parties: parties(basis),
    paymentMethods: [...terms.payment_methods],
    paymentReference: creditorReference(number),
    issuedAt: now,
    lines: charges.map((charge, place) => ({
      ...charge,
      id: derivedId('line', id, place + 1),
      position: place + 1,
      taxPercent: terms.tax_percent,
    })),
  }
  return { ...content, contentHash: sha256Hex(canonicalJson(content)) }
}

/** The cycle that was closed; at the contract's start, the one that begins. */
function billingPeriod({ terms, nextCycle }: Contract): { periodStart: LocalDate; periodEnd: LocalDate } {
  const { start, end } = cyclePeriod(terms, Math.max(1, nextCycle))
  return { periodStart: start, periodEnd: end }
}

/** The one rate of the contract on all of its lines. */
function totals(charges: readonly Charge[], currency: string, percent: string, rounding: Seller['rounding']) {
  const { subTotal, totalTax, total, taxes } = assemble({
    lines: charges.map(({ amount }, place) => ({ key: String(place), amount, taxes: [CONTRACT_TAX] })),
    taxes: [{ key: CONTRACT_TAX, rate: divide(decimal(percent), HUNDRED), inclusive: false }],
    taxRounding: 'per_rate',
    discounts: [],
    credits: [],
    rounding,
  })
  return {
    subTotal,
    totalTax,
    total,
    taxes: taxes.map(({ taxable, tax }) => ({
      percent,
      taxable: formatMoney(taxable, currency),
      tax: formatMoney(tax, currency),
    })),
  }
}

/** In minor units. */
export const sumOf = (charges: readonly Charge[]): Minor => sum(charges.map((charge) => charge.amount))

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
