import { fastHash128 } from '../../../src/kernel/fast-hash.ts'
import { ENTRY_WORDS } from '../../../src/usage/known-ids/id-entry.ts'

/** Entries of the ids `<prefix>0`, `<prefix>1` and so on, under the numbers 1, 2 ...; the content is the number, too. */
export function entriesOf(prefix: string, count: number, firstNumber = 1): Uint32Array {
  const entries = new Uint32Array(count * ENTRY_WORDS)
  for (let index = 0; index < count; index++) {
    const at = index * ENTRY_WORDS
    fastHash128(`${prefix}${index}`, entries, at)
    entries[at + 4] = firstNumber + index
    entries[at + 5] = firstNumber + index
  }
  return entries
}

/** The places at which entries begin. */
export const placesOf = (entries: Uint32Array): number[] =>
  Array.from({ length: entries.length / ENTRY_WORDS }, (_, index) => index * ENTRY_WORDS)
