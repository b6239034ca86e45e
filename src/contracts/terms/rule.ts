import type { Metric } from '../../catalog/metric.ts'
import type { ProductKind } from '../../catalog/product.ts'
import type { IsRead } from '../../kernel/partly.ts'
import type { Fault } from '../../kernel/problem.ts'
import type { ContractProduct, ContractTerms } from '../contract.ts'

/** What of a product decides which prices suit it. */
export type SoldProduct = { kind: ProductKind; metric: Metric | null }

/** Terms as rules see them. */
export type RuledTerms = ContractTerms & {
  product_refs: readonly string[]
  product_taxes: readonly ContractProduct['taxes'][]
}

/** A rule of terms; it speaks only where all that it looks at was read. */
export type TermsRule = { looksAt: readonly (keyof RuledTerms)[]; faultsOf: (terms: RuledTerms) => Fault[] }

/** A rule of one product of the terms; its faults have paths within the product. */
export type ProductRule = {
  looksAt: readonly (keyof ContractTerms)[]
  looksAtProduct: readonly (keyof ContractProduct)[]
  faultsOf: (terms: ContractTerms, product: ContractProduct, sold: SoldProduct) => Fault[]
}

/** A rule is given nothing but what it says that it looks at. */
export const termsRule = <K extends keyof RuledTerms>(
  looksAt: readonly K[],
  faultsOf: (terms: Pick<RuledTerms, K>) => Fault[],
): TermsRule => ({ looksAt, faultsOf })

export const productRule = <K extends keyof ContractTerms, P extends keyof ContractProduct>(
  looksAt: readonly K[],
  looksAtProduct: readonly P[],
  faultsOf: (terms: Pick<ContractTerms, K>, product: Pick<ContractProduct, P>, sold: SoldProduct) => Fault[],
): ProductRule => ({ looksAt, looksAtProduct, faultsOf })

/** The terms that cycles lie by. */
export const CYCLE_TERMS = ['start_date', 'end_date', 'anchor_date', 'billing_cycle'] as const

const CYCLES = ['start_date', 'anchor_date', 'alignment', 'billing_cycle']

/**
 * The fields of a body that a part of the terms is made from. What is not named here is nothing where it cannot be read,
 * and no rule finds fault with that.
 */
const TERMS_FROM: { [K in keyof RuledTerms]?: readonly string[] } = {
  currency: ['currency'],
  start_date: ['start_date'],
  end_date: ['end_date'],
  billing_cycle: ['billing_cycle'],
  anchor_date: CYCLES,
  issue_offset_days: [...CYCLES, 'end_date', 'issue_day', 'products'],
  products: ['products'],
  product_refs: ['products.*.product_ref'],
}

const PRODUCT_FROM: { [P in keyof ContractProduct]?: readonly string[] } = {
  product_ref: ['product_ref'],
  model: ['model', 'price_book', 'overrides'],
  modifiers: ['modifiers', 'price_book', 'overrides'],
  billing_start_date: ['billing_start_date'],
  billing_end_date: ['billing_end_date'],
  billing_cycle: ['billing_cycle'],
  anchor_date: ['anchor_date'],
  trial_end_date: ['trial_days', 'trial_end_date', 'billing_start_date'],
}

/** True where all that a rule looks at was read, of a body that has so many products. */
export const seesTerms = (isRead: IsRead, looksAt: readonly (keyof RuledTerms)[], products = 0): boolean =>
  looksAt
    .flatMap((part) => TERMS_FROM[part] ?? [])
    .flatMap((path) => eachOf(path, products))
    .every(isRead)

const eachOf = (path: string, products: number): string[] =>
  path.includes('*')
    ? Array.from({ length: products }, (_, place) => path.replace('*', String(place)))
    : [path]

/** The same of what it looks at in the product at a path. */
export const seesProduct = (
  isRead: IsRead,
  looksAt: readonly (keyof ContractProduct)[],
  at: string,
): boolean => looksAt.flatMap((part) => PRODUCT_FROM[part] ?? []).every((field) => isRead(`${at}.${field}`))
