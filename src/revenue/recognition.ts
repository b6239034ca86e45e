import type { RecognitionMethod } from '../catalog/product.ts'
import { addDays, type Instant, type LocalDate, startOfDay } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import { credit, debit, type JournalEntry, journalEntry } from '../ledger/journal-entry.ts'
import { type BilledService, revenueMonths } from './schedule.ts'

/** Whose books a piece of revenue belongs to, and what it was billed for. */
type RevenueSource = {
  lineId: string
  invoiceId: string
  entityRef: string
  customerRef: string
  contractRef: string
  productRef: string
  currency: string
}

/** An invoice line that waits for its schedule; `timezone` is the legal entity's. */
export type UnscheduledLine = RevenueSource & BilledService & { method: RecognitionMethod; timezone: string }

export type Schedule = RevenueSource &
  Omit<BilledService, 'usageByMonth'> & { method: RecognitionMethod; createdAt: Instant }

export type ScheduleMonth = {
  id: string
  lineId: string
  month: string
  postingDate: LocalDate
  amount: Minor
  /** When it is to be posted: the posting date is over, where the seller keeps its books. */
  dueAt: Instant
}

/** A month whose day has come, and what it belongs to. */
export type DueMonth = RevenueSource & ScheduleMonth

/** The schedule of an invoice line and its months. A month that is over already is due at once. */
export function planSchedule(
  { usageByMonth, method, timezone, ...line }: UnscheduledLine,
  now: Instant,
): { schedule: Schedule; months: ScheduleMonth[] } {
  const months = revenueMonths({ ...line, usageByMonth }, method).map((month) => ({
    ...month,
    id: `${line.lineId}:${month.month}`,
    lineId: line.lineId,
    dueAt: startOfDay(addDays(month.postingDate, 1), timezone),
  }))
  return { schedule: { ...line, method, createdAt: now }, months }
}

/**
 * The entry of one month's revenue: Dr contract position / Cr revenue. What was billed before leaves the contract
 * liability; what is performed before it is billed stands as an unbilled receivable until the invoice comes.
 */
export function recognitionEntry(due: DueMonth, now: Instant): JournalEntry {
  const { customerRef, contractRef, invoiceId, productRef } = due
  const dimensions = { customerRef, contractRef, invoiceId, productRef }
  return journalEntry({
    entityRef: due.entityRef,
    postingDate: due.postingDate,
    event: 'revenue_recognised',
    sourceId: due.id,
    currency: due.currency,
    description: `Revenue of ${due.month}: ${productRef}`,
    recordedAt: now,
    postings: [debit('contract_position', due.amount, dimensions), credit('revenue', due.amount, dimensions)],
  })
}
