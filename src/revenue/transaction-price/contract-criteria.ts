import type { LocalDate } from '../../kernel/calendar.ts'
import { compare, type Rational } from '../../kernel/rational.ts'
import type { Framework, RevenuePolicy } from '../policy.ts'
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

/** Step 1 as it is judged from a day on; under one framework alone where it is named. */
export type CriteriaJudgement = { from: LocalDate; facts: ContractFacts; framework?: Framework }

/** Days on which there is no contract, half-open; `until` is absent while that lasts. */
export type UnmetSpan = { from: LocalDate; until?: LocalDate }

/** `isContract` is what the latest judgement says. */
export type ContractTest = { isContract: boolean; unmet: UnmetSpan[]; reasons: Reason[] }

/**
 * On which days there is a contract with a customer. On the others nothing becomes revenue, and what the customer pays is
 * owed back as a deposit (ASC 606-10-25-7 and 25-8, IFRS 15.15 and 15.16). Criteria that are not met are judged again
 * until they are (25-6, 15.14), and those that were met where facts change significantly (25-5, 15.13). Judgements come in
 * the order in which they were made: of those for one day the last holds. Before the first one all is held to be met.
 *
 * @example 60 % in January and 90 % from 1 April on: under ASC 606 unmet from 1 January until 1 April, under IFRS 15 never
 */
export function testContract(judgements: readonly CriteriaJudgement[], policy: RevenuePolicy): ContractTest {
  const held = judgements
    .filter(({ framework }) => framework === undefined || framework === policy.framework)
    .toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
    .filter(({ from }, place, all) => all[place + 1]?.from !== from)
  const unmet: UnmetSpan[] = []
  let failed: string[] = []
  for (const { from, facts } of held) {
    const before = failed
    failed = failuresOf(facts, policy)
    if (before.length === 0 && failed.length > 0) unmet.push({ from })
    if (before.length > 0 && failed.length === 0) unmet.push({ ...unmet.pop()!, until: from })
  }
  return { isContract: failed.length === 0, unmet, reasons: reasonsOf(failed, unmet) }
}

/** The span that a day lies in. */
export const unmetOn = (unmet: readonly UnmetSpan[], day: LocalDate): UnmetSpan | undefined =>
  unmet.find(({ from, until }) => from <= day && (until === undefined || day < until))

export const isUnmetOn = (unmet: readonly UnmetSpan[], day: LocalDate): boolean =>
  unmetOn(unmet, day) !== undefined

function reasonsOf(failed: readonly string[], unmet: readonly UnmetSpan[]): Reason[] {
  const past = unmet.flatMap(({ from, until }) => (until === undefined ? [] : [caughtUp(from, until)]))
  if (failed.length === 0) return [MET, ...past]
  return [
    reason('contract_criteria', `There is no contract: ${failed.join('; ')}.`),
    reason('deposit', 'What the customer pays is a deposit liability until the criteria are met.'),
    ...past,
  ]
}

const MET = reason('contract_criteria', 'The criteria for a contract are met.')

const caughtUp = (from: LocalDate, until: LocalDate): Reason =>
  reason(
    'reassessed',
    `From ${from} on they were not met; what was performed until ${until} is revenue of that day.`,
  )

/** Which criteria are not met. "Probable" is the word of both standards for collection, and means more in US GAAP. */
const failuresOf = (facts: ContractFacts, policy: RevenuePolicy): string[] =>
  [
    facts.approved === false && 'the parties have not approved it',
    facts.rightsIdentified === false && 'the rights of each party cannot be identified',
    facts.paymentTermsIdentified === false && 'the payment terms cannot be identified',
    facts.commercialSubstance === false && 'it has no commercial substance',
    isDoubtful(facts, policy) && 'collection is not probable',
  ].filter((failure) => failure !== false)

const isDoubtful = ({ collectionProbability }: ContractFacts, policy: RevenuePolicy): boolean =>
  collectionProbability !== undefined &&
  // IFRS asks for more likely than not: exactly even is not enough there.
  (policy.framework === 'IFRS15'
    ? compare(collectionProbability, policy.collectibilityThreshold) <= 0
    : compare(collectionProbability, policy.collectibilityThreshold) < 0)
