import type { Metric } from '../../catalog/metric.ts'
import type { PriceModel } from '../../catalog/price.ts'
import { looksAtEvents, pricesTheWhole } from '../../catalog/price-faults.ts'
import type { ProductKind } from '../../catalog/product.ts'
import { daysBetween } from '../../kernel/calendar.ts'
import type { Fault } from '../../kernel/problem.ts'
import type { ContractProduct } from '../contract.ts'
import { type CycleTerms, fullCyclePeriod } from '../periods/schedule.ts'

/** Why a price cannot be asked for usage that is measured by this metric; undefined where it can. */
export function unfitForUsage(model: PriceModel, metric: Metric | null): string | undefined {
  const groupedBy = metric?.group_by ?? []
  switch (model.type) {
    case 'flat':
      return 'usage needs a price for a quantity; flat is for recurring and one_time products'
    case 'matrix': {
      const dimensions = new Set(model.rows.flatMap(({ match }) => Object.keys(match)))
      const missing = [...dimensions].filter((key) => !groupedBy.includes(key))
      return missing.length > 0
        ? `needs ${missing.join(', ')} in the group_by of the product's metric`
        : undefined
    }
    case 'capacity':
      return groupedBy.length !== 1 &&
        new Set(model.tiers.flatMap(({ limits }) => Object.keys(limits))).size > 1
        ? "needs the peak of each unit: one key that names the unit, in the group_by of the product's metric"
        : undefined
    case 'percentage':
      return looksAtEvents(model) && !keepsAmounts(metric)
        ? 'fixed_per_event, free_events, min_per_event and max_per_event look at single amounts: the metric must be a sum, without group_by, recurring and rounding'
        : undefined
    default:
      return undefined
  }
}

/** True for a metric of which a period is nothing but the amounts of its events. */
const keepsAmounts = (metric: Metric | null): boolean =>
  metric === null || (metric.type === 'sum' && !metric.group_by && !metric.recurring && !metric.rounding)

/** Of these a cycle's quantity never falls but by what is taken back, so that a part of it can be charged for good. */
const GROWING = new Set<Metric['type']>(['sum', 'count', 'max', 'unique_count'])

/** Why usage cannot be charged as it happens. */
export function faultsOfAdvance(
  {
    bill,
    model,
    ramp = [],
    accumulate,
    modifiers,
  }: Pick<ContractProduct, 'bill' | 'model' | 'ramp' | 'accumulate' | 'modifiers'>,
  { metric }: { metric: Metric | null },
): Fault[] {
  if (!bill) return []
  const unfit = [model, ...ramp.flatMap((step) => step.model ?? [])].find(pricesTheWhole)
  const messages = [
    unfit && `with ${unfit.type} tiers later units change what earlier ones cost: bill it in arrears`,
    !GROWING.has(metric?.type ?? 'sum') &&
      `needs a metric that grows through the cycle: ${[...GROWING].join(', ')}`,
    metric?.recurring && 'needs a metric that begins with each cycle, not a recurring one',
    accumulate && 'tiers that accumulate are billed by whole cycles',
    modifiers?.negative_usage === 'mirror' && 'what is taken back refunds nothing, so it cannot be mirrored',
  ]
  return messages.flatMap((message) => (message ? [{ path: 'bill', message }] : []))
}

const DAYS_OF_YEAR = 366

/** Of these models the parts of a period add up to the whole, or the whole is all that they look at. */
const WITHOUT_BUCKETS = new Set<PriceModel['type']>(['matrix', 'capacity', 'percentage'])

/** Why the hours or days of a cycle cannot be priced one by one. */
export function faultsOfBucket(
  terms: CycleTerms,
  { bucket, accumulate, model, ramp = [] }: Pick<ContractProduct, 'bucket' | 'accumulate' | 'model' | 'ramp'>,
  { kind, metric }: { kind: ProductKind; metric: Metric | null },
): Fault[] {
  if (!bucket) return []
  if (kind !== 'usage') return [fault('is for usage')]
  const models = [model, ...ramp.flatMap((step) => step.model ?? [])]
  const unfit = models.find(({ type }) => WITHOUT_BUCKETS.has(type)) ?? model
  const cycle = fullCyclePeriod(terms, 1)
  return [
    ...unfitForBuckets({ bucket, model: unfit }, metric),
    ...(accumulate ? [fault('begins its tiers with each bucket, so they do not accumulate')] : []),
    ...(bucket === 'hour' && daysBetween(cycle.start, cycle.end) > DAYS_OF_YEAR
      ? [fault('hours are priced in cycles of up to a year')]
      : []),
  ]
}

/** What of a metric or a price has no meaning for an hour or a day alone. */
export const unfitForBuckets = (
  { bucket, model }: Pick<ContractProduct, 'bucket' | 'model'>,
  metric: Metric | null,
): Fault[] =>
  bucket === undefined
    ? []
    : [
        ...(metric?.recurring
          ? [fault('needs a metric that begins with each bucket, not a recurring one')]
          : []),
        ...(metric?.group_by
          ? [fault('cannot be told by group_by too: a cycle would have parts without number')]
          : []),
        ...(WITHOUT_BUCKETS.has(model.type)
          ? [fault(`a ${model.type} price is that of the whole cycle`)]
          : []),
      ]

const fault = (message: string): Fault => ({ path: 'bucket', message })
