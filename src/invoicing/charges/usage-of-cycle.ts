import { decimal, type Rational } from '../../kernel/rational.ts'
import type { RatedUsage } from '../../rating/rated-usage.ts'
import type { BucketRun } from '../../usage/metrics/priced-parts.ts'
import type { PaidText, SealedUsage } from '../../usage/sealed-usage.ts'

/** The usage of one product in one cycle; decimal strings, also by calendar month of use. */
export type UsageOfCycle = Omit<SealedUsage['products'][number], 'productRef'>

/** All usage of a cycle as a price looks at it. */
export const ratedUsage = (usage: UsageOfCycle): RatedUsage => ({
  ...usageUpTo(usage, decimal(usage.quantity), '9999-12'),
  groups: usage.groups?.map((part) => ({ group: part.group, quantity: decimal(part.quantity) })),
})

/** The usage up to a month's end; of usage in groups, which are known of the whole cycle only, the quantity alone. */
export function usageUpTo({ buckets, paid }: UsageOfCycle, used: Rational, month: string): RatedUsage {
  const months = Object.keys(buckets ?? paid ?? {})
    .filter((one) => one <= month)
    .sort()
  const latest = paid?.[months.at(-1) ?? '']
  return {
    quantity: used,
    ...(buckets && { buckets: months.flatMap((one) => buckets[one]!.flatMap(asBuckets)) }),
    ...(latest && { paid: asPaid(latest) }),
  }
}

const asBuckets = ({ quantity, times }: BucketRun): Rational[] =>
  new Array<Rational>(times).fill(decimal(quantity))

const asPaid = ({ count, base, bounds }: PaidText) => ({
  count: decimal(count),
  base: decimal(base),
  bounds: decimal(bounds),
})
