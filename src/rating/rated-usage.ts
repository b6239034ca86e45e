import { ownValue } from '../kernel/own-value.ts'
import { add, type Rational, sum, ZERO } from '../kernel/rational.ts'
import type { PaidEvents } from './percentage.ts'

/** Values of the properties that usage is told apart by; a missing value is null, and a group of its own. */
export type UsageGroup = Readonly<Record<string, string | null>>

/** What a period's usage comes to: one quantity, or the parts of it that are priced one by one. */
export type RatedUsage = {
  quantity: Rational
  /** One quantity for each combination of values; each is priced alone. */
  groups?: readonly { group: UsageGroup; quantity: Rational }[] | undefined
  /** One quantity for each window, such as the peak of each hour; each is priced alone. */
  buckets?: readonly Rational[] | undefined
  /** The single events in the order of time, for prices that look at each. */
  events?: readonly { quantity: Rational; properties?: UsageGroup | undefined }[] | undefined
  /** Single events as the price has counted them already, converted and without free units. */
  paid?: PaidEvents | undefined
}

export const ofQuantity = (quantity: Rational): RatedUsage => ({ quantity })

/** The parts that a price per quantity looks at one by one; all of it at once where there are none. */
export function priceableParts({ quantity, groups, buckets }: RatedUsage): readonly Rational[] {
  const parts = buckets ?? groups?.map((part) => part.quantity) ?? []
  return parts.length > 0 ? parts : [quantity]
}

/** The amounts of the single events; of a mere sum, one event of that amount. */
export const eventAmounts = ({ quantity, events }: RatedUsage): readonly Rational[] =>
  events?.map((event) => event.quantity) ?? [quantity]

/** Quantities with the values that a price by dimension looks at. */
export const dimensionedParts = ({ quantity, groups, events }: RatedUsage) =>
  groups ??
  events?.map((event) => ({ group: event.properties ?? {}, quantity: event.quantity })) ?? [
    { group: {}, quantity },
  ]

/** The same usage with each quantity changed in its order. The total is that of the changed parts. */
export function mapQuantities(usage: RatedUsage, change: (quantity: Rational) => Rational): RatedUsage {
  if (usage.buckets) {
    const buckets = usage.buckets.map(change)
    return { quantity: sum(buckets), buckets }
  }
  if (usage.groups) {
    const groups = usage.groups.map((part) => ({ ...part, quantity: change(part.quantity) }))
    return { quantity: totalOf(groups), groups }
  }
  if (usage.events) {
    const events = usage.events.map((event) => ({ ...event, quantity: change(event.quantity) }))
    return { quantity: totalOf(events), events }
  }
  return { quantity: change(usage.quantity) }
}

const totalOf = (parts: readonly { quantity: Rational }[]): Rational =>
  parts.reduce((total, part) => add(total, part.quantity), ZERO)

/** One quantity for each combination of values that the events have under the keys, in the order of first use. */
export function grouped(events: NonNullable<RatedUsage['events']>, keys: readonly string[]): RatedUsage {
  const groups = new Map<string, { group: UsageGroup; quantity: Rational }>()
  for (const { quantity, properties = {} } of events) {
    const group = Object.fromEntries(keys.map((key) => [key, ownValue(properties, key) ?? null]))
    const key = JSON.stringify(Object.values(group))
    groups.set(key, { group, quantity: add(groups.get(key)?.quantity ?? ZERO, quantity) })
  }
  return { quantity: totalOf([...groups.values()]), groups: [...groups.values()] }
}
