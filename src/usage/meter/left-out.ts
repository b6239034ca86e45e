import { bucketOf, type CellText } from '../bucket.ts'
import { ENTRY_WORDS } from '../known-ids/id-entry.ts'
import { countedFacts } from '../usage-event.ts'

/** An event of a parcel that is not logged: its place, and where its line stands. */
export type LeftOut = { place: number; lineStart: number; lineEnd: number }

/** The lines of a parcel without those left out, which are given in the order of their places. */
export function linesWithout(lines: string, leftOut: readonly LeftOut[]): string {
  let [kept, from] = ['', 0]
  for (const { lineStart, lineEnd } of leftOut) {
    kept += lines.slice(from, lineStart)
    from = lineEnd
  }
  return kept + lines.slice(from)
}

/** The entries of a parcel without those left out. */
export function entriesWithout(entries: Uint32Array, leftOut: readonly LeftOut[]): Uint32Array {
  const kept = new Uint32Array(entries.length - leftOut.length * ENTRY_WORDS)
  let [next, from] = [0, 0]
  for (const { place } of [...leftOut, { place: entries.length / ENTRY_WORDS }]) {
    const to = place * ENTRY_WORDS
    kept.set(entries.subarray(from, to), next)
    next += to - from
    from = to + ENTRY_WORDS
  }
  return kept
}

/** What takes an event out of the cells of its parcel. */
export function cellWithout(lines: string, { lineStart, lineEnd }: LeftOut): CellText {
  const line = JSON.parse(lines.slice(lineStart, lineEnd))
  const { productRef, occurredAt, quantity } = countedFacts(line.event)
  return [productRef, bucketOf(occurredAt), quantity.startsWith('-') ? quantity.slice(1) : `-${quantity}`, -1]
}
