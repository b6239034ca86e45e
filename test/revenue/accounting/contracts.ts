import type { PriceModel } from '../../../src/catalog/price.ts'
import type { RevenueSettings } from '../../../src/catalog/product.ts'
import type { ContractProduct, ContractTerms } from '../../../src/contracts/contract.ts'
import type { AccountingContract, TermsVersion } from '../../../src/revenue/accounting/accounting-contract.ts'
import { coverageOf, coversOf, type PinnedProduct } from '../../../src/revenue/accounting/coverage.ts'
import type { Fact, FactBody } from '../../../src/revenue/accounting/facts.ts'
import { planContract } from '../../../src/revenue/accounting/plan.ts'
import {
  bookFor,
  type SspBook,
  type SspBundle,
  type SspEntry,
} from '../../../src/revenue/accounting/ssp-book.ts'
import type { Framework } from '../../../src/revenue/policy.ts'
import { termsOf } from '../../support/contract-terms.ts'

/** Accounting contracts for the tests: a contract of 2026, its products, selling prices, later versions and facts. */

export const product = (
  ref: string,
  recognition: PinnedProduct['recognition'],
  revenue: RevenueSettings = {},
  kind: PinnedProduct['kind'] = 'recurring',
): PinnedProduct => ({ ref, name: ref, kind, taxCode: null, recognition, revenue })

export const fee = (
  product_ref: string,
  amount: string,
  more: Partial<ContractProduct> = {},
): ContractProduct => ({
  product_ref,
  model: { type: 'flat', amount, term: 'in_advance' } as PriceModel,
  quantity: '1',
  billing_start_date: null,
  billing_end_date: null,
  ...more,
})

export const terms = (products: ContractProduct[], more: Partial<ContractTerms> = {}): ContractTerms =>
  termsOf(products, { end_date: '2027-01-01', ...more })

export const ssp = (product_ref: string, amount: string, per: SspEntry['per'] = 'month'): SspEntry => ({
  product_ref,
  currency: 'USD',
  per,
  price: { amount },
  method: 'observed',
  evidence: 'Price list of 2026',
})

export const book = (entries: SspEntry[], version = 1, bundles: SspBundle[] = []): SspBook => ({
  version,
  effectiveDate: '2025-01-01',
  entries,
  bundles,
  createdAt: version,
})

type Version = { effectiveDate: string; terms: ContractTerms; createdAt?: number }

type Given = {
  ref?: string
  products: PinnedProduct[]
  versions: [ContractTerms, ...Version[]]
  books?: SspBook[]
  facts?: Fact[]
}

const SIGNED_AT = 1_000

export function accountingContract({
  ref = 'deal',
  products,
  versions: [signed, ...later],
  books = [],
  facts = [],
}: Given): AccountingContract {
  const known = new Map(products.map((one) => [one.ref, one]))
  const first: TermsVersion = {
    version: 1,
    effectiveDate: signed.start_date,
    terms: signed,
    createdAt: SIGNED_AT,
  }
  const { basis } = coverageOf(signed, known, bookFor(books, { date: signed.start_date, knownAt: SIGNED_AT }))
  const covers = coversOf(basis, later.at(-1)?.terms ?? signed, known)
  return {
    ref,
    currency: signed.currency,
    rounding: 'half_up',
    members: [
      {
        contractRef: ref,
        versions: [
          first,
          ...later.map((version, place) => ({
            createdAt: SIGNED_AT + place + 1,
            ...version,
            version: place + 2,
          })),
        ],
        products: known,
        basis,
        covers,
      },
    ],
    books,
    facts,
  }
}

export const fact = (effectiveDate: string, body: FactBody, more: Partial<Fact> = {}): Fact => ({
  contractRef: 'deal',
  effectiveDate,
  body,
  reason: null,
  createdAt: 2_000,
  ...more,
})

/** What is allocated to each obligation after all changes, in minor units. */
export const allocated = (contract: AccountingContract, framework: Framework = 'ASC606') =>
  Object.fromEntries(planContract(contract, framework).obligations.map((own) => [own.key, own.allocated]))

/** Revenue of each month, over all obligations or of one, in minor units. */
export function monthly(contract: AccountingContract, key?: string): Record<string, bigint> {
  const months: Record<string, bigint> = {}
  for (const portion of planContract(contract, 'ASC606').plan.portions) {
    if (key !== undefined && portion.key !== key) continue
    const month = portion.date.slice(0, 7)
    months[month] = (months[month] ?? 0n) + portion.amount
  }
  return months
}
