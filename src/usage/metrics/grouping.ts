import type { Metric } from '../../catalog/metric.ts'
import { propertyText, QUANTITY_FIELD } from './metric-sample.ts'

/** The one text of a group: its values in the order of `group_by`, as JSON; empty where the metric has no groups. */
export const groupOf = ({ group_by: keys = [] }: Metric, properties: Record<string, unknown>): string =>
  keys.length === 0 ? '' : JSON.stringify(keys.map((key) => propertyText(properties, key)))

/** The values of a group by their keys. A missing value is a group of its own, null. */
export function readGroup({ group_by: keys = [] }: Metric, group: string): Record<string, string | null> {
  if (keys.length === 0) return {}
  const values = JSON.parse(group) as (string | null)[]
  return Object.fromEntries(keys.map((key, place) => [key, values[place] ?? null]))
}

/** True for a metric that the number of events and the sum of their quantities in the window answer alone. */
export const isPlain = (metric: Metric): boolean => {
  const { type, field = QUANTITY_FIELD, filter, exclude, group_by, recurring, rounding, each } = metric
  const isOfAll = !filter && !exclude && !group_by && !recurring && !rounding && !each
  return isOfAll && (type === 'count' || (type === 'sum' && field === QUANTITY_FIELD))
}
