import { addDays, type Instant, type LocalDate } from '../../kernel/calendar.ts'
import type { Contract, ContractTerms } from '../contract.ts'
import { boundaryFrom, closeInstant } from '../periods/schedule.ts'
import { paidFrom } from '../periods/trial.ts'
import { dateAt, instantOf } from '../periods/zone.ts'
import { boundaryOn } from './amendment.ts'
import { isInAdvance } from './change-date.ts'

/** When a change on a day inside a cycle can be billed alone: on the day, once the fees of the cycle are billed. */
export function changeInstant(terms: ContractTerms, day: LocalDate): Instant {
  const cycleNo = boundaryFrom(terms, addDays(day, 1))
  return Math.max(instantOf(terms, day), closeInstant(terms, cycleNo - 1))
}

/**
 * When the next change inside a cycle of a contract is billed by an invoice of its own: one that was asked for, the end of
 * a trial, or a day of usage that is charged as it happens. Null where the boundaries bill it all.
 */
export function billsChangeAfter(
  { terms, billsChangeAt = null }: Pick<Contract, 'terms' | 'billsChangeAt'>,
  now: Instant,
): Instant | null {
  const asked = billsChangeAt === null ? [] : [billsChangeAt]
  const days = [...trialEnds(terms), ...dayAfter(terms, now)]
  const moments = [...asked, ...days.map((day) => changeInstant(terms, day))]
  const ahead = moments.filter((at) => at > now)
  return ahead.length === 0 ? null : Math.min(...ahead)
}

/** The next day on which usage that is charged as it happens is billed: the one after that of the instant. */
function dayAfter(terms: ContractTerms, now: Instant): LocalDate[] {
  if (!terms.products.some(({ bill }) => bill === 'advance')) return []
  const isAhead = now < instantOf(terms, terms.start_date)
  const day = addDays(isAhead ? terms.start_date : dateAt(terms, now), 1)
  return terms.end_date === null || day < terms.end_date ? [day] : []
}

/** The first moment of a contract in force. */
export const firstChangeBilling = (terms: ContractTerms): Instant | null =>
  billsChangeAfter({ terms }, Number.NEGATIVE_INFINITY)

/** The days inside cycles on which fees in advance begin to be paid. */
const trialEnds = (terms: ContractTerms): LocalDate[] =>
  terms.products
    .filter((product) => product.trial_end_date !== undefined && isInAdvance(product))
    .map((product) => paidFrom(terms, product))
    .filter(
      (day) => boundaryOn(terms, day) === undefined && (terms.end_date === null || day < terms.end_date),
    )
