import { ENTRY_WORDS, entriesIn, putEntry, sameId } from './id-entry.ts'

const ENTRIES_PER_PAGE = 512
/** A block of the filter has 8 words; an id sets one bit in each. 12 bits an id let 1 in 200 strangers pass. */
const BLOCK_WORDS = 8
const FILTER_BITS_PER_ID = 12

/**
 * Ids that are no longer added to, laid out to be asked from storage: pages by the leading bits of the id, so that a
 * look-up reads one page, and a small filter in memory that spares the look-up for almost every id that is not here.
 */
export type IdRun = { pageBits: number; pages: Uint32Array[]; filter: Uint32Array }

export function idRun(entries: Uint32Array): IdRun {
  const pageBits = Math.max(0, Math.ceil(Math.log2(entriesIn(entries) / ENTRIES_PER_PAGE)))
  return { pageBits, pages: paged(entries, pageBits), filter: filterOf(entries) }
}

/** Which page the id of an entry belongs to. */
export const pageOf = (entries: Uint32Array, at: number, pageBits: number): number =>
  pageBits === 0 ? 0 : entries[at]! >>> (32 - pageBits)

/** Where in a page the entry with the same id stands, or -1. Of several the last is taken: it came last. */
export function findInPage(page: Uint32Array, entries: Uint32Array, at: number): number {
  for (let place = page.length - ENTRY_WORDS; place >= 0; place -= ENTRY_WORDS) {
    if (sameId(page, place, entries, at)) return place
  }
  return -1
}

/** False only when the run does not hold the id. */
export function mayHold(filter: Uint32Array, entries: Uint32Array, at: number): boolean {
  const block = blockOf(filter, entries, at)
  const bits = entries[at + 3]!
  for (let word = 0; word < BLOCK_WORDS; word++) {
    if ((filter[block + word]! & bitIn(bits, word)) === 0) return false
  }
  return true
}

/** Counts first, then lays each entry in its place: the order of entries within a page stays. */
function paged(entries: Uint32Array, pageBits: number): Uint32Array[] {
  const sizes = new Uint32Array(2 ** pageBits)
  for (let at = 0; at < entries.length; at += ENTRY_WORDS)
    sizes[pageOf(entries, at, pageBits)]! += ENTRY_WORDS
  const pages = Array.from(sizes, (size) => new Uint32Array(size))
  sizes.fill(0)
  for (let at = 0; at < entries.length; at += ENTRY_WORDS) {
    const page = pageOf(entries, at, pageBits)
    putEntry(pages[page]!, sizes[page]!, entries, at)
    sizes[page]! += ENTRY_WORDS
  }
  return pages
}

/** A split block Bloom filter, as Apache Parquet has it: all bits of an id lie within 32 bytes. */
function filterOf(entries: Uint32Array): Uint32Array {
  const blocks = Math.max(1, Math.ceil((entriesIn(entries) * FILTER_BITS_PER_ID) / (BLOCK_WORDS * 32)))
  const filter = new Uint32Array(blocks * BLOCK_WORDS)
  for (let at = 0; at < entries.length; at += ENTRY_WORDS) {
    const block = blockOf(filter, entries, at)
    for (let word = 0; word < BLOCK_WORDS; word++) filter[block + word]! |= bitIn(entries[at + 3]!, word)
  }
  return filter
}

const blockOf = (filter: Uint32Array, entries: Uint32Array, at: number): number =>
  (entries[at + 2]! % (filter.length / BLOCK_WORDS)) * BLOCK_WORDS

const bitIn = (bits: number, word: number): number => 1 << (Math.imul(bits, SALTS[word]!) >>> 27)

const SALTS = [
  0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31,
] as const
