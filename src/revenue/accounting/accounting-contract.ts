import type { ContractTerms } from '../../contracts/contract.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import type { Basis, PinnedProduct } from './coverage.ts'
import type { Fact } from './facts.ts'
import type { SspBook } from './ssp-book.ts'

/** The terms of a contract from a day on, and when they were written. */
export type TermsVersion = {
  version: number
  effectiveDate: LocalDate
  terms: ContractTerms
  createdAt: number
}

/** One signed contract of an accounting contract. */
export type Member = {
  contractRef: string
  /** From the signed one on, in their order. */
  versions: readonly [TermsVersion, ...TermsVersion[]]
  products: ReadonlyMap<string, PinnedProduct>
  basis: Basis
  /** Products whose fees are revenue by the plan. */
  covers: readonly string[]
}

/** All the facts of one accounting contract: its plan is a pure function of them. */
export type AccountingContract = {
  /** The ref of its first contract. */
  ref: string
  currency: string
  rounding: 'half_up' | 'half_even'
  /** The first is the one that it is named by; several where contracts were negotiated together. */
  members: readonly [Member, ...Member[]]
  /** All versions of the entity's book, in their order. */
  books: readonly SspBook[]
  /** In the order in which they were stated. */
  facts: readonly Fact[]
}
