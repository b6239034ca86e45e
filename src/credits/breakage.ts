import type { Minor } from '../kernel/money.ts'
import { rational, roundToInteger } from '../kernel/rational.ts'

/**
 * What has been earned of prepaid credit, in minor units and cumulative, where the seller expects that part of it will
 * never be used: that part is earned in proportion to the use of the rest (ASC 606-10-55-48, IFRS 15.B46). Without an
 * estimate credit is earned as it is used, and the unused part when it expires. Never more than was paid; rounded once,
 * half up, on the cumulative amount, so that the portions of a grant add up.
 *
 * @example 1,000.00 paid for 1,000 of which 900 are expected to be used: 450, 300 and 100 used earn 500.00, 333.33 and
 * 111.11, and the end of the grant the last 55.56
 */
export function earnedByUse({ costBasis, used, expectedUse }: CreditUse): Minor {
  const earned = roundToInteger(rational(costBasis * used, expectedUse), 'half_up')
  return earned < costBasis ? earned : costBasis
}

/** `expectedUse` is the whole amount of the grant where nothing is expected to be left. */
type CreditUse = { costBasis: Minor; used: Minor; expectedUse: Minor }
