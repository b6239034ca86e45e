/** Which part of a list is asked for; the cursor is what the part before it answered as `nextCursor`. */
export type Page = { limit: number; cursor?: string | undefined }

export type Paged<Row> = { rows: Row[]; nextCursor: string | null }

/** Cuts rows that were read with `limit + 1`; `keyOf` gives the cursor that the next part begins after. */
export function paged<Row>(rows: Row[], limit: number, keyOf: (row: Row) => string): Paged<Row> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown, nextCursor: rows.length > limit && last ? keyOf(last) : null }
}
