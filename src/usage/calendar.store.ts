import { EMPTY_CALENDAR, type MeterCalendar } from './meter-calendar.ts'

export function readCalendar(sql: SqlStorage): MeterCalendar {
  const [row] = sql.exec<{ content: string }>('SELECT content FROM calendar')
  return row ? JSON.parse(row.content) : EMPTY_CALENDAR
}

export function keepCalendar(sql: SqlStorage, calendar: MeterCalendar): void {
  sql.exec('INSERT OR REPLACE INTO calendar (id, content) VALUES (1, ?)', JSON.stringify(calendar))
}
