import { type Column, getTableColumns, type InferInsertModel, type SQL, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'

export type Db = DrizzleD1Database
/** A write that takes part in one D1 batch. */
export type Statement = BatchItem<'sqlite'>

export const openDb = (d1: D1Database): Db => drizzle(d1)

/** Commits all statements in one transaction, or none of them. */
export async function commit(db: Db, statements: readonly Statement[]): Promise<void> {
  if (statements.length === 0) return
  await db.batch(statements as [Statement, ...Statement[]])
}

/** Fails as `commit` would, and where that would have gone well takes everything back: nothing is left of it. */
export async function rehearse(db: Db, statements: readonly Statement[]): Promise<void> {
  if (statements.length === 0) return
  const takeBack = db.select({ never: sql`json('taken back')` }).from(sql`(SELECT 1)`)
  try {
    await commit(db, [...statements, takeBack])
  } catch (error) {
    if (!mentions(error, 'malformed JSON')) throw error
  }
}

/** A D1 parameter holds 2 MB; a UTF-16 unit of JSON takes three bytes of it at the most. */
const PARAMETER_LENGTH_MAX = 600_000

/**
 * INSERTs for any number of rows: they travel as JSON in single parameters, since a D1 statement takes at most 100; one
 * statement, unless the text is too long for one. A row whose key exists fails the batch, or is left out with
 * `ignoreExisting`. Amounts travel as JSON integers, so SQLite stores them exactly.
 */
export function insertRows<T extends SQLiteTable>(
  db: Db,
  table: T,
  rows: readonly InferInsertModel<T>[],
  { ignoreExisting = false } = {},
): Statement[] {
  const columns = Object.entries(getTableColumns(table))
  const texts = rows.map((row) => {
    const cells = columns.map(([field, column]) => {
      const value = (row as Record<string, unknown>)[field]
      return value === undefined || value === null ? null : column.mapToDriverValue(value)
    })
    return JSON.stringify(cells)
  })
  const values: SQL = sql.join(
    columns.map((_, place) => sql`json_extract(value, ${sql.raw(`'$[${place}]'`)})`),
    sql`, `,
  )
  return jsonArrays(texts).map((data) => {
    // WHERE true keeps SQLite from reading ON CONFLICT as the ON of a join.
    const insert = db.insert(table).select(sql`SELECT ${values} FROM json_each(${data}) WHERE true`)
    return ignoreExisting ? insert.onConflictDoNothing() : insert
  })
}

/** JSON arrays of the texts in their order, each short enough for one parameter. */
function jsonArrays(texts: readonly string[]): string[] {
  const arrays: string[] = []
  let start = 0
  let length = 0
  for (const [place, text] of texts.entries()) {
    if (length + text.length > PARAMETER_LENGTH_MAX && place > start) {
      arrays.push(`[${texts.slice(start, place).join()}]`)
      start = place
      length = 0
    }
    length += text.length + 1
  }
  return start < texts.length ? [...arrays, `[${texts.slice(start).join()}]`] : arrays
}

/** True for any of the values, however many: they travel as one parameter, since a statement takes at most 100. */
export const inList = (column: Column, values: readonly string[]): SQL =>
  sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`

/** The same of several columns together: true where they are as in any of the rows. */
export const inTuples = (
  columns: readonly Column[],
  rows: readonly (readonly (string | number)[])[],
): SQL => {
  const values = columns.map((_, place) => sql`json_extract(value, ${sql.raw(`'$[${place}]'`)})`)
  return sql`(${sql.join([...columns], sql`, `)}) IN
    (SELECT ${sql.join(values, sql`, `)} FROM json_each(${JSON.stringify(rows)}))`
}

/** True when a commit failed on a UNIQUE or PRIMARY KEY constraint, whoever wrapped the error. */
export const isUniqueViolation = (error: unknown): boolean => mentions(error, 'UNIQUE constraint failed')

/** True when a trigger of `migrations/` refused the batch with this text. */
export const isRefusedBy = (error: unknown, guard: string): boolean => mentions(error, guard)

function mentions(error: unknown, text: string): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause.message.includes(text)) return true
  return false
}
