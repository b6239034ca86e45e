import type { LocalDate } from '../../kernel/calendar.ts'
import { type Minor, parseMoney } from '../../kernel/money.ts'
import type { Partly } from '../../kernel/partly.ts'
import { invalid, joined } from '../../kernel/problem.ts'
import type { CycleTerms } from '../periods/schedule.ts'
import { cycleNumbers } from '../preview.ts'

type Asked = { date: LocalDate; paid?: string | undefined; currency: string }

/** What says which period a day lies in. */
const DATED = ['date', 'start_date', 'end_date', 'anchor_date', 'alignment', 'billing_cycle']

/**
 * The period of a change that is asked for, and what was paid for it in minor units, where that is said. Throws
 * `date_out_of_terms` and `amount_too_fine`, the one with the fault of the other; of what was not read nothing is said.
 */
export function placeOfChange(
  terms: CycleTerms,
  { value: { date, paid, currency }, isRead }: Partly<Asked>,
): { n: number; inMinor: Minor | undefined } {
  const [n] = DATED.every(isRead) ? cycleNumbers(terms, date) : [1]
  const isSaid = paid !== undefined && isRead('paid') && isRead('currency')
  const inMinor = isSaid ? parseMoney(paid, currency) : undefined
  const problems = [
    n === undefined ? outOfTerms(date) : [],
    isSaid && inMinor === undefined ? tooFine(currency) : [],
  ].flat()
  if (problems.length > 0 || n === undefined) throw joined(problems)
  return { n, inMinor }
}

const outOfTerms = (date: LocalDate) =>
  invalid('date_out_of_terms', `No period holds ${date}: it is before the start or after the end.`, [
    { path: 'date', message: 'must be a day of the terms' },
  ])

const tooFine = (currency: string) =>
  invalid('amount_too_fine', `"paid" has more decimals than ${currency} has.`, [
    { path: 'paid', message: `must be a whole number of the smallest unit of ${currency}` },
  ])
