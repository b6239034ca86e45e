/** Letters and digits of a text in upper case, each with its place in the text. */
export type Searchable = { characters: string; places: number[] }

type Found<T> = { item: T; start: number; end: number }

/** Fewer digits than this are more often a day, a quantity or a house number than an invoice. */
const DIGITS_MIN = 5
const ALPHANUMERIC = /[\p{L}\p{N}]/u

/** Payers and banks add blanks, hyphens and line breaks, and change the case; only letters and digits are compared. */
export function searchable(text: string): Searchable {
  const characters: string[] = []
  const places: number[] = []
  for (let place = 0; place < text.length; place++) {
    const character = text[place] ?? ''
    if (!ALPHANUMERIC.test(character)) continue
    // A letter such as ß has two capitals: one place then stands for both, so places and characters stay in step.
    for (const capital of character.toUpperCase()) {
      characters.push(capital)
      places.push(place)
    }
  }
  return { characters: characters.join(''), places }
}

/**
 * Every text that stands between the beginning of a word and the end of one, up to a length: whatever `standingIn` finds is
 * one of them, so that an index can look for it.
 *
 * @example wordRuns(searchable('Inv-12 of May'), 5) is INV, INV12, 12, 12OF, OF, OFMAY, MAY
 */
export function wordRuns({ characters, places }: Searchable, lengthMax: number): string[] {
  const starts = places.flatMap((place, at) => (places[at - 1] === place - 1 ? [] : at))
  const ends = places.flatMap((place, at) => (places[at + 1] === place + 1 ? [] : at + 1))
  const runs = starts.flatMap((start) =>
    ends.filter((end) => end > start && end - start <= lengthMax).map((end) => characters.slice(start, end)),
  )
  return [...new Set(runs)]
}

/**
 * The items whose token stands in the text as a word of its own. Where one lies within another (`INV-1` in `INV-12`
 * written as `INV-1 2`) the longer one counts. A token of digits alone must be unbroken and have at least five, so
 * that neither a date nor an amount is taken for one.
 */
export function standingIn<T>(text: Searchable, items: readonly T[], tokenOf: (item: T) => string): T[] {
  const found = items.flatMap((item) => occurrences(text, item, searchable(tokenOf(item)).characters))
  const longestFirst = found.sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start)
  const kept: Found<T>[] = []
  for (const next of longestFirst) {
    if (kept.every((other) => areApart(next, other) || areAlike(next, other))) kept.push(next)
  }
  return [...new Set(kept.sort((a, b) => a.start - b.start).map(({ item }) => item))]
}

const areApart = <T>(a: Found<T>, b: Found<T>): boolean => a.end <= b.start || a.start >= b.end
/** Two items with the same token: both are kept, so that the choice is not made by chance. */
const areAlike = <T>(a: Found<T>, b: Found<T>): boolean => a.start === b.start && a.end === b.end

function occurrences<T>({ characters, places }: Searchable, item: T, token: string): Found<T>[] {
  const onlyDigits = /^\d+$/.test(token)
  if (token === '' || (onlyDigits && token.length < DIGITS_MIN)) return []
  const found: Found<T>[] = []
  for (let start = characters.indexOf(token); start >= 0; start = characters.indexOf(token, start + 1)) {
    const end = start + token.length
    const unbroken = places[end - 1]! - places[start]! === token.length - 1
    const word = places[start - 1] !== places[start]! - 1 && places[end] !== places[end - 1]! + 1
    if (word && (unbroken || !onlyDigits)) found.push({ item, start, end })
  }
  return found
}
