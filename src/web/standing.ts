import { type Settlement, settledAmount } from '../invoicing/settlement.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import type { StatusLook } from './status.tsx'

/** How an invoice stands for whoever looks at it: its state, and what time and the chain make of it. */
export type Standing =
  | 'paid'
  | 'processing'
  | 'overdue'
  | 'partly_paid'
  | 'open'
  | 'void'
  | 'written_off'
  | 'credited'

/**
 * Money under way comes before lateness: who has sent it must not be told to pay. The due date itself is not late.
 *
 * @param today local date of the seller, whose zone the due date is in
 */
export function standingOf(
  invoice: { total: Minor; dueDate: LocalDate },
  settlement: Settlement,
  today: LocalDate,
  underWay = false,
): Standing {
  if (settlement.voided !== 0n) return 'void'
  if (settledAmount(settlement) >= invoice.total) return settledBy(settlement)
  if (underWay) return 'processing'
  if (today > invoice.dueDate) return 'overdue'
  return settlement.paid > 0n ? 'partly_paid' : 'open'
}

/** What an invoice came to its end by, where nothing is open any more. */
function settledBy({ paid, credited, writtenOff }: Settlement): Standing {
  if (writtenOff !== 0n) return 'written_off'
  return paid === 0n && credited !== 0n ? 'credited' : 'paid'
}

export const STANDING_LOOKS: Record<Standing, StatusLook> = {
  paid: { word: 'Paid', shape: 'check', tone: 'good' },
  processing: { word: 'Processing', shape: 'clock', tone: 'info' },
  overdue: { word: 'Overdue', shape: 'triangle', tone: 'bad' },
  partly_paid: { word: 'Partly paid', shape: 'half', tone: 'warn' },
  open: { word: 'Open', shape: 'ring', tone: 'info' },
  void: { word: 'Void', shape: 'ring', tone: 'info' },
  written_off: { word: 'Written off', shape: 'triangle', tone: 'bad' },
  credited: { word: 'Credited', shape: 'check', tone: 'info' },
}
