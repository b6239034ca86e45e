import { ENTRY_WORDS, entriesIn, isEmpty, putEntry, sameId } from './id-entry.ts'

const PLACES_AT_FIRST = 64
/** Of 16 places at most 10 are taken: beyond that looking takes ever longer. */
const TAKEN_OF_16 = 10

/** The ids heard of last, in one block of memory: a hash table with open addressing. */
export class IdTable {
  #places = new Uint32Array(PLACES_AT_FIRST * ENTRY_WORDS)
  #mask = PLACES_AT_FIRST - 1
  size = 0

  /** Where the entry of an id stands in `places`, or -1. */
  find(entries: Uint32Array, at: number): number {
    const place = this.#place(entries, at)
    return isEmpty(this.#places, place) ? -1 : place
  }

  /** The block that `find` points into; it changes as entries come. */
  get places(): Uint32Array {
    return this.#places
  }

  /** Takes an entry; one of the same id gives way to it. */
  put(entries: Uint32Array, at: number): void {
    if (this.size * 16 >= (this.#mask + 1) * TAKEN_OF_16) this.#grow()
    const place = this.#place(entries, at)
    if (isEmpty(this.#places, place)) this.size++
    putEntry(this.#places, place, entries, at)
  }

  putAll(entries: Uint32Array): void {
    for (let at = 0; at < entries.length; at += ENTRY_WORDS) this.put(entries, at)
  }

  /** All entries, in no order. */
  entries(): Uint32Array {
    const all = new Uint32Array(this.size * ENTRY_WORDS)
    let next = 0
    for (let place = 0; place < this.#places.length; place += ENTRY_WORDS) {
      if (isEmpty(this.#places, place)) continue
      putEntry(all, next, this.#places, place)
      next += ENTRY_WORDS
    }
    return all
  }

  #place(entries: Uint32Array, at: number): number {
    // The first word picks the page of a run, so the second spreads the table.
    for (let slot = entries[at + 1]! & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const place = slot * ENTRY_WORDS
      if (isEmpty(this.#places, place) || sameId(this.#places, place, entries, at)) return place
    }
  }

  #grow(): void {
    const old = this.#places
    this.#places = new Uint32Array(old.length * 2)
    this.#mask = entriesIn(this.#places) - 1
    this.size = 0
    for (let place = 0; place < old.length; place += ENTRY_WORDS) {
      if (!isEmpty(old, place)) this.put(old, place)
    }
  }
}
