import type { Price } from '../../catalog/price.ts'
import { looksAtEvents } from '../../catalog/price-faults.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { type Rational, sum } from '../../kernel/rational.ts'
import { billableUnits } from '../../rating/billable.ts'
import { PaidCounter, type PaidEvents } from '../../rating/percentage.ts'
import type { Period } from '../period.ts'
import { formatQuantity } from '../quantity.ts'
import { cellsByWindow } from '../windows.ts'
import type { MetricCell } from './metered-value.ts'
import { eventRuns } from './single-events.ts'

/** Which parts of a period a price looks at one by one: its hours or days in a time zone, or its single events. */
export type PricedParts = { by: 'bucket'; bucket: Bucket; timezone: string } | { by: 'event'; price: Price }

export type Bucket = 'hour' | 'day'

/** A quantity, decimal text, and how many buckets had it one after the other. */
export type BucketRun = { quantity: string; times: number }

type Months = readonly (Period & { month: string })[]

/**
 * The quantity of every bucket that had usage, by month and in the order of time; equal ones that follow each other are
 * told once. Hours are those of the zone, also of one at half an hour, and the hour that a clock change repeats is two.
 *
 * @param measured the quantity of some cells over a bucket
 */
export function bucketRuns<T extends { at: Instant }>(
  cells: readonly T[],
  { bucket, timezone }: { bucket: Bucket; timezone: string },
  months: Months,
  measured: (cells: readonly T[], bucket: Period) => Rational,
): { total: Rational; byMonth: Record<string, Rational>; buckets: Record<string, BucketRun[]> } {
  const values = cellsByWindow(cells, bucket, timezone).map(({ period, cells }) => ({
    at: period.start,
    value: measured(cells, period),
  }))
  const ofMonth = months.map(({ month, start, end }) => ({
    month,
    values: values.filter(({ at }) => start <= at && at < end).map(({ value }) => value),
  }))
  return {
    total: sum(values.map(({ value }) => value)),
    byMonth: Object.fromEntries(ofMonth.map(({ month, values }) => [month, sum(values)])),
    buckets: Object.fromEntries(ofMonth.map(({ month, values }) => [month, runsOf(values)])),
  }
}

function runsOf(values: readonly Rational[]): BucketRun[] {
  const runs: BucketRun[] = []
  for (const quantity of values.map(formatQuantity)) {
    const last = runs.at(-1)
    if (last?.quantity === quantity) last.times++
    else runs.push({ quantity, times: 1 })
  }
  return runs
}

/** What a price counts of the single events from the start of a period up to the end of each of its months. */
export function paidUpTo(
  { model, modifiers }: Price,
  cells: readonly MetricCell[],
  period: Period,
  months: Months,
): Record<string, PaidEvents> {
  if (!looksAtEvents(model)) return {}
  const counter = new PaidCounter(model)
  const billable = billableUnits({ model, modifiers })
  const runs = eventRuns(cells, period)
  let place = 0
  return Object.fromEntries(
    months.map(({ month, end }) => {
      for (; place < runs.length && runs[place]!.at < end; place++) {
        const { amount, times } = runs[place]!
        if (!billable) counter.add({ amount, times })
        // Free units are used up event by event.
        else for (let one = 0n; one < times; one++) counter.add({ amount: billable(amount), times: 1n })
      }
      return [month, counter.paid]
    }),
  )
}
