import type { Framework } from '../policy.ts'
import type { AccountingContract, Member, TermsVersion } from './accounting-contract.ts'
import { type Basis, coverageOf, coversOf, type PinnedProduct } from './coverage.ts'
import type { Fact } from './facts.ts'
import { bookFor, type SspBook } from './ssp-book.ts'

/** A signed contract as it was last planned; `basis` is null before that. */
export type MemberRow = {
  ref: string
  entityRef: string
  customerRef: string
  currency: string
  basis: Basis | null
  basisReason: string | null
  products: readonly PinnedProduct[]
}

/** The contracts that are accounted for as one, and all that is known of them. */
export type Group<Row extends MemberRow = MemberRow> = {
  ref: string
  members: readonly [GroupMember<Row>, ...GroupMember<Row>[]]
  /** Products as they are set up today. */
  catalogue: ReadonlyMap<string, PinnedProduct>
  books: readonly SspBook[]
  facts: readonly Fact[]
  entity: { rounding: 'half_up' | 'half_even'; timezone: string; framework: Framework | 'both' }
}

export type GroupMember<Row extends MemberRow = MemberRow> = { row: Row; versions: Member['versions'] }

/** How a member is accounted for by now. */
export type Decided = { basis: Basis; basisReason: string; products: PinnedProduct[]; covers: string[] }

/**
 * Decides of each member what its fees follow. That is decided once, when the contract is first planned, as is how each
 * of its products is recognised; an amendment brings only what is added by it.
 */
export const decided = ({ row, versions }: GroupMember, group: Group): Decided => {
  const [signed] = versions
  const products = pinned(row, versions, group.catalogue)
  const known = byRef(products)
  const book = bookFor(group.books, { date: signed.effectiveDate, knownAt: signed.createdAt })
  const { basis, reason } =
    row.basis === null
      ? coverageOf(signed.terms, known, book)
      : { basis: row.basis, reason: row.basisReason ?? '' }
  return { basis, basisReason: reason, products, covers: coversOf(basis, versions.at(-1)!.terms, known) }
}

/** The facts of a group as the pure functions of the standards take them. */
export function contractOf(group: Group): AccountingContract {
  const [first, ...others] = group.members.map((member): Member => {
    const { products, basis, covers } = decided(member, group)
    const { row, versions } = member
    return { contractRef: row.ref, versions, products: byRef(products), basis, covers }
  })
  return {
    ref: group.ref,
    currency: group.members[0].row.currency,
    rounding: group.entity.rounding,
    members: [first!, ...others],
    books: group.books,
    facts: group.facts,
  }
}

function pinned(
  { products }: MemberRow,
  versions: readonly TermsVersion[],
  catalogue: ReadonlyMap<string, PinnedProduct>,
): PinnedProduct[] {
  const known = byRef(products)
  const sold = versions.flatMap(({ terms }) => terms.products.map(({ product_ref }) => product_ref))
  const added = [...new Set(sold)].filter((ref) => !known.has(ref))
  return [...products, ...added.flatMap((ref) => catalogue.get(ref) ?? [])]
}

const byRef = (products: readonly PinnedProduct[]) =>
  new Map(products.map((product) => [product.ref, product]))
