import {
  isDelivered,
  type ProductKind,
  type RecognitionMethod,
  type RevenueSettings,
} from '../../catalog/product.ts'
import type { ContractTerms } from '../../contracts/contract.ts'
import { hasFixedTerm } from './service.ts'
import { entryFor, type SspBook } from './ssp-book.ts'

/** A product as it was set up when a contract was planned with it; later edits of it do not reach the contract. */
export type PinnedProduct = {
  ref: string
  name: string
  kind: ProductKind
  taxCode: string | null
  recognition: RecognitionMethod
  revenue: RevenueSettings
}

/**
 * What the revenue of a contract's fees follows: `ssp`, the price divided by stand-alone selling prices; `stated`, each
 * product at its own price where it is earned by deliveries; `lines`, each invoice line by itself.
 */
export type Basis = 'ssp' | 'stated' | 'lines'

export type Coverage = { basis: Basis; reason: string }

/**
 * Decides at inception how a contract is accounted for. With a fixed term and a stand-alone selling price for each of
 * its fees it is one contract in the sense of the standards. Without, its lines stand at their own prices, which is the
 * same wherever prices are what is charged alone, but for products that are earned by deliveries.
 */
export function coverageOf(
  terms: ContractTerms,
  products: ReadonlyMap<string, PinnedProduct>,
  book: SspBook | undefined,
): Coverage {
  const fixed = soldProducts(terms, products).filter(({ kind }) => kind !== 'usage')
  const isFixed = hasFixedTerm(terms)
  const missing = fixed.filter(
    ({ ref, revenue }) => !revenue.combined_with && !entryFor(book, ref, terms.currency),
  )
  if (isFixed && fixed.length > 0 && missing.length === 0) {
    const reason = `All fees have stand-alone selling prices in version ${book?.version} of the book.`
    return { basis: 'ssp', reason }
  }
  const why = lineReason(isFixed, fixed, missing)
  const delivered = deliveredAmong(fixed.filter(({ kind }) => isFixed || kind === 'one_time'))
  if (delivered.length === 0) return { basis: 'lines', reason: why }
  return { basis: 'stated', reason: `${why} What is earned by deliveries stands at its stated price.` }
}

/** The products whose fees a contract's plan covers by now: an amendment may have brought others. */
export function coversOf(
  basis: Basis,
  terms: ContractTerms,
  products: ReadonlyMap<string, PinnedProduct>,
): string[] {
  if (basis === 'lines') return []
  const fixed = soldProducts(terms, products).filter(({ kind }) => kind !== 'usage')
  const covered =
    basis === 'ssp'
      ? fixed
      : deliveredAmong(fixed.filter(({ kind }) => hasFixedTerm(terms) || kind === 'one_time'))
  return covered.map(({ ref }) => ref)
}

function lineReason(isFixed: boolean, fixed: readonly PinnedProduct[], missing: readonly PinnedProduct[]) {
  if (fixed.length === 0) return 'It has no fees, only usage.'
  if (!isFixed)
    return 'It has no fixed term: either side can end it without penalty (ASC 606-10-25-3, IFRS 15.11).'
  return `There is no stand-alone selling price for ${missing.map(({ ref }) => `"${ref}"`).join(', ')}.`
}

const soldProducts = ({ products: sold }: ContractTerms, products: ReadonlyMap<string, PinnedProduct>) =>
  [...new Set(sold.map(({ product_ref }) => product_ref))].flatMap((ref) => products.get(ref) ?? [])

/** Those that wait for deliveries, and those whose price belongs to one of them. */
function deliveredAmong(fixed: readonly PinnedProduct[]): PinnedProduct[] {
  const waits = new Set(
    fixed.filter(({ recognition, revenue }) => isDelivered(recognition, revenue)).map(({ ref }) => ref),
  )
  return fixed.filter(({ ref, revenue }) => waits.has(ref) || waits.has(revenue.combined_with ?? ''))
}
