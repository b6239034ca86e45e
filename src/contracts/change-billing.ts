import { addDays, type Instant, type LocalDate } from '../kernel/calendar.ts'
import { boundaryOn } from './amendment.ts'
import { isInAdvance } from './change-date.ts'
import type { Contract, ContractTerms } from './contract.ts'
import { boundaryFrom, closeInstant } from './schedule.ts'
import { paidFrom } from './trial.ts'
import { instantOf } from './zone.ts'

/** When a change on a day inside a cycle can be billed alone: on the day, once the fees of the cycle are billed. */
export function changeInstant(terms: ContractTerms, day: LocalDate): Instant {
  const cycleNo = boundaryFrom(terms, addDays(day, 1))
  return Math.max(instantOf(terms, day), closeInstant(terms, cycleNo - 1))
}

/**
 * When the next change inside a cycle of a contract is billed by an invoice of its own: one that was asked for, or the end
 * of a trial. Null where the boundaries bill it all.
 */
export function billsChangeAfter(
  { terms, billsChangeAt = null }: Pick<Contract, 'terms' | 'billsChangeAt'>,
  now: Instant,
): Instant | null {
  const asked = billsChangeAt === null ? [] : [billsChangeAt]
  const moments = [...asked, ...trialEnds(terms).map((day) => changeInstant(terms, day))]
  const ahead = moments.filter((at) => at > now)
  return ahead.length === 0 ? null : Math.min(...ahead)
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
