import type { Context } from 'hono'
import { csvText, wantsCsv } from '../http/csv.http.ts'
import { invalid } from '../kernel/problem.ts'
import { type ListedEvent, ReportColumns } from './event-columns.ts'

export const NDJSON = 'application/x-ndjson'
const COLUMNS_MAX = 500

/** In which form all events are asked for at once; undefined for a page of them. */
export function exportForm(c: Context): 'csv' | 'ndjson' | undefined {
  if (wantsCsv(c)) return 'csv'
  return (c.req.header('accept') ?? '').includes(NDJSON) ? 'ndjson' : undefined
}

/** One event on each line. */
export async function* ndjsonOf(parts: AsyncIterable<ListedEvent[]>): AsyncGenerator<string> {
  for await (const events of parts) yield events.map((event) => `${JSON.stringify(event)}\n`).join('')
}

/**
 * A CSV file. The events are read twice, since the first line names the keys of report data that any of them has.
 *
 * Throws a Problem `too_many_columns`.
 */
export async function* csvOf(read: () => AsyncIterable<ListedEvent[]>): AsyncGenerator<string> {
  const columns = new ReportColumns()
  for await (const events of read()) {
    for (const event of events) columns.note(event)
    if (columns.size > COLUMNS_MAX) throw tooManyColumns()
  }
  yield csvText([columns.header()])
  for await (const events of read()) yield csvText(events.map((event) => columns.row(event)))
}

const tooManyColumns = () =>
  invalid(
    'too_many_columns',
    `A CSV file takes up to ${COLUMNS_MAX} keys of report data. Ask for ${NDJSON}, or for a shorter time.`,
  )
