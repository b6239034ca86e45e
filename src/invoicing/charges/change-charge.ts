import { boundaryDate, lastBoundary } from '../../contracts/periods/schedule.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import { sum } from '../../kernel/money.ts'
import { compare, decimal, isZero, negate, subtract, ZERO } from '../../kernel/rational.ts'
import { type ChangedDays, chargeLine, creditLines } from './change-line.ts'
import type { Charge, ChargeBasis } from './charge.ts'
import { priceKey } from './fee-charge.ts'
import { type FeePeriod, feePeriods } from './fee-period.ts'
import type { FeeStretch } from './fee-stretch.ts'
import {
  type BilledFee,
  covers,
  holds,
  leftOf,
  type PaidPart,
  paidParts,
  partsOf,
  servicePeriodOf,
} from './paid-part.ts'

/**
 * What periods that were billed in advance owe after changes inside these cycles of the contract: a credit line for what
 * was billed and is not due any more, and a charge line for what is due and was not billed, each for the days that are
 * left and rounded once. The terms say what is due and issued lines what was billed, so any chain of changes comes out
 * right, at whatever time it is looked at, and nothing is billed twice. Of a period that goes on after the last of the
 * cycles, what changes after the day on which the next one begins is left to the cycle that it changes in.
 *
 * - Another price: what was billed for the days left is credited, the new price charged.
 * - More seats at the same price: the added ones are charged alone; fewer are credited where the product says so.
 * - What the end of the contract cuts off is credited where the terms say so.
 *
 * Credits of a product never go beyond what was billed for it in the period, less what was credited.
 *
 * @example 10 to 20 on 15 March: −10 × 17/31 = −5.48 and 20 × 17/31 = 10.97
 */
export function changeCharges(
  basis: ChargeBasis,
  cycles: readonly number[],
  billed: readonly BilledFee[],
): Charge[] {
  const last = lastBoundary(basis.terms)
  const latest = Math.max(...cycles)
  if (last !== null && latest > last) return []
  const until = latest === last ? null : boundaryDate(basis.terms, latest)
  return feePeriods(basis, cycles, billed).flatMap((period) => periodChanges(basis, period, billed, until))
}

/**
 * `until` is the day of the boundary: what is due later waits. What begins on it is due in advance, by a change in a
 * period of which something is billed, and as a fee of its own in any other.
 */
function periodChanges(
  basis: ChargeBasis,
  { ref, whole, due }: FeePeriod,
  lines: readonly BilledFee[],
  until: LocalDate | null,
): Charge[] {
  const billed = lines.filter((line) => line.productRef === ref && holds(whole, line.serviceStart))
  const isBegun = billed.length > 0
  const changes: Charge[] = []
  for (const days of partsOf([...due.map(({ service }) => service), ...billed.map(servicePeriodOf)])) {
    if (until !== null && (isBegun ? days.start > until : days.start >= until)) break
    const credits = changes.filter(({ amount }) => amount < 0n)
    const creditable = sum([...billed.map(leftOf), ...credits.map(({ amount }) => amount)])
    const part = { basis, days, whole, creditable }
    const stretch = due.find(({ service }) => covers(service, days))
    const paid = paidParts(
      basis.terms,
      billed.filter((line) => covers(servicePeriodOf(line), days)),
      days,
    )
    changes.push(...partChanges(part, stretch, paid))
  }
  return changes
}

function partChanges(
  part: ChangedDays,
  stretch: FeeStretch | undefined,
  paid: ReadonlyMap<string, PaidPart>,
): Charge[] {
  const key = stretch && priceKey(stretch.agreed)
  const ended = [...paid].filter(([one, { quantity }]) => one !== key && compare(quantity, ZERO) > 0)
  const credits = isGivenBack(part) ? ended.flatMap(([, one]) => creditLines(part, one, one.quantity)) : []
  if (!stretch) return credits
  const same = paid.get(priceKey(stretch.agreed))
  const before = same?.quantity ?? ZERO
  const more = subtract(decimal(stretch.agreed.quantity), before)
  if (compare(more, ZERO) > 0) return [...credits, ...chargeLine(part, stretch, before)]
  if (!same || isZero(more) || !stretch.agreed.credit_removals) return credits
  return [...credits, ...creditLines(part, same, negate(more))]
}

/** What lies after the contract's end is given back where that was agreed. */
const isGivenBack = ({ basis: { terms }, days }: ChangedDays): boolean =>
  terms.end_date === null || days.start < terms.end_date || terms.credits_unused === true
