import { daysBetween, type LocalDate } from '../../kernel/calendar.ts'
import {
  compare,
  decimal,
  divide,
  isZero,
  multiply,
  ONE,
  type Rational,
  rational,
  reduce,
  subtract,
  sum,
  ZERO,
} from '../../kernel/rational.ts'
import type { KnownSsp } from '../allocation/ssp.ts'
import type { AddedPromise, ChangedPromise } from '../modification/amendment.ts'
import type { Measure } from '../recognition/measure.ts'
import { isSeries, isTimed, type Promised, timePattern } from './promise.ts'
import { earlier, later } from './service.ts'

/**
 * A part of a promise over time that was agreed at one go: seats that join later, or a longer term, are parts of it. The
 * value is what all its days sell for with the units that go on, so that days to come have their part of it.
 */
export type Part = { key: string; start: LocalDate; end: LocalDate; value: Rational }

export type ChangeContext = {
  date: LocalDate
  /** The day on which the change was agreed, where that was before it takes effect. */
  agreedOn: LocalDate
  /** Numbers the parts that the change adds, where a day alone would not. */
  version: number
  /** Selling price of the days of a promise from one to another. */
  value: (promised: Promised, from: LocalDate, to: LocalDate) => KnownSsp
  measure: (promised: Promised) => Measure
}

/** A shorter term: parts beyond its end go, the one that it cuts keeps what is before it. */
export function cutTo(
  { product, service: { end } }: Promised,
  parts: readonly Part[],
  context: ChangeContext,
) {
  const kept = parts.filter(({ start }) => start < end)
  const cut = kept.map((part) =>
    part.end <= end ? part : { ...part, end, value: multiply(part.value, partOf(part, part.start, end)) },
  )
  const isCut = (part: Part, place: number) => part.end !== kept[place]!.end
  return {
    parts: cut,
    changes: cut.filter(isCut).map((part) => changeOf(product.recognition, part, context)),
    removes: parts.filter(({ start }) => start >= end).map(({ key }) => key),
  }
}

/** More units join as a part of their own from the day on; with fewer, all that goes on shrinks alike. */
export function withUnits(old: Promised, promised: Promised, parts: readonly Part[], context: ChangeContext) {
  const { date } = context
  const end = earlier(old.service.end, promised.service.end)
  const from = later(date, promised.service.start)
  const [before, after] = [unitsOf(old, from, end), unitsOf(promised, from, end)]
  const none = { parts, adds: [] as AddedPromise[], changes: [] as ChangedPromise[] }
  if (from >= end || isZero(before) || compare(before, after) === 0) return none
  if (compare(after, before) > 0) {
    const value = scaled(context.value(promised, from, end), subtract(ONE, divide(before, after)))
    const part = {
      key: `${promised.key}@${from}.${context.version}`,
      start: from,
      end,
      value: pointOf(value),
    }
    return { ...none, parts: [...parts, part], adds: [additionOf(promised, part, value)] }
  }
  const factor = divide(after, before)
  const shrunk = parts.map((part) =>
    part.end <= date ? part : { ...part, value: reduce(multiply(part.value, factor)) },
  )
  const open = parts.filter((part) => part.end > date)
  return {
    ...none,
    parts: shrunk,
    changes: open.map((part) => changeOf(promised.product.recognition, part, context, factor)),
  }
}

export const additionOf = (promised: Promised, { key, start, end }: Part, ssp: KnownSsp) =>
  addition(
    promised,
    key,
    ssp,
    isTimed(promised.product)
      ? { by: timePattern(promised.product.recognition), start, end }
      : { by: 'point_in_time', date: start },
  )

export const addition = (
  { product }: Promised,
  key: string,
  ssp: KnownSsp,
  measure: Measure,
): AddedPromise => ({ key, ssp, measure, isSeries: isSeries(product) })

function changeOf(
  recognition: Promised['product']['recognition'],
  part: Part,
  { date }: ChangeContext,
  factor: Rational = ONE,
): ChangedPromise {
  const { key, start, end, value } = part
  const remaining = multiply(multiply(value, partOf(part, date, end)), factor)
  return { key, measure: { by: timePattern(recognition), start, end }, remainingSsp: reduce(remaining) }
}

/** The part of a part's days that lies between two dates, from 0 to 1. */
function partOf({ start, end }: Part, from: LocalDate, to: LocalDate): Rational {
  const [first, last] = [later(from, start), earlier(to, end)]
  if (first >= last) return ZERO
  return rational(BigInt(daysBetween(first, last)), BigInt(daysBetween(start, end)))
}

/** Units times days. */
const unitsOf = ({ service }: Promised, from: LocalDate, to: LocalDate): Rational =>
  sum(
    service.pieces.map(({ start, end, quantity }) => {
      const days = daysBetween(later(start, from), earlier(end, to))
      return days > 0 ? multiply(decimal(quantity), rational(BigInt(days))) : ZERO
    }),
  )

const scaled = (ssp: KnownSsp, factor: Rational): KnownSsp =>
  ssp.is === 'point'
    ? { is: 'point', amount: multiply(ssp.amount, factor) }
    : { is: 'range', low: multiply(ssp.low, factor), high: multiply(ssp.high, factor) }

export const pointOf = (ssp: KnownSsp): Rational =>
  ssp.is === 'point' ? ssp.amount : (ssp.stated ?? multiply(sum([ssp.low, ssp.high]), rational(1n, 2n)))
