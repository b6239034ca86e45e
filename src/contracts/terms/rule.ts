import type { CreditTerms } from '../../catalog/credit-terms.ts'
import type { Metric } from '../../catalog/metric.ts'
import type { ProductKind } from '../../catalog/product.ts'
import { type IsRead, isAllRead } from '../../kernel/partly.ts'
import type { Fault } from '../../kernel/problem.ts'
import type { ContractProduct, ContractTerms } from '../contract.ts'

/** What of a product decides which prices suit it. */
export type SoldProduct = {
  kind: ProductKind
  metric: Metric | null
  grantsCredit?: CreditTerms | null | undefined
}

/** Terms as rules see them. */
export type RuledTerms = ContractTerms & {
  product_refs: readonly string[]
  /** When each product is billed, of those of which that was read. */
  product_spans: readonly ProductSpan[]
}

type ProductSpan = Pick<ContractProduct, (typeof SPAN)[number]> & {
  /** Undefined for one that stands in earlier terms alone. */
  path: string | undefined
}

const SPAN = [
  'product_ref',
  'billing_start_date',
  'billing_end_date',
  'billing_cycle',
  'anchor_date',
] as const

/** What was read of the body that terms were made from, and where in it each of their products stands, if it does. */
export type TermsSource = { isRead: IsRead; paths: readonly (string | undefined)[] }

/** A rule of terms; it speaks only where all that it looks at was read. */
export type TermsRule = { looksAt: readonly (keyof RuledTerms)[]; faultsOf: (terms: RuledTerms) => Fault[] }

/** A rule of one product of the terms; its faults have paths within the product. */
export type ProductRule = {
  looksAt: readonly (keyof RuledTerms)[]
  looksAtProduct: readonly (keyof ContractProduct)[]
  faultsOf: (terms: RuledTerms, product: ContractProduct, sold: SoldProduct) => Fault[]
}

/** A rule is given nothing but what it says that it looks at. */
export const termsRule = <K extends keyof RuledTerms>(
  looksAt: readonly K[],
  faultsOf: (terms: Pick<RuledTerms, K>) => Fault[],
): TermsRule => ({ looksAt, faultsOf })

export const productRule = <K extends keyof RuledTerms, P extends keyof ContractProduct>(
  looksAt: readonly K[],
  looksAtProduct: readonly P[],
  faultsOf: (terms: Pick<RuledTerms, K>, product: Pick<ContractProduct, P>, sold: SoldProduct) => Fault[],
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

/** True where all was read that parts of the terms are made from. */
export const seesTerms = ({ isRead, paths }: TermsSource, parts: readonly (keyof RuledTerms)[]): boolean =>
  parts
    .flatMap((part) => TERMS_FROM[part] ?? [])
    .flatMap((from) => (from.startsWith(EACH) ? inEach(paths, from.slice(EACH.length)) : [from]))
    .every(isRead)

const EACH = 'products.*'

const inEach = (paths: TermsSource['paths'], field: string): string[] =>
  paths.flatMap((path) => (path === undefined ? [] : [path + field]))

/** The same of parts of a product, which stands at a path. */
export const seesProduct = (
  isRead: IsRead,
  parts: readonly (keyof ContractProduct)[],
  path: string,
): boolean => parts.flatMap((part) => PRODUCT_FROM[part] ?? []).every((field) => isRead(`${path}.${field}`))

/** Terms that were sent as they are. */
export const sentWhole = ({ products }: Pick<ContractTerms, 'products'>): TermsSource => ({
  isRead: isAllRead,
  paths: products.map((_, place) => `products.${place}`),
})

export const ruledTerms = (terms: ContractTerms, { isRead, paths }: TermsSource): RuledTerms => ({
  ...terms,
  product_refs: terms.products.map(({ product_ref: ref }) => ref),
  product_spans: terms.products.flatMap((product, place) => {
    const path = paths[place]
    return path === undefined || seesProduct(isRead, SPAN, path) ? [{ ...product, path }] : []
  }),
})
