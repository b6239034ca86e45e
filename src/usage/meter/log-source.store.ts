import { assert } from '../../kernel/problem.ts'
import type { Period } from '../period.ts'

/** A run of numbers that is read at once: a row of the log, or a segment of the archive. */
export type Source = { first_number: number; last_number: number; last_at: number }

/** Rows and segments that may hold events of the period, those that reach furthest first. */
export const sourcesOf = (sql: SqlStorage, { start, end }: Period): Source[] =>
  sql
    .exec<Source>(
      `SELECT first_number, last_number, last_at FROM log WHERE last_at >= ? AND first_at < ?
       UNION ALL
       SELECT first_number, last_number, last_at FROM segments
       WHERE archived = 1 AND last_at >= ? AND first_at < ?
       ORDER BY last_at DESC, first_number DESC`,
      start,
      end,
      start,
      end,
    )
    .toArray()

/** Where the event of a number lies. */
export function sourceOf(sql: SqlStorage, number: number): Source {
  const [source] = sql.exec<Source>(
    `SELECT first_number, last_number, last_at FROM log WHERE ? BETWEEN first_number AND last_number
     UNION ALL
     SELECT first_number, last_number, last_at FROM segments WHERE archived = 1 AND ? BETWEEN first_number AND last_number`,
    number,
    number,
  )
  assert(source !== undefined, `event ${number} is in the log or in the archive`)
  return source
}
