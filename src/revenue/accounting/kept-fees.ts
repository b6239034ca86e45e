import { boundaryDate, closeInstant } from '../../contracts/periods/schedule.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import type { AccountingContract, Member, TermsVersion } from './accounting-contract.ts'
import { coveredFees } from './member-state.ts'
import type { BilledFees } from './service.ts'

/** True where a version ends the contract earlier, and gives nothing back of what was billed for the days after that. */
const keepsFees = ({ terms: before }: TermsVersion, { terms }: TermsVersion): boolean =>
  terms.end_date !== null &&
  terms.credits_unused !== true &&
  (before.end_date === null || terms.end_date < before.end_date)

/**
 * What a version keeps that ends the contract without giving anything back, in minor units: of the invoices that were due
 * when it was written, the fees for the days that are gone. The customer still pays them, for what was given
 * (606-10-25-13, IFRS 15.21).
 *
 * @example 365.00 for a year ahead, ended after 90 days: 275.00
 */
export function keptFees(
  contract: AccountingContract,
  member: Member,
  before: TermsVersion,
  after: TermsVersion,
): Minor {
  if (!keepsFees(before, after)) return 0n
  const end = after.terms.end_date!
  // The end lies on a boundary only where that one is not invoiced: else the cycle keeps a day.
  const isBilled = ({ boundary }: BilledFees) =>
    boundaryDate(before.terms, boundary) < end && closeInstant(before.terms, boundary) <= after.createdAt
  const billedUnder = (version: TermsVersion): Minor =>
    sum(
      coveredFees(contract, member, version)
        .filter(isBilled)
        .flatMap(({ charges }) => charges.map(({ amount }) => amount)),
    )
  return billedUnder(before) - billedUnder(after)
}
