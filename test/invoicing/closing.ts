import type { PriceModel } from '../../src/catalog/price.ts'
import type { ProductKind } from '../../src/catalog/product.ts'
import type { Contract, ContractTerms } from '../../src/contracts/contract.ts'
import type { BilledUsage, UsageTotal } from '../../src/invoicing/charges/usage-total.ts'
import type { CycleCloseInput } from '../../src/invoicing/cycle/cycle-close.ts'
import type { SealedUsage } from '../../src/usage/sealed-usage.ts'

export const flat = (amount: string, term: 'in_advance' | 'in_arrears' = 'in_advance'): PriceModel => ({
  type: 'flat',
  amount,
  term,
})
export const unit = (unit_amount: string): PriceModel => ({ type: 'unit', unit_amount })

/** 100 units at 0.10, then 900 at 0.05, then 0.01 each. */
export const CALLS: PriceModel = {
  type: 'graduated',
  tiers: [
    { up_to: '100', unit_amount: '0.10', flat_amount: '0' },
    { up_to: '1000', unit_amount: '0.05', flat_amount: '0' },
    { up_to: null, unit_amount: '0.01', flat_amount: '0' },
  ],
}

/** The products that terms may name, each of the kind that its name says. */
const KINDS: Record<string, ProductKind> = {
  calls: 'usage',
  storage: 'usage',
  seats: 'recurring',
  support: 'recurring',
  setup: 'one_time',
}

export const PRODUCTS = new Map(
  Object.entries(KINDS).map(([ref, kind]) => [ref, { ref, name: ref, kind, metric: null }]),
)

const contractOf = (terms: ContractTerms, nextCycle: number): Contract => ({
  ref: 'acme-2026',
  number: 'C-1',
  customerRef: 'acme',
  entityRef: 'seller',
  status: 'active',
  version: 1,
  terms,
  nextCycle,
  nextCloseAt: 0,
  createdAt: 0,
})

export const SELLER: CycleCloseInput['seller'] = {
  ref: 'seller',
  legalName: 'Seller Inc.',
  taxId: 'US-1',
  email: 'billing@seller.test',
  address: { line1: '1 Main St', city: 'New York', zip_code: '10001', country: 'US' },
  bankAccounts: [
    {
      id: 'usd',
      currency: 'USD',
      beneficiary: 'Seller Inc.',
      bank_name: 'First Bank',
      account_number: '12345',
    },
    {
      id: 'eur',
      currency: 'EUR',
      beneficiary: 'Seller Inc.',
      bank_name: 'Erste Bank',
      iban: 'DE89370400440532013000',
    },
  ],
  timezone: 'UTC',
  invoiceSeries: 'INV',
  rounding: 'half_up',
}

export const BUYER: CycleCloseInput['buyer'] = {
  ref: 'acme',
  name: 'ACME',
  legalName: 'ACME GmbH',
  taxId: 'DE123',
  email: 'ap@acme.test',
  address: { line1: 'Hauptstr. 1', city: 'Berlin', zip_code: '10115', country: 'DE' },
  stripePaymentMethodId: null,
}

/** Usage of a cycle; all of it in the month given, or by months. */
export const usage = (productRef: string, byMonth: Record<string, string>) => ({
  productRef,
  quantity: String(Object.values(byMonth).reduce((sum, quantity) => sum + Number(quantity), 0)),
  byMonth,
})

export const sealed = (
  cycleNo: number,
  products: SealedUsage['products'],
  corrections: UsageTotal[] = [],
): SealedUsage => ({ cycleNo, products, corrections })

export const billed = (
  productRef: string,
  cycleNo: number,
  quantity: string,
  byMonth: Record<string, bigint>,
): BilledUsage => ({
  productRef,
  cycleNo,
  quantity,
  byMonth,
  amount: Object.values(byMonth).reduce((sum, amount) => sum + amount, 0n),
})

/** Closes `boundary` on 1 July 2026 at noon. */
export const closing = (
  terms: ContractTerms,
  boundary: number,
  more: Partial<CycleCloseInput> = {},
): CycleCloseInput => ({
  contract: contractOf(terms, boundary),
  seller: SELLER,
  buyer: BUYER,
  products: PRODUCTS,
  sealed: null,
  heldBack: [],
  billed: [],
  nextSequence: 7,
  now: Date.parse('2026-07-01T12:00:00Z'),
  ...more,
})
