import { invalid } from './problem.ts'

/** Which part of a list is asked for; the cursor is what the part before it answered as `nextCursor`. */
export type Page = { limit: number; cursor?: string | undefined }

export type Paged<Row> = { rows: Row[]; nextCursor: string | null }

/** Cuts rows that were read with `limit + 1`; `keyOf` gives the cursor that the next part begins after. */
export function paged<Row>(rows: Row[], limit: number, keyOf: (row: Row) => string): Paged<Row> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown, nextCursor: rows.length > limit && last ? keyOf(last) : null }
}

/** A cursor that is the place of a row in its table. */
const PLACE = /^(\d{1,15})$/

/** The place that a list goes on from; undefined for its first part. Throws `invalid_cursor`. */
export function placeAfter(cursor: string | undefined): number | undefined {
  const [place] = cursorParts(cursor, PLACE) ?? []
  return place === undefined ? undefined : Number(place)
}

/** What the groups of `form` find in a cursor; undefined where none was sent. Throws `invalid_cursor`. */
export function cursorParts(cursor: string | undefined, form: RegExp): string[] | undefined {
  if (cursor === undefined) return undefined
  const found = form.exec(cursor)
  if (!found) throw invalid('invalid_cursor', 'Send the cursor just as "next_cursor" gave it.')
  return found.slice(1)
}
