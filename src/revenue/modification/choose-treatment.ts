import { compare, max, multiply, type Rational, rational, subtract, sum } from '../../kernel/rational.ts'
import type { KnownSsp } from '../allocation/ssp.ts'
import type { RevenuePolicy } from '../policy.ts'
import { type Reason, reason } from '../reason.ts'
import type { Amendment, Treatment } from './amendment.ts'
import { catchesUp, type Scope } from './scope.ts'

export type TreatmentChoice = {
  treatment: Treatment
  /** What the rules choose, also where somebody has judged otherwise. */
  byRule: Treatment
  reasons: Reason[]
}

/**
 * How an amendment is accounted for, from what it does, and why (ASC 606-10-25-10 to 25-13, IFRS 15.18 to 21):
 *
 * 1. It only adds distinct goods or services, at their stand-alone selling prices: a separate contract.
 * 2. What remains is distinct from what was delivered: prospective.
 * 3. What remains is part of obligations already partly satisfied: a cumulative catch-up.
 * 4. Some of it is, some is not: mixed.
 *
 * An override replaces the choice; its reason is kept beside what the rules say.
 */
export function chooseTreatment(amendment: Amendment, scope: Scope, policy: RevenuePolicy): TreatmentChoice {
  const { byRule, reasons } = chosenByRule(amendment, scope, policy)
  const { override } = amendment
  if (!override) return { treatment: byRule, byRule, reasons }
  const said = `Judged to be ${WORDS[override.treatment]} (the rules say ${WORDS[byRule]}): ${override.reason}`
  return { treatment: override.treatment, byRule, reasons: [...reasons, reason(override.treatment, said)] }
}

const WORDS: Record<Treatment, string> = {
  separate_contract: 'a separate contract',
  prospective: 'prospective',
  catch_up: 'a cumulative catch-up',
  mixed: 'mixed',
}

/** The same choice, where the change of the price goes beyond what is left to earn. */
export const sayingThePastChanges = (choice: TreatmentChoice): TreatmentChoice => ({
  ...choice,
  reasons: choice.reasons.map((one) => (one === PROSPECTIVE_SAID ? PAST_SAID : one)),
})

type ByRule = { byRule: Treatment; reasons: Reason[] }

function chosenByRule(amendment: Amendment, scope: Scope, policy: RevenuePolicy): ByRule {
  const credits = chosenForCredits(amendment)
  if (changesNoPromise(amendment)) return credits ?? { byRule: 'prospective', reasons: [NOTHING_SAID] }
  const { byRule, reasons } = chosenForTheRest(amendment, scope, policy)
  return { byRule, reasons: [...reasons, ...(credits?.reasons ?? [])] }
}

function chosenForCredits({ credits }: Amendment): ByRule | undefined {
  if (credits.length === 0) return undefined
  const atOnce = credits.some(({ of }) => of !== 'to_come')
  const ahead = credits.some(({ of }) => of === 'to_come')
  const byRule = atOnce && ahead ? 'mixed' : atOnce ? 'catch_up' : 'prospective'
  if (credits.every(({ amount }) => amount < 0n)) return { byRule, reasons: [RECOVERY_SAID] }
  return { byRule, reasons: [...(atOnce ? [CREDIT_SAID] : []), ...(ahead ? [CREDIT_AHEAD_SAID] : [])] }
}

/** True for an amendment that leaves the rest of the contract as it was; credits apart it does nothing then. */
export const changesNoPromise = ({ adds, changes, removes, priceChange }: Amendment): boolean =>
  adds.length + changes.length + removes.length === 0 && priceChange === 0n

function chosenForTheRest(amendment: Amendment, { open }: Scope, policy: RevenuePolicy): ByRule {
  const addition = judgeAddition(amendment, policy)
  if (addition.isSeparate) return { byRule: 'separate_contract', reasons: [addition.reason] }
  const partial = open.filter((line) => catchesUp(line, amendment))
  if (partial.length === 0) return { byRule: 'prospective', reasons: [addition.reason, PROSPECTIVE_SAID] }
  const names = partial.map(({ key }) => `"${key}"`).join(', ')
  const said = reason(
    'catch_up',
    `What remains of ${names} is not distinct from what was delivered: price and progress are measured anew, and the difference is booked at once.`,
  )
  return partial.length === open.length + amendment.adds.length
    ? { byRule: 'catch_up', reasons: [addition.reason, said] }
    : { byRule: 'mixed', reasons: [addition.reason, said, MIXED_SAID] }
}

/**
 * Whether it only adds, at prices that reflect stand-alone selling prices: within the entity's tolerance, and for each
 * addition within what the rounding of its fees makes of a price.
 */
function judgeAddition(
  { adds, changes, removes, priceChange }: Amendment,
  { separateContractTolerance }: RevenuePolicy,
): { isSeparate: boolean; reason: Reason } {
  const say = (isSeparate: boolean, text: string) => ({
    isSeparate,
    reason: reason('separate_contract', text),
  })
  if (adds.length === 0)
    return say(false, 'It adds no distinct goods or services, so it is no separate contract.')
  if (changes.length + removes.length > 0) {
    return say(false, 'It also changes what was promised before, so it is no separate contract.')
  }
  const price = rational(priceChange)
  const low = sum(adds.map(({ ssp }) => boundOf(ssp, 'low')))
  const high = sum(adds.map(({ ssp }) => boundOf(ssp, 'high')))
  const beyond = max(subtract(low, price), subtract(price, high))
  const isWithin = compare(beyond, multiply(high, separateContractTolerance)) <= 0
  return isWithin || compare(beyond, rational(BigInt(adds.length))) < 0
    ? say(
        true,
        'It only adds distinct goods or services, and the price rises by their stand-alone selling prices.',
      )
    : say(false, 'It adds distinct goods or services, but not at their stand-alone selling prices.')
}

const boundOf = (ssp: KnownSsp, side: 'low' | 'high'): Rational =>
  ssp.is === 'range' ? ssp[side] : ssp.amount

const PROSPECTIVE_SAID = reason(
  'prospective',
  'What remains is distinct from what was delivered: what is not yet recognised and the change of the price are spread over it. Revenue of the past stays.',
)
const PAST_SAID = reason(
  'prospective',
  'What remains is distinct from what was delivered, and it takes the price as far as it goes: a cut beyond what is left, or what is kept when nothing is left to deliver, changes revenue of what was delivered, at once.',
)
const MIXED_SAID = reason('mixed', 'What else remains is distinct and takes its part prospectively.')
const CREDIT_SAID = reason(
  'price_change',
  'A credit changes the price of service given already: it reduces revenue at once.',
)
const CREDIT_AHEAD_SAID = reason(
  'price_change',
  'A credit for service to come lowers its price from the day on.',
)
const RECOVERY_SAID = reason(
  'price_change',
  'What was written off is paid after all: it is price again, at once for service given already and else from the day on.',
)
const NOTHING_SAID = reason('prospective', 'It changes nothing.')
