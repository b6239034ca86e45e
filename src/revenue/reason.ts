import type { Framework } from './policy.ts'

/** Paragraphs of the two standards for each rule: ASC 606-10 (or as written out) and IFRS 15. */
const PARAGRAPHS = {
  contract_criteria: ['606-10-25-1', '15.9'],
  combination: ['606-10-25-9', '15.17'],
  deposit: ['606-10-25-8', '15.16'],
  reassessed: ['606-10-25-5 and 25-6', '15.13 and 15.14'],
  non_refundable: ['606-10-25-7', '15.15'],
  shipping: ['606-10-25-18B', '15.22'],
  variable_consideration: ['606-10-32-8', '15.53'],
  constraint: ['606-10-32-11', '15.56'],
  sales_tax: ['606-10-32-2A', '15.47'],
  payable_to_customer: ['606-10-32-25', '15.70'],
  financing: ['606-10-32-15 to 32-18', '15.60 to 15.63'],
  relative_ssp: ['606-10-32-31', '15.76'],
  ssp_range: ['606-10-32-33', '15.78'],
  residual: ['606-10-32-34(c)', '15.79(c)'],
  discount: ['606-10-32-36', '15.81'],
  bundle_discount: ['606-10-32-37', '15.82'],
  variable_to_one: ['606-10-32-40', '15.85'],
  price_change: ['606-10-32-42 to 32-44', '15.87 to 15.89'],
  price_change_after_modification: ['606-10-32-45', '15.90'],
  separate_contract: ['606-10-25-12', '15.20'],
  prospective: ['606-10-25-13(a)', '15.21(a)'],
  catch_up: ['606-10-25-13(b)', '15.21(b)'],
  mixed: ['606-10-25-13(c)', '15.21(c)'],
  right_to_invoice: ['606-10-55-18', '15.B16'],
  breakage: ['606-10-55-48', '15.B46'],
  remaining_right_to_invoice: ['606-10-50-14(b)', '15.121(b)'],
  remaining_variable: ['606-10-50-14A', '15.120'],
  remaining_not_included: ['606-10-50-15', '15.122'],
  licence_renewal: ['606-10-55-58C', '15.B61'],
} as const satisfies Record<string, readonly [string, string]>

export type Rule = keyof typeof PARAGRAPHS

/** Why the engine did what it did: a sentence, and the paragraph that it rests on. */
export type Reason = { rule: Rule; text: string }

export const reason = (rule: Rule, text: string): Reason => ({ rule, text })

/** `ASC 606-10-25-12` or `IFRS 15.20`. */
export const paragraphOf = (rule: Rule, framework: Framework): string =>
  framework === 'ASC606' ? `ASC ${PARAGRAPHS[rule][0]}` : `IFRS ${PARAGRAPHS[rule][1]}`
