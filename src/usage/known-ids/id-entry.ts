/**
 * What a meter remembers of an event: four words for the hash of its id, one for the hash of its content, and one for
 * the number under which it stands in the log. Entries lie one after another in a Uint32Array, so that thousands of
 * them cost one object in memory and one row in storage.
 */
export const ENTRY_WORDS = 6
const CONTENT = 4
const NUMBER = 5

export const entriesIn = (entries: Uint32Array): number => entries.length / ENTRY_WORDS

export const contentOf = (entries: Uint32Array, at: number): number => entries[at + CONTENT]!
export const numberOf = (entries: Uint32Array, at: number): number => entries[at + NUMBER]!

/** Numbers start at 1, so that an entry of zeros is an empty place. */
export const isEmpty = (entries: Uint32Array, at: number): boolean => entries[at + NUMBER] === 0

export function putEntry(to: Uint32Array, place: number, from: Uint32Array, at: number): void {
  for (let word = 0; word < ENTRY_WORDS; word++) to[place + word] = from[at + word]!
}

export function putContent(entries: Uint32Array, at: number, content: number): void {
  entries[at + CONTENT] = content
}

export function putNumber(entries: Uint32Array, at: number, number: number): void {
  entries[at + NUMBER] = number
}

export const sameId = (a: Uint32Array, at: number, b: Uint32Array, place: number): boolean =>
  a[at] === b[place] && a[at + 1] === b[place + 1] && a[at + 2] === b[place + 2] && a[at + 3] === b[place + 3]

/** The bytes of entries, as SQLite stores them. */
export const toBlob = (entries: Uint32Array): ArrayBuffer =>
  entries.buffer.slice(entries.byteOffset, entries.byteOffset + entries.byteLength) as ArrayBuffer

export const fromBlob = (blob: ArrayBuffer): Uint32Array => new Uint32Array(blob)

export function joinEntries(parts: readonly Uint32Array[]): Uint32Array {
  const joined = new Uint32Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
