import { describe, expect, it } from 'vitest'
import { metricSchema } from '../../src/catalog/metric.http.ts'

describe('a metric as it is sent', () => {
  it.each([
    [{ type: 'sum' }, { type: 'sum' }],
    [
      { type: 'sum', filter: { region: ['eu', 1, true], tier: [] } },
      { type: 'sum', filter: { region: ['eu', '1', 'true'] } },
    ],
    [
      { type: 'count', filter: { region: 'eu' } },
      { type: 'count', filter: { region: ['eu'] } },
    ],
    [{ type: 'sum', filter: { region: [] }, exclude: [{}, { region: [] }], group_by: [] }, { type: 'sum' }],
    [
      { type: 'max', exclude: [{ region: ['eu'], tier: [] }, {}] },
      { type: 'max', exclude: [{ region: ['eu'] }] },
    ],
    [
      { type: 'percentile', percentile: 0.95, field: 'ms', rounding: { function: 'ceil', places: -2 } },
      { type: 'percentile', percentile: '0.95', field: 'ms', rounding: { function: 'ceil', places: -2 } },
    ],
    [
      { type: 'avg', rounding: { function: 'round' } },
      { type: 'avg', rounding: { function: 'round', places: 0 } },
    ],
    [
      { type: 'unique_count', field: 'user', recurring: true },
      { type: 'unique_count', field: 'user', recurring: true },
    ],
  ])('%o is read as %o, and that as itself', (sent, read) => {
    expect(metricSchema.parse(sent)).toEqual(read)
    expect(metricSchema.parse(read)).toEqual(read)
  })

  it.each<[object, string, string]>([
    [{ type: 'median' }, 'type', 'expected one of'],
    [{ type: 'count', field: 'bytes' }, 'field', 'a count counts events'],
    [
      { type: 'max', recurring: true },
      'recurring',
      'only sum, unique_count, weighted_sum carry over, not max',
    ],
    [{ type: 'percentile' }, 'percentile', 'is needed'],
    [{ type: 'percentile', percentile: '95' }, 'percentile', 'at most 1'],
    [{ type: 'percentile', percentile: '0' }, 'percentile', 'above 0'],
    [{ type: 'percentile', percentile: 'NaN' }, 'percentile', 'decimal'],
    [{ type: 'sum', percentile: '0.5' }, 'percentile', 'only a percentile has one'],
    [{ type: 'sum', rounding: { function: 'ceil', places: 13 } }, 'rounding.places', '12'],
    [{ type: 'sum', rounding: { function: 'ceil', places: -13 } }, 'rounding.places', '-12'],
    [{ type: 'sum', rounding: { function: 'bankers', places: 2 } }, 'rounding.function', 'expected one of'],
    [{ type: 'sum', group_by: ['region', 'region'] }, 'group_by', 'names a key twice'],
    [{ type: 'sum', filter: { region: [null] } }, 'filter.region', 'Invalid input'],
    [{ type: 'sum', filters: {} }, '', 'filters'],
  ])('%o is refused at %s', (sent, path, message) => {
    const issue = metricSchema.safeParse(sent).error!.issues[0]!
    expect([issue.path.join('.'), issue.message]).toEqual([path, expect.stringContaining(message)])
  })
})
