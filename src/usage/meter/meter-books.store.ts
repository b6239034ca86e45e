import type { Instant } from '../../kernel/calendar.ts'
import { ENTRY_WORDS } from '../known-ids/id-entry.ts'
import { KnownIds } from '../known-ids/known-ids.store.ts'
import { markLate } from '../late.store.ts'
import { CLOCK_SKEW_MS } from '../usage-event.ts'
import { type LogRow, lastNumber, lastReceivedAt, linesOfRow, rowsAfter } from './log.store.ts'
import { isRevision, readLogLines } from './logged-event.ts'
import { MetricStates } from './metric-states.store.ts'
import { ProductMetrics } from './product-metrics.store.ts'
import { Totals } from './totals.store.ts'

/** So much may be held in the log and in memory alone: a meter that wakes reads it again. */
const UNSAVED_ROWS_MAX = 256
const UNSAVED_EVENTS_MAX = 8_192
/** Ids are remembered for 35 days after they were heard of last; a week more is left to hear of them again. */
const DAY_MS = 24 * 60 * 60_000
const HEARD_AGAIN_AFTER_MS = 7 * DAY_MS
const REMEMBERED_MS = 35 * DAY_MS

/**
 * What a meter knows: ids, totals and states, each a fold of the log. They are saved together, with the number of the
 * log up to which they were; what came after is read from the log again when the meter wakes.
 */
export class MeterBooks {
  readonly #sql: SqlStorage
  readonly ids: KnownIds
  readonly totals: Totals
  readonly metrics: ProductMetrics
  readonly states: MetricStates
  lastNumber: number
  /** When the latest event came. */
  receivedAt: Instant
  /** Ids of events before this instant may be forgotten, so that an unknown one is not taken any more. */
  forgottenBefore: Instant
  savedTo: number
  #unsavedRows = 0

  constructor(sql: SqlStorage) {
    this.#sql = sql
    this.ids = new KnownIds(sql)
    this.totals = new Totals(sql)
    this.metrics = new ProductMetrics(sql)
    this.states = new MetricStates(sql, this.metrics)
    this.lastNumber = lastNumber(sql)
    this.receivedAt = lastReceivedAt(sql)
    this.savedTo = savedTo(sql)
    this.forgottenBefore = forgottenBefore(sql)
    for (const row of rowsAfter(sql, this.savedTo)) {
      this.ids.take(row.ids)
      this.#take(row, () => linesOfRow(sql, row.firstNumber))
    }
  }

  /** Counts a row that stands in the log by the end of the same transaction, and whose ids are known already. */
  count(row: LogRow): void {
    this.lastNumber = row.lastNumber
    this.ids.count(row.ids)
    this.#take(row, () => row.lines)
    this.saveIfDue()
  }

  /** Stores what memory alone holds. Belongs inside one transaction. */
  save(): void {
    if (this.#unsavedRows === 0) return
    this.ids.save(this.receivedAt)
    this.states.save(this.lastNumber)
    markLate(this.#sql, this.totals.save(this.lastNumber))
    this.savedTo = this.lastNumber
    this.#unsavedRows = 0
    this.#sql.exec('INSERT OR REPLACE INTO progress (id, saved_to) VALUES (1, ?)', this.savedTo)
  }

  /** True for an id that was heard of so long ago that it must be remembered anew. */
  isFading(heardBefore: Instant | undefined, now: Instant): boolean {
    return heardBefore !== undefined && heardBefore < now - HEARD_AGAIN_AFTER_MS
  }

  /** Remembers an old id anew, under its number. */
  hearAgain(entries: Uint32Array, at: number): void {
    this.ids.take(entries.slice(at, at + ENTRY_WORDS))
    this.#unsavedRows = UNSAVED_ROWS_MAX
  }

  saveIfDue(): void {
    if (this.#unsavedRows >= UNSAVED_ROWS_MAX || this.lastNumber - this.savedTo >= UNSAVED_EVENTS_MAX)
      this.save()
  }

  /**
   * Forgets ids that were heard of last before both instants, by whole runs. From then on unknown events of that time
   * are refused, whatever contracts come to say: one of them may have been counted.
   */
  forgetIds(now: Instant, openSince: Instant): void {
    const horizon = Math.min(now - REMEMBERED_MS - HEARD_AGAIN_AFTER_MS, openSince)
    if (this.ids.forget(horizon)) this.refuseBefore(horizon + CLOCK_SKEW_MS)
  }

  /** Refuses unknown events before an instant. */
  refuseBefore(instant: Instant): void {
    if (instant <= this.forgottenBefore) return
    this.forgottenBefore = instant
    this.#sql.exec('INSERT OR REPLACE INTO forgotten (id, before) VALUES (1, ?)', instant)
  }

  #take(row: Omit<LogRow, 'lines' | 'firstAt' | 'lastAt'>, lines: () => string): void {
    this.#unsavedRows++
    this.receivedAt = Math.max(this.receivedAt, row.receivedAt)
    this.totals.add(row.cells)
    if (this.metrics.isEmpty || !row.cells.some(([productRef]) => this.metrics.keptOf(productRef).length > 0))
      return
    for (const event of readLogLines(lines(), row.firstNumber)) {
      // A revision has changed the states itself.
      if (!isRevision(event)) this.states.add(event)
    }
  }
}

const forgottenBefore = (sql: SqlStorage): Instant =>
  [...sql.exec<{ before: number }>('SELECT before FROM forgotten')][0]?.before ?? 0

const savedTo = (sql: SqlStorage): number =>
  [...sql.exec<{ saved_to: number }>('SELECT saved_to FROM progress')][0]?.saved_to ?? 0
