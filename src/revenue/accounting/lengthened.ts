import { roundToInteger } from '../../kernel/rational.ts'
import type { AddedPromise } from '../modification/amendment.ts'
import { additionOf, type ChangeContext, type Part, pointOf } from './parts.ts'
import { isLicence, type Promised, statedPrice } from './promise.ts'
import { earlier, later } from './service.ts'

/** A longer term is a promise of its own: over its days, or when it begins. */
export function lengthened(
  old: Promised,
  promised: Promised,
  { value, version, agreedOn }: ChangeContext,
): { parts: Part[]; adds: AddedPromise[] } {
  const [start, end] = [old.service.end, promised.service.end]
  if (end <= start || promised.product.kind !== 'recurring') return { parts: [], adds: [] }
  const worth = value(promised, start, end)
  const part = { key: `${promised.key}@${start}.${version}`, start, end, value: pointOf(worth) }
  const added = additionOf(promised, part, worth)
  if (!isLicence(promised.product)) return { parts: [part], adds: [added] }
  const renewal = {
    agreedOn: earlier(later(agreedOn, old.service.start), start),
    price: roundToInteger(statedPrice(promised, { from: start, to: end })),
  }
  return { parts: [part], adds: [{ ...added, renewal }] }
}
