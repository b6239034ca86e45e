import { compare, decimal, isNegative, type Rational } from '../../kernel/rational.ts'
import { costPlusMargin, type KnownSsp, optionSsp, type Ssp } from '../allocation/ssp.ts'
import type { Amounts } from './amounts.http.ts'
import type { KnownSspBody, SspBody } from './obligation.http.ts'
import { fault } from './read-measure.http.ts'

export function readSsp(body: SspBody, amounts: Amounts, path: string): Ssp {
  if (typeof body === 'string' || !('residual' in body)) return readKnownSsp(body, amounts, path)
  const observed = body.observed && readRange(body.observed, amounts, `${path}.observed`)
  return { is: 'residual', because: body.residual, ...(observed ? { observed } : {}) }
}

export function readKnownSsp(body: KnownSspBody, amounts: Amounts, path: string): KnownSsp {
  if (typeof body === 'string') return { is: 'point', amount: amounts.exact(body) }
  if ('cost' in body)
    return point(costPlusMargin(amounts.exact(body.cost), decimal(body.margin_percent)), path)
  if ('option' in body) return point(optionSsp(body.option, amounts.exact), path)
  const stated = body.stated === undefined ? {} : { stated: amounts.exact(body.stated) }
  return { is: 'range', ...readRange(body, amounts, path), ...stated }
}

function point(amount: Rational, path: string): KnownSsp {
  if (isNegative(amount)) throw fault(path, 'comes to a stand-alone selling price below 0')
  return { is: 'point', amount }
}

function readRange({ low, high }: { low: string; high: string }, amounts: Amounts, path: string) {
  const bounds = { low: amounts.exact(low), high: amounts.exact(high) }
  if (compare(bounds.low, bounds.high) > 0) throw fault(`${path}.high`, 'must not be below low')
  return bounds
}
