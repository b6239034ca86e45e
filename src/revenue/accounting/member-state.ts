import { isDelivered } from '../../catalog/product.ts'
import type { AccountingContract, Member, TermsVersion } from './accounting-contract.ts'
import type { Fact } from './facts.ts'
import { type Promised, promisedOf } from './promise.ts'
import { type BilledFees, feesOf, servicesOf } from './service.ts'
import { bookFor, type SspBook } from './ssp-book.ts'

/** What one version of a contract promises, and the selling prices that held when it was agreed. */
export type MemberState = { promised: Promised[]; book: SspBook | undefined }

export function memberState(
  contract: AccountingContract,
  member: Member,
  version: TermsVersion,
): MemberState {
  const charges = coveredFees(contract, member, version).flatMap((fees) => fees.charges)
  const isOne = (ref: string) => {
    const product = member.products.get(ref)
    return product !== undefined && isDelivered(product.recognition, product.revenue)
  }
  const { effectiveDate: date, createdAt: knownAt } = version
  return {
    promised: promisedOf(servicesOf(charges, isOne), member.products, prefixOf(contract, member)),
    book: member.basis === 'ssp' ? bookFor(contract.books, { date, knownAt }) : undefined,
  }
}

/** The fees of the covered products under one version of the terms. */
export const coveredFees = (
  { rounding }: AccountingContract,
  { products, covers }: Member,
  { terms }: TermsVersion,
): BilledFees[] =>
  feesOf({ terms, products, rounding }).map(({ boundary, charges }) => ({
    boundary,
    charges: charges.filter(({ productRef }) => covers.includes(productRef)),
  }))

/** Obligations of contracts that are accounted for together are named with their contract. */
export const prefixOf = (
  { members }: AccountingContract,
  { contractRef }: Pick<Member, 'contractRef'>,
): string => (members.length > 1 ? `${contractRef}/` : '')

export const factsAbout = (
  { facts }: AccountingContract,
  { contractRef }: Pick<Member, 'contractRef'>,
): Fact[] => facts.filter((fact) => fact.contractRef === contractRef)
