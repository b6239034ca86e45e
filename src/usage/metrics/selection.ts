import type { Metric, PropertyMatch } from '../../catalog/metric.ts'
import { propertyText } from './metric-sample.ts'

type Properties = Record<string, unknown>

/** Whether a metric takes an event: the filter matches, and none of the exclusions does. */
export const isSelected = ({ filter = {}, exclude = [] }: Metric, properties: Properties): boolean =>
  matches(filter, properties) &&
  !exclude.some((entry) => asksFor(entry).length > 0 && matches(entry, properties))

const matches = (match: PropertyMatch, properties: Properties): boolean =>
  asksFor(match).every(([key, values]) => {
    const value = propertyText(properties, key)
    return value !== null && values.includes(value)
  })

/** The keys that list values: one that lists none asks for nothing, and must not turn into "match nothing". */
const asksFor = (match: PropertyMatch) => Object.entries(match).filter(([, values]) => values.length > 0)
