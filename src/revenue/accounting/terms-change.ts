import { sum as sumOf } from '../../kernel/money.ts'
import type { Rational } from '../../kernel/rational.ts'
import type { Amendment } from '../modification/amendment.ts'
import { lengthened } from './lengthened.ts'
import { addition, type ChangeContext, cutTo, type Part, pointOf, withUnits } from './parts.ts'
import { isTimed, type Promised } from './promise.ts'

/** The parts of each promise over time, by its key. */
export type Parts = ReadonlyMap<string, readonly Part[]>

type Change = Pick<Amendment, 'adds' | 'changes' | 'removes'>
type TermsChange = Change & Required<Pick<Amendment, 'priceChange' | 'reprices'>>

/**
 * What one version of a contract changes of the version before, as an amendment: more units and a longer term are added
 * promises, so that they can be contracts of their own; fewer units and a shorter term change what is promised; a price
 * alone changes no promise.
 */
export function termsChange(
  before: readonly Promised[],
  after: readonly Promised[],
  parts: Parts,
  context: ChangeContext,
): { amendment: TermsChange; parts: Parts } {
  const left = new Map(parts)
  const changes = [
    ...after.map((promised) => {
      const old = before.find(({ key }) => key === promised.key)
      return old ? continued(old, promised, left, context) : added(promised, left, context)
    }),
    ...before.filter(({ key }) => !after.some((own) => own.key === key)).map((old) => gone(old, left)),
  ]
  return {
    amendment: {
      priceChange: sumOf(after.map(({ price }) => price)) - sumOf(before.map(({ price }) => price)),
      adds: changes.flatMap(({ adds }) => adds),
      changes: changes.flatMap((change) => change.changes),
      removes: changes.flatMap(({ removes }) => removes),
      reprices: after.flatMap((promised) => repriced(before, promised, parts)),
    },
    parts: left,
  }
}

/** The parts that a promise had before, where its price is another one after the change. */
function repriced(before: readonly Promised[], { key, price }: Promised, parts: Parts): string[] {
  const old = before.find((own) => own.key === key)
  return old && old.price !== price ? [key, ...(parts.get(key) ?? []).map((part) => part.key)] : []
}

const NOTHING: Change = { adds: [], changes: [], removes: [] }

/** The parts that a promise begins with. */
export const firstParts = (promised: Promised, value: Rational): readonly Part[] =>
  isTimed(promised.product) ? [{ key: promised.key, ...datesOf(promised), value }] : []

const datesOf = ({ service: { start, end } }: Promised) => ({ start, end })

function added(promised: Promised, parts: Map<string, readonly Part[]>, context: ChangeContext): Change {
  const { start, end } = promised.service
  const value = context.value(promised, start, end)
  parts.set(promised.key, firstParts(promised, pointOf(value)))
  const measure = context.measure(promised)
  return { ...NOTHING, adds: [addition(promised, promised.key, value, measure)] }
}

function gone({ key, product }: Promised, parts: Map<string, readonly Part[]>): Change {
  const own = parts.get(key)?.map((part) => part.key) ?? []
  parts.delete(key)
  return { ...NOTHING, removes: isTimed(product) && own.length > 0 ? own : [key, ...own] }
}

function continued(
  old: Promised,
  promised: Promised,
  parts: Map<string, readonly Part[]>,
  context: ChangeContext,
): Change {
  const own = parts.get(promised.key) ?? []
  if (!isTimed(promised.product) || own.length === 0) return prolonged(old, promised, parts, context)
  const shortened = cutTo(promised, own, context)
  const resized = withUnits(old, promised, shortened.parts, context)
  const longer = lengthened(old, promised, context)
  parts.set(promised.key, [...resized.parts, ...longer.parts])
  const changed = [...shortened.changes, ...resized.changes]
  return {
    adds: [...resized.adds, ...longer.adds],
    // A part that is cut and resized is one change: the later one has both.
    changes: changed.filter(({ key }, place) => changed.findLastIndex((one) => one.key === key) === place),
    removes: shortened.removes,
  }
}

/** What is not given over time is there once, and once more for each longer term; one that has not begun may be taken back. */
function prolonged(
  old: Promised,
  promised: Promised,
  parts: Map<string, readonly Part[]>,
  context: ChangeContext,
): Change {
  const own = parts.get(promised.key) ?? []
  const kept = own.filter(({ start }) => start < promised.service.end)
  const longer = lengthened(old, promised, context)
  parts.set(promised.key, [...kept, ...longer.parts])
  const removes = own.filter((part) => !kept.includes(part)).map(({ key }) => key)
  return { ...NOTHING, adds: longer.adds, removes }
}
