import { waitingForArchive } from './archive.store.ts'
import type { MeterContext } from './meter-context.store.ts'

/** What one object holds, and what it has written since it woke. */
export type MeterFacts = {
  /** That count by now. */
  events: number
  logBytes: number
  databaseBytes: number
  rowsWritten: number
  /** Lines of the log that these rows were written for. */
  eventsWritten: number
}

export function meterFacts(
  { sql, books }: MeterContext,
  sinceAwake: { rowsWritten: number; firstNumber: number },
): MeterFacts {
  const own = books.totals.own()
  return {
    events: own.reduce((events, cell) => events + cell.events, 0),
    logBytes: waitingForArchive(sql).bytes,
    databaseBytes: sql.databaseSize,
    rowsWritten: sinceAwake.rowsWritten,
    eventsWritten: books.lastNumber - sinceAwake.firstNumber,
  }
}

export const sumOfFacts = (all: readonly MeterFacts[]): MeterFacts => ({
  events: total(all, 'events'),
  logBytes: total(all, 'logBytes'),
  databaseBytes: total(all, 'databaseBytes'),
  rowsWritten: total(all, 'rowsWritten'),
  eventsWritten: total(all, 'eventsWritten'),
})

const total = (all: readonly MeterFacts[], field: keyof MeterFacts): number =>
  all.reduce((sum, facts) => sum + facts[field], 0)
