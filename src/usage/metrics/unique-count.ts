import { sha256Hex } from '../../kernel/hash.ts'
import { rational } from '../../kernel/rational.ts'
import { comparePlaces, placeOf } from './latest.ts'
import type { MetricFamily } from './metric-family.ts'
import { propertyText, textOf } from './metric-sample.ts'
import { partOf } from './part.ts'

const KEY_CHARS_MAX = 64

/** The last operation on a key: 1 where it was added, 0 where it was removed. */
type LastOperation = readonly [key: string, at: number, receivedAt: number, sequence: number, added: 0 | 1]

/** A key counts while the last operation on it is not `operation_type: remove`. */
export const UNIQUE_COUNT: MetricFamily<readonly LastOperation[]> = {
  stateOf(metric, sample) {
    const text = textOf(metric, sample)
    if (text === null) return undefined
    const key = shortKey(text)
    const added = propertyText(sample.properties, 'operation_type') === 'remove' ? 0 : 1
    return { part: partOf(key), state: [[key, ...placeOf(sample), added]] }
  },
  merge: (states) => [...lastOperations(states).values()].sort(([a], [b]) => (a < b ? -1 : 1)),
  measure(_, own = [], _window, carried = []) {
    let keys = 0n
    for (const [, , , , added] of lastOperations([carried, own]).values()) keys += BigInt(added)
    return rational(keys)
  },
}

function lastOperations(states: readonly (readonly LastOperation[])[]): Map<string, LastOperation> {
  const last = new Map<string, LastOperation>()
  for (const state of states) {
    for (const operation of state) {
      const held = last.get(operation[0])
      if (!held || compareOperations(held, operation) < 0) last.set(operation[0], operation)
    }
  }
  return last
}

/** Adding wins between equal places, so that the outcome never depends on the order of merging. */
const compareOperations = (a: LastOperation, b: LastOperation): number =>
  comparePlaces([a[1], a[2], a[3]], [b[1], b[2], b[3]]) || a[4] - b[4]

/** Long keys are kept by their hash, which is longer than any key that is kept as it is. */
const shortKey = (text: string): string =>
  text.length <= KEY_CHARS_MAX ? text : `#${sha256Hex(JSON.stringify(text))}`
