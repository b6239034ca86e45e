import { addMonths, daysBetween, type LocalDate } from '../../kernel/calendar.ts'
import { canonicalJson } from '../../kernel/hash.ts'
import {
  decimal,
  formatDecimal,
  multiply,
  ONE,
  type Rational,
  rational,
  ZERO,
} from '../../kernel/rational.ts'
import type { Commitment, ContractProduct, ContractTerms } from '../contract.ts'
import { billingSpan } from '../periods/billing-span.ts'
import { prorationFactor } from '../periods/proration.ts'
import { boundaryDate, boundaryFrom, lastBoundary } from '../periods/schedule.ts'
import { priceOn } from './price-schedule.ts'

/** Whole cycles that a commitment is held to together, from the `first` to the `last`; dates half-open. */
export type CommitmentWindow = {
  commitment: Commitment
  first: number
  last: number
  start: LocalDate
  end: LocalDate
  /** What part of the amount is committed: less than all where the contract covers a part of the window. */
  factor: Rational
}

const MONTHS_OF_YEAR = 12

/**
 * The window that the n-th cycle belongs to, or undefined where nothing is committed for it. Years are counted from the
 * day on which the commitment began; a cycle belongs to the year in which it begins. What the end of the contract or
 * another commitment cuts off is not committed, by days.
 *
 * @example 12,000 a year from 1 March; a contract that ends on 1 September of the second: 12,000 × 184/365
 */
export function windowOfCycle(terms: ContractTerms, n: number): CommitmentWindow | undefined {
  const begins = boundaryDate(terms, n - 1)
  const all = terms.commitments ?? []
  const place = all.findLastIndex(({ start_date }) => start_date <= begins)
  const commitment = all[place]
  if (!commitment) return undefined
  const next = all[place + 1]
  if (commitment.period === 'cycle') return windowOf(terms, commitment, n, n, undefined)
  const until = next
    ? boundaryFrom(terms, next.start_date)
    : (lastBoundary(terms) ?? Number.POSITIVE_INFINITY)
  const { from, to } = datesOfWindow(terms, commitment, begins)
  return windowOf(
    terms,
    commitment,
    boundaryFrom(terms, from) + 1,
    Math.min(boundaryFrom(terms, to), until),
    to,
  )
}

function datesOfWindow(terms: ContractTerms, commitment: Commitment, date: LocalDate) {
  const { period, start_date: start, end_date: end } = commitment
  if (period === 'contract') return { from: start, to: end ?? terms.end_date ?? date }
  let year = 1
  while (addMonths(start, year * MONTHS_OF_YEAR) <= date) year++
  return {
    from: addMonths(start, (year - 1) * MONTHS_OF_YEAR),
    to: addMonths(start, year * MONTHS_OF_YEAR),
  }
}

function windowOf(
  terms: ContractTerms,
  agreed: Commitment,
  first: number,
  last: number,
  to: LocalDate | undefined,
): CommitmentWindow {
  const [start, end] = [boundaryDate(terms, first - 1), boundaryDate(terms, last)]
  const commitment = inMoney(terms, agreed, start)
  if (to === undefined) {
    return { commitment, first, last, start, end, factor: prorationFactor(terms, first, null, null) }
  }
  const endless = { ...terms, end_date: null }
  const whole = boundaryDate(endless, boundaryFrom(endless, to))
  const full = commitment.period === 'contract' ? to : whole
  const factor =
    end >= full ? ONE : rational(BigInt(daysBetween(start, end)), BigInt(daysBetween(start, full)))
  return { commitment, first, last, start, end, factor }
}

/**
 * A committed quantity is held to as the money that it costs at the unit price of the day on which its window begins.
 *
 * @example 1,000 units at 0.25: 250.00
 */
function inMoney(terms: ContractTerms, commitment: Commitment, day: LocalDate): Commitment {
  const { quantity, product_ref: ref } = commitment
  if (quantity === undefined) return commitment
  const price = terms.products.find((product) => product.product_ref === ref && holdsOn(terms, product, day))
  const model = price && priceOn(terms, price, day).model
  const unit = model?.type === 'unit' ? decimal(model.unit_amount) : ZERO
  return { ...commitment, amount: formatDecimal(multiply(decimal(quantity), unit)) }
}

function holdsOn(terms: ContractTerms, product: ContractProduct, day: LocalDate): boolean {
  const { start, end } = billingSpan(terms, product)
  return start <= day && (end === null || day < end)
}

/** A commitment from a day on; what was committed before stays in the terms, up to that day. */
export function withCommitment(
  { commitments = [], end_date }: Pick<ContractTerms, 'commitments' | 'end_date'>,
  asked: AskedCommitment | null,
  from: LocalDate,
): Commitment[] {
  const before = commitments.filter(({ start_date }) => start_date < from)
  const dates = { start_date: from, end_date }
  return [...before, { ...(asked ?? NOTHING_COMMITTED), ...dates }]
}

/** A commitment as it is asked for; where and how long it holds, the contract says. */
export type AskedCommitment = Omit<Commitment, 'start_date' | 'end_date'>

const NOTHING_COMMITTED: AskedCommitment = {
  amount: '0',
  period: 'cycle',
  true_up: false,
  overage_factor: '1',
  product_ref: null,
}

/** True where an amendment asks for what is committed already on the day, or takes away what is not there. */
export function isCommitted(
  { commitments = [] }: Pick<ContractTerms, 'commitments'>,
  asked: AskedCommitment | null,
  day: LocalDate,
): boolean {
  const last = commitments.at(-1)
  if (!last) return asked === null
  const { start_date: start, end_date: _, ...agreed } = last
  return start <= day && canonicalJson(agreed) === canonicalJson(asked ?? NOTHING_COMMITTED)
}
