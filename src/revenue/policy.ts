import { type Rational, type RoundingMode, rational } from '../kernel/rational.ts'

export type Framework = 'ASC606' | 'IFRS15'

/** The framework of an entity's primary book, and the other one where it reports under both. */
export const frameworksOf = (
  choice: Framework | 'both',
): { primary: Framework; secondary: Framework | undefined } =>
  choice === 'both' ? { primary: 'ASC606', secondary: 'IFRS15' } : { primary: choice, secondary: undefined }

/** The judgements and elections that a legal entity makes once, and by which all its contracts are read. */
export type RevenuePolicy = {
  framework: Framework
  rounding: Extract<RoundingMode, 'half_up' | 'half_even'>
  /** Collection must be at least this likely for there to be a contract. */
  collectibilityThreshold: Rational
  /** What was paid without a contract is revenue where the seller has stopped and owes nothing more for it. */
  stoppingEarnsWhatWasPaid: boolean
  /** How certain it must be that an estimate of variable consideration will not be reversed. */
  constraintConfidence: Rational
  /** Where a stated price lies outside the range of stand-alone selling prices. */
  sspOutsideRange: 'nearest_bound' | 'midpoint'
  /** By how much a price may differ from the stand-alone selling price, as a part of it, and still reflect it. */
  separateContractTolerance: Rational
  /** By how much the discount of a bundle may differ from the contract's, and still be substantially the same. */
  bundleTolerance: Rational
  /** Taxes collected for an authority stay out of the price without asking who owes each of them. */
  excludesAllSalesTax: boolean
  /** Shipping after control has passed fulfils the sale and is no promise of its own. */
  shippingIsFulfilment: boolean
  /** Revenue of a renewed licence waits for the renewal period, whenever it was agreed. */
  renewalWaitsForItsPeriod: boolean
  /** No financing component is looked for where payment and transfer lie no further apart. */
  financingExpedientMonths: number
}

const SHARED = {
  rounding: 'half_up',
  // "Highly probable" of IFRS 15.56 and "probable" of 606-10-32-11 are meant to be the same level.
  constraintConfidence: rational(3n, 4n),
  sspOutsideRange: 'nearest_bound',
  separateContractTolerance: rational(0n),
  bundleTolerance: rational(1n, 10n),
  financingExpedientMonths: 12,
} as const

const BY_FRAMEWORK = {
  // "Probable" is likely to occur in US GAAP, and more likely than not in IFRS.
  ASC606: {
    ...SHARED,
    framework: 'ASC606',
    collectibilityThreshold: rational(3n, 4n),
    stoppingEarnsWhatWasPaid: true,
    excludesAllSalesTax: true,
    shippingIsFulfilment: true,
    renewalWaitsForItsPeriod: true,
  },
  IFRS15: {
    ...SHARED,
    framework: 'IFRS15',
    collectibilityThreshold: rational(1n, 2n),
    stoppingEarnsWhatWasPaid: false,
    excludesAllSalesTax: false,
    shippingIsFulfilment: false,
    renewalWaitsForItsPeriod: false,
  },
} satisfies Record<Framework, RevenuePolicy>

/** What an entity may choose for itself: the elections that only one framework knows are not among it. */
export type PolicyChoices = Partial<
  Pick<
    RevenuePolicy,
    'rounding' | 'constraintConfidence' | 'sspOutsideRange' | 'separateContractTolerance' | 'bundleTolerance'
  >
>

/**
 * The policy set of a framework, with an entity's own choices. The two frameworks share one engine; what differs is
 * named here and nowhere else.
 */
export const policyOf = (framework: Framework, choices: PolicyChoices = {}): RevenuePolicy => ({
  ...BY_FRAMEWORK[framework],
  ...choices,
})
