import { max, min, type Rational } from '../../kernel/rational.ts'
import { formatQuantity, readQuantity } from '../quantity.ts'
import type { MetricFamily } from './metric-family.ts'
import { numberOf } from './metric-sample.ts'

/** Keeps the one value that wins against all others. */
const extreme = (better: (a: Rational, b: Rational) => Rational): MetricFamily<readonly [string]> => ({
  stateOf(metric, sample) {
    const value = numberOf(metric, sample)
    return value && { part: 0, state: [formatQuantity(value)] }
  },
  merge: (states) => [formatQuantity(states.map(([value]) => readQuantity(value)).reduce(better))],
  measure: (_, own) => own && readQuantity(own[0]),
})

export const MAXIMUM = extreme(max)
export const MINIMUM = extreme(min)
