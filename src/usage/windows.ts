import { addDays, addMonths, firstOfMonth, type Instant, localDate, startOfDay } from '../kernel/calendar.ts'
import type { Period } from './period.ts'

export const WINDOWS = ['hour', 'day', 'month'] as const
export type Window = (typeof WINDOWS)[number]

export const HOUR_MS = 3_600_000

/** Cells by the window of a time zone that they lie in, in the order of time; a window without any is left out. */
export function cellsByWindow<T extends { at: Instant }>(
  cells: readonly T[],
  window: Window,
  zone: string,
): { period: Period; cells: T[] }[] {
  const byStart = new Map<Instant, { period: Period; cells: T[] }>()
  let frame: Period | undefined
  for (const cell of [...cells].sort((a, b) => a.at - b.at)) {
    // Finding days in a time zone is dear, so one that holds for the next cell too is kept.
    if (!frame || cell.at >= frame.end) frame = frameAt(cell.at, window, zone)
    const period = window === 'hour' ? hourOf(cell.at, frame) : frame
    const held = byStart.get(period.start)
    if (held) held.cells.push(cell)
    else byStart.set(period.start, { period, cells: [cell] })
  }
  return [...byStart.values()]
}

/**
 * The window of a time zone that an instant lies in. Hours are counted from local midnight, so that they are the full
 * hours of zones at half an hour too, and follow each other without gap on days on which the clock changes.
 */
export function windowAt(at: Instant, window: Window, zone: string): Period {
  const frame = frameAt(at, window, zone)
  return window === 'hour' ? hourOf(at, frame) : frame
}

/** The month, or the day that days and hours are found in. */
function frameAt(at: Instant, window: Window, zone: string): Period {
  const date = localDate(at, zone)
  const [first, last] =
    window === 'month' ? [firstOfMonth(date), addMonths(firstOfMonth(date), 1)] : [date, addDays(date, 1)]
  return { start: startOfDay(first, zone), end: startOfDay(last, zone) }
}

function hourOf(at: Instant, day: Period): Period {
  const start = at - ((at - day.start) % HOUR_MS)
  return { start, end: Math.min(start + HOUR_MS, day.end) }
}
