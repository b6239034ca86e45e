import { compare, type Rational } from '../../kernel/rational.ts'
import type { RevenuePolicy } from '../policy.ts'
import { type Reason, reason } from '../reason.ts'

/** Step 1 as facts: each criterion of ASC 606-10-25-1 (IFRS 15.9). What is not stated is held to be met. */
export type ContractFacts = {
  approved?: boolean
  rightsIdentified?: boolean
  paymentTermsIdentified?: boolean
  commercialSubstance?: boolean
  /** How likely it is that substantially all of the consideration will be collected, from 0 to 1. */
  collectionProbability?: Rational
}

export type ContractTest = { isContract: boolean; reasons: Reason[] }

/**
 * Whether there is a contract with a customer. Where there is none, nothing is revenue and what the customer pays is
 * owed back as a deposit (ASC 606-10-25-7 and 25-8, IFRS 15.15 and 15.16). "Probable" is the word of both standards
 * for collection and means a higher threshold in US GAAP.
 */
export function testContract(facts: ContractFacts, policy: RevenuePolicy): ContractTest {
  const failed = [
    facts.approved === false && 'the parties have not approved it',
    facts.rightsIdentified === false && 'the rights of each party cannot be identified',
    facts.paymentTermsIdentified === false && 'the payment terms cannot be identified',
    facts.commercialSubstance === false && 'it has no commercial substance',
    isDoubtful(facts, policy) && 'collection is not probable',
  ].filter((failure) => failure !== false)
  if (failed.length === 0) {
    return {
      isContract: true,
      reasons: [reason('contract_criteria', 'The criteria for a contract are met.')],
    }
  }
  return {
    isContract: false,
    reasons: [
      reason('contract_criteria', `There is no contract: ${failed.join('; ')}.`),
      reason('deposit', 'What the customer pays is a deposit liability until the criteria are met.'),
    ],
  }
}

const isDoubtful = ({ collectionProbability }: ContractFacts, policy: RevenuePolicy): boolean =>
  collectionProbability !== undefined &&
  // IFRS asks for more likely than not: exactly even is not enough there.
  (policy.framework === 'IFRS15'
    ? compare(collectionProbability, policy.collectibilityThreshold) <= 0
    : compare(collectionProbability, policy.collectibilityThreshold) < 0)
