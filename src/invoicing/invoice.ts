import type { SoldCredit } from '../catalog/credit-terms.ts'
import type { AgreedTax } from '../contracts/terms/tax-terms.ts'
import type { Address, BankAccount } from '../customers/customer.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import type { EarlyPayment } from './early-payment.ts'
import { type Settlement, settledAmount } from './settlement.ts'

/** A row of the arithmetic behind a line, as the customer sees it: one for each tier used. */
export type LineDetail = { description: string; quantity: string; unit_amount: string; amount: string }

/** A tax on the sum of the lines that bear it; amounts in major units. */
export type TaxLine = AgreedTax & { taxable: string; tax: string }

/** What a line bears of a tax. */
export type LineTax = AgreedTax & { tax: string }

/** What a discount took off the lines; `amount` in major units. `percent` is null for a fixed amount. */
export type DiscountUse = { name: string; percent: string | null; amount: string }

/** What an invoice took of a customer's credit; `amount` in major units. */
export type CreditUse = { ref: string; name: string; amount: string; before_tax: boolean }

/** Both sides as they were on the day of issue. */
export type InvoiceParties = {
  seller: {
    name: string
    tax_id: string | null
    email: string | null
    address: Address
    bank_accounts: BankAccount[]
  }
  buyer: { name: string; tax_id: string | null; email: string | null; address: Address }
  po_number: string | null
  contract_number: string
}

/** `change` corrects a fee that was billed in advance, in a cycle inside which the contract has changed. */
export const LINE_KINDS = ['usage', 'usage_adjustment', 'recurring', 'one_time', 'true_up', 'change'] as const

export type InvoiceLine = {
  id: string
  position: number
  kind: (typeof LINE_KINDS)[number]
  productRef: string
  description: string
  serviceStart: LocalDate
  serviceEnd: LocalDate
  serviceCycleNo: number
  quantity: string
  unitAmount: string | null
  /** Names the price of a fee; null or left out for other lines. */
  priceKey?: string | null | undefined
  /** As priced, with what tax the price includes. */
  amount: Minor
  /** Its share of all discounts, and of credits before tax. */
  discount: Minor
  /** `amount − discount`, without included tax: the consideration that becomes revenue. */
  netAmount: Minor
  /** All its rates added up. */
  taxPercent: string
  taxes: LineTax[]
  detail: LineDetail[]
  usageByMonth: Record<string, string>
  /** The prepaid credit that the line sells; null or left out for other lines. */
  sellsCredit?: SoldCredit | null | undefined
}

/** An invoice as issued. */
export type Invoice = {
  id: string
  entityRef: string
  series: string
  sequence: number
  number: string
  customerRef: string
  contractRef: string
  cycleNo: number
  productRef: string
  /** 0 for the invoice of a boundary; else the place among the invoices of changes inside the cycle, from 1. */
  changeNo: number
  currency: string
  issueDate: LocalDate
  dueDate: LocalDate
  periodStart: LocalDate
  periodEnd: LocalDate
  netTerms: number
  /** The lines as priced. */
  subTotal: Minor
  /** Discounts, and credits before tax. */
  totalDiscount: Minor
  discounts: DiscountUse[]
  totalTax: Minor
  total: Minor
  /** Credits after tax, which settle a part of the total at once: allocations made with the invoice. */
  creditsAmount: Minor
  creditsUsed: CreditUse[]
  taxes: TaxLine[]
  /** What paying early takes off; none where nothing was agreed. */
  earlyPayment?: EarlyPayment | null
  parties: InvoiceParties
  paymentMethods: string[]
  paymentReference: string
  contentHash: string
  issuedAt: number
  /** `import`: issued elsewhere, and taken over with what was open of it. */
  origin?: 'import' | null
  lines: InvoiceLine[]
}

export const INVOICE_STATES = ['ISSUED', 'PARTIALLY_PAID', 'PAID', 'VOID', 'UNCOLLECTIBLE'] as const
export type InvoiceState = (typeof INVOICE_STATES)[number]

/**
 * The state is a function of the facts, never a column. An invoice that nothing is open of is paid, also where a credit
 * note took the rest; one that was written off comes back to `PARTIALLY_PAID` only if the write-off is taken back.
 */
export function invoiceState(total: Minor, settlement: Settlement): InvoiceState {
  if (settlement.voided !== 0n) return 'VOID'
  if (settledAmount(settlement) < total) return settlement.paid > 0n ? 'PARTIALLY_PAID' : 'ISSUED'
  return settlement.writtenOff !== 0n ? 'UNCOLLECTIBLE' : 'PAID'
}
