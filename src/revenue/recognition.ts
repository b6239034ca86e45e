import type { RecognitionMethod } from '../catalog/product.ts'
import type { Instant, LocalDate } from '../kernel/calendar.ts'
import { type Book, credit, debit, type JournalEntry, journalEntry } from '../ledger/journal-entry.ts'
import type { UnmetDays } from './accounting/criteria.ts'
import type { Portion } from './recognition/line.ts'
import type { BilledService, RevenuePortion } from './schedule.ts'

/** Whose books a piece of revenue belongs to, and what it was billed for. */
type RevenueSource = {
  lineId: string
  /** Null for an obligation of a contract that is accounted for as a whole. */
  invoiceId: string | null
  entityRef: string
  customerRef: string
  contractRef: string
  productRef: string
  currency: string
}

/**
 * An invoice line, or what was taken back of one (then negative), that waits for its schedule; `timezone` is the legal
 * entity's. Nothing of it is booked before `bookedFrom`, the day on which it was taken back.
 */
export type UnscheduledLine = RevenueSource &
  BilledService & {
    method: RecognitionMethod
    timezone: string
    bookedFrom?: LocalDate | undefined
    /** Days without a contract; undefined where step 1 of its contract was never judged. */
    unmet?: UnmetDays | undefined
  }

export type Schedule = RevenueSource &
  Omit<BilledService, 'usageByMonth'> & {
    method: RecognitionMethod
    book: Book
    /** The day on which an obligation was agreed. */
    bookedOn: LocalDate | null
    createdAt: Instant
  }

export type ScheduleEntry = RevenuePortion & {
  id: string
  lineId: string
  cause: Portion['cause']
  /** When it is to be posted: the posting date is over, where the seller keeps its books. */
  dueAt: Instant
}

/** An entry whose day is over, and what it belongs to; `accrual` is not null for what was accrued before its invoice. */
export type DueEntry = RevenueSource &
  ScheduleEntry &
  Pick<Schedule, 'method' | 'book'> & { accrual?: string | null | undefined }

export type PlannedSchedule = { schedule: Schedule; entries: ScheduleEntry[] }

/**
 * The journal entry of one portion of revenue: Dr contract position / Cr revenue. What was billed before leaves the contract
 * liability; what is performed before it is billed stands as an unbilled receivable until the invoice comes.
 */
export function recognitionEntry(due: DueEntry, now: Instant): JournalEntry {
  const { customerRef, contractRef, invoiceId, productRef } = due
  const dimensions = { customerRef, contractRef, ...(invoiceId !== null && { invoiceId }), productRef }
  const what = due.cause === 'catch_up' ? 'Catch-up of revenue on' : 'Revenue of'
  const day = due.method === 'usage' || due.accrual ? due.month : due.postingDate
  return journalEntry({
    book: due.book,
    entityRef: due.entityRef,
    postingDate: due.postingDate,
    event: 'revenue_recognised',
    sourceId: due.id,
    currency: due.currency,
    description: `${what} ${day}${due.accrual ? ' before its invoice' : ''}: ${productRef}`,
    recordedAt: now,
    postings: [debit('contract_position', due.amount, dimensions), credit('revenue', due.amount, dimensions)],
  })
}
