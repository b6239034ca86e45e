import type { Period } from '../period.ts'

/** A row of the log, or a segment of the archive: events whose numbers follow each other. */
export type Run = { firstNumber: number; lastNumber: number; isArchived: boolean }

type RunRow = { first_number: number; last_number: number; archived: number }

const RUNS = `
  SELECT first_number, last_number, first_at, last_at, 0 AS archived FROM log
  UNION ALL
  SELECT first_number, last_number, first_at, last_at, 1 AS archived FROM segments WHERE archived = 1`

const runOf = ({ first_number, last_number, archived }: RunRow): Run => ({
  firstNumber: first_number,
  lastNumber: last_number,
  isArchived: archived === 1,
})

/** All runs, in the order in which the events came. */
export const allRuns = (sql: SqlStorage): Run[] =>
  Array.from(sql.exec<RunRow>(`${RUNS} ORDER BY first_number`), runOf)

/** The next run after a number that may hold events of the period; an amended event can be of any time. */
export function runAfter(sql: SqlStorage, number: number, { start, end }: Period): Run | undefined {
  const [row] = sql.exec<RunRow>(
    `SELECT first_number, last_number, archived FROM (${RUNS}) AS run WHERE last_number > ?
     AND ((last_at >= ? AND first_at < ?) OR EXISTS (
       SELECT 1 FROM revisions WHERE number BETWEEN run.first_number AND run.last_number
       AND occurred_at >= ? AND occurred_at < ?))
     ORDER BY first_number LIMIT 1`,
    number,
    start,
    end,
    start,
    end,
  )
  return row && runOf(row)
}
