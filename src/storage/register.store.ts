import { canonicalJson } from '../kernel/hash.ts'
import { conflict } from '../kernel/problem.ts'
import { isUniqueViolation } from './db.store.ts'

type Registration<Row> = {
  /** For people: `customer`, `legal entity`. */
  what: string
  row: Row
  insert: () => Promise<void>
  find: () => Promise<Row | undefined>
  /** Sets up a row that was so far only heard of in usage events. */
  complete?: () => Promise<void>
  isSame?: (existing: Row, sent: Row) => boolean
}

export type Registered<Row> = { row: Row; created: boolean }

/**
 * Writes a row under its ref, once. Sent again with the same content it is the row that is there; with other content it
 * is a conflict (`<what>_exists`) and nothing is written. The insert decides, so two callers at once get one row.
 */
export async function register<Row extends { ref: string; createdAt: number; origin?: 'api' | 'usage' }>({
  what,
  row,
  insert,
  find,
  complete,
  isSame = sameContent,
}: Registration<Row>): Promise<Registered<Row>> {
  const { ref } = row
  try {
    await insert()
    return { row, created: true }
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
  }
  if ((await find())?.origin === 'usage') await complete?.()
  const existing = await find()
  if (existing && isSame(existing, row)) return { row: existing, created: false }
  throw conflict(
    `${what.replaceAll(' ', '_')}_exists`,
    `The ${what} "${ref}" is there already, with other content. Send the same content, or use another reference.`,
  )
}

/** Compares all that the caller decides: everything but when the row was first written. */
export const sameContent = <Row extends { createdAt: number }>(existing: Row, sent: Row): boolean =>
  canonicalJson({ ...existing, createdAt: 0 }) === canonicalJson({ ...sent, createdAt: 0 })
