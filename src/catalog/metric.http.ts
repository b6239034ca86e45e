import { z } from '@hono/zod-openapi'
import { decimalField, refField } from '../http/fields.http.ts'
import { faultsOfMetric, METRIC_TYPES, type Metric, type PropertyMatch } from './metric.ts'

const KEYS_MAX = 20
const VALUES_MAX = 200
const EXCLUSIONS_MAX = 100
const GROUP_KEYS_MAX = 10
const PLACES_MAX = 12

/** A value is compared by its text, so that 1 and "1" are the same. */
const valueField = z.union([z.string().max(255), z.number(), z.boolean()]).transform(String)

const valuesField = z
  .union([valueField.transform((value) => [value]), z.array(valueField).max(VALUES_MAX)])
  .openapi({ type: 'array', items: { type: 'string' } })

const matchField = z
  .record(refField, valuesField)
  .refine((match) => Object.keys(match).length <= KEYS_MAX, `takes up to ${KEYS_MAX} keys`)
  .openapi({ example: { region: ['eu', 'us'] } })

/** A metric as it is sent. Entries of `filter` and `exclude` that list nothing ask for nothing, and are left out. */
export const metricSchema = z
  .strictObject({
    type: z.enum(METRIC_TYPES),
    field: refField.optional().openapi({
      description: 'What is aggregated: `quantity` (the default) or a key of `additional_report_data`.',
    }),
    filter: matchField
      .optional()
      .openapi({ description: 'Takes events in which every key has one of its values.' }),
    exclude: z
      .array(matchField)
      .max(EXCLUSIONS_MAX)
      .optional()
      .openapi({ description: 'Leaves out an event that matches all keys of one entry.' }),
    group_by: z.array(refField).max(GROUP_KEYS_MAX).optional().openapi({
      description: 'Measures each combination of values alone; a missing value is one of its own.',
    }),
    recurring: z
      .boolean()
      .optional()
      .openapi({ description: 'Starts from the value at the end of the period before.' }),
    rounding: z
      .strictObject({
        function: z.enum(['round', 'ceil', 'floor']),
        places: z.int().min(-PLACES_MAX).max(PLACES_MAX).default(0),
      })
      .optional()
      .openapi({ description: 'Of the aggregated quantity, before it is priced.' }),
    percentile: decimalField.optional().openapi({ example: '0.95' }),
  })
  .superRefine((metric, context) => {
    for (const { field, message } of faultsOfMetric(metric)) {
      context.addIssue({ code: 'custom', path: [field], message })
    }
  })
  .transform(withoutIdleParts)
  .openapi('Metric')

function withoutIdleParts({ filter, exclude, group_by: keys, ...metric }: Metric): Metric {
  const wanted = listing(filter ?? {})
  const unwanted = (exclude ?? []).map(listing).filter(hasKeys)
  return {
    ...metric,
    ...(hasKeys(wanted) && { filter: wanted }),
    ...(unwanted.length > 0 && { exclude: unwanted }),
    ...(keys && keys.length > 0 && { group_by: keys }),
  }
}

const listing = (match: PropertyMatch): PropertyMatch =>
  Object.fromEntries(Object.entries(match).filter(([, values]) => values.length > 0))

const hasKeys = (match: PropertyMatch): boolean => Object.keys(match).length > 0
