import type { UsagePolicy } from '../catalog/product.ts'
import type { Framework } from '../revenue/policy.ts'
import { paragraphOf, type Rule } from '../revenue/reason.ts'

/** Usage that a contract sells for days that are still to come. */
export type AgreedUsage = {
  contractRef: string
  framework: Framework
  policy: UsagePolicy
  /** Undefined where nothing was estimated; whether the constraint leaves something of the estimate out. */
  estimate?: { isConstrained: boolean } | undefined
}

/** What is not among the figures, and why. */
export type RemainingNote = {
  framework: Framework
  text: string
  paragraph: string
  /** The contracts that it is about, where something is to be done for them. */
  contract_refs: string[]
}

/**
 * What of usage the figures leave out, and by which relief (ASC 606-10-50-15, IFRS 15.122). The relief for contracts of a
 * year or less (50-14(a), 15.121(a)) is never used.
 */
export const remainingNotes = (usage: readonly AgreedUsage[]): RemainingNote[] =>
  (['ASC606', 'IFRS15'] as const).flatMap((framework) => {
    const own = usage.filter((one) => one.framework === framework)
    const variable = own.filter(({ policy }) => policy === 'variable_allocation')
    const note = (
      isSaid: boolean,
      rule: Rule,
      text: string,
      contract_refs: string[] = [],
    ): RemainingNote[] =>
      isSaid ? [{ framework, text, paragraph: paragraphOf(rule, framework), contract_refs }] : []
    return [
      ...note(own.length > variable.length, 'remaining_right_to_invoice', INVOICED),
      ...(framework === 'ASC606' ? note(variable.length > 0, 'remaining_variable', ELECTED) : []),
      ...(framework === 'IFRS15' ? estimatedNotes(variable, note) : []),
    ]
  })

const INVOICED = 'Usage to come by the right to invoice is left out.'
const ELECTED =
  'Usage to come that is variable consideration of the days of its use alone is left out: an election.'

function estimatedNotes(
  variable: readonly AgreedUsage[],
  note: (isSaid: boolean, rule: Rule, text: string, refs?: string[]) => RemainingNote[],
): RemainingNote[] {
  const without = [...new Set(variable.filter(({ estimate }) => !estimate).map((one) => one.contractRef))]
  return [
    ...note(
      variable.some(({ estimate }) => estimate?.isConstrained),
      'remaining_not_included',
      'Of estimated usage what the constraint leaves out is not among the figures.',
    ),
    ...note(
      without.length > 0,
      'remaining_not_included',
      'Variable consideration of the days of its use alone, of these contracts, was not estimated, and is not among the figures.',
      without,
    ),
  ]
}
