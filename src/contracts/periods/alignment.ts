import { type LocalDate, mondayOf } from '../../kernel/calendar.ts'
import type { Alignment, CycleUnit } from '../contract.ts'

/**
 * The date that billing cycles are counted from. By anniversary it is the contract's start. By the calendar it is a date
 * on or before the start from which every cycle begins where people expect it: weeks on Monday, months on the 1st,
 * quarters in January, April, July and October, half-years in January and July, years on 1 January. The first cycle is
 * then the stub up to the next of those.
 *
 * @example anchorOf('2026-02-10', 'QUARTERLY', 'calendar') // '2026-01-01': the first cycle ends on 1 April
 */
export function anchorOf(start: LocalDate, unit: CycleUnit, alignment: Alignment): LocalDate {
  if (alignment === 'anniversary' || unit === 'DAILY') return start
  return unit === 'WEEKLY' ? mondayOf(start) : `${start.slice(0, 4)}-01-01`
}
