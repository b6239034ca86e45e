import type { LocalDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import type { StatusLook } from './status.tsx'

/** How an invoice stands for whoever looks at it: its state, and what time and the chain make of it. */
export type Standing = 'paid' | 'processing' | 'overdue' | 'partly_paid' | 'open'

/**
 * Money under way comes before lateness: who has sent it must not be told to pay. The due date itself is not late.
 *
 * @param today local date of the seller, whose zone the due date is in
 */
export function standingOf(
  invoice: { total: Minor; dueDate: LocalDate },
  allocated: Minor,
  today: LocalDate,
  underWay = false,
): Standing {
  if (allocated >= invoice.total) return 'paid'
  if (underWay) return 'processing'
  if (today > invoice.dueDate) return 'overdue'
  return allocated > 0n ? 'partly_paid' : 'open'
}

export const STANDING_LOOKS: Record<Standing, StatusLook> = {
  paid: { word: 'Paid', shape: 'check', tone: 'good' },
  processing: { word: 'Processing', shape: 'clock', tone: 'info' },
  overdue: { word: 'Overdue', shape: 'triangle', tone: 'bad' },
  partly_paid: { word: 'Partly paid', shape: 'half', tone: 'warn' },
  open: { word: 'Open', shape: 'ring', tone: 'info' },
}
