import { decimal } from '../../kernel/rational.ts'
import { type Framework, frameworksOf, policyOf } from '../policy.ts'
import {
  type CriteriaJudgement,
  testContract,
  type UnmetSpan,
} from '../transaction-price/contract-criteria.ts'
import { type Fact, type FactBody, factsOf } from './facts.ts'

export type CriteriaFact = Pick<Fact<Extract<FactBody, { kind: 'criteria' }>>, 'effectiveDate' | 'body'>

/** Days without a contract, by the books of an entity; `secondary` where it reports under another framework, too. */
export type UnmetDays = { primary: readonly UnmetSpan[]; secondary?: readonly UnmetSpan[] }

/** The judgements of step 1 among the facts of a contract, in the order in which they were stated. */
export const judgementsIn = (facts: readonly Fact[]): CriteriaJudgement[] =>
  factsOf(facts, 'criteria').map(judgementOf)

/** On which days nothing is revenue, book by book; undefined where nothing was ever stated. */
export function unmetDays(
  stated: readonly CriteriaFact[],
  choice: Framework | 'both',
): UnmetDays | undefined {
  if (stated.length === 0) return undefined
  const judgements = stated.map(judgementOf)
  const { primary, secondary } = frameworksOf(choice)
  const unmetBy = (framework: Framework) => testContract(judgements, policyOf(framework)).unmet
  return { primary: unmetBy(primary), ...(secondary && { secondary: unmetBy(secondary) }) }
}

function judgementOf({ effectiveDate, body }: CriteriaFact): CriteriaJudgement {
  const facts = {
    approved: body.approved,
    rightsIdentified: body.rights_identified,
    paymentTermsIdentified: body.payment_terms_identified,
    commercialSubstance: body.commercial_substance,
    collectionProbability:
      body.collection_probability === undefined ? undefined : decimal(body.collection_probability),
  }
  return {
    from: effectiveDate,
    facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)),
    ...(body.framework && { framework: body.framework }),
  }
}
