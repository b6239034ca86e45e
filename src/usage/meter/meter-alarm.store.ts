import { realTime } from '../../clock/clock.store.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { noteSightings, type Seen } from '../sighting.store.ts'
import { archiveDueAt } from './archive.store.ts'
import type { MeterContext } from './meter-context.store.ts'

/** How soon a customer or product that was not heard of before is made known. */
const INTRODUCE_MS = 1_000
const RETRY_MS = 30_000
/** A log of this size is archived a minute later, when the rush that filled it may be over. */
const ARCHIVE_FULL_CHARS = 4 * 1024 * 1024
const ARCHIVE_MS = 60_000

/** When a meter wants to be woken: to tell of what it has heard of, and to archive its log. */
export class MeterAlarm {
  readonly #meter: MeterContext
  #setTo: Instant | null = null
  /** How much has been logged since the last alarm. */
  #logChars = 0
  /** Products that were heard of since the meter woke. */
  readonly #sighted = new Set<string>()

  constructor(meter: MeterContext) {
    this.#meter = meter
  }

  /** Recalls what was set before the meter slept. */
  async recall(): Promise<void> {
    this.#setTo = await this.#meter.storage.getAlarm()
  }

  noteLogged(chars: number): void {
    this.#logChars += chars
  }

  /** Sets the alarm for what was recorded just now, unless one comes early enough. */
  noteSeen(seen: readonly Seen[]): void {
    const unheard = seen.filter(({ products }) => products.some(([ref]) => !this.#sighted.has(ref)))
    const isNews = unheard.map((one) => noteSightings(this.#meter.sql, one)).some((added) => added > 0)
    for (const { products } of unheard) for (const [ref] of products) this.#sighted.add(ref)
    if (isNews) this.setForIntroduction()
    else if (this.#logChars >= ARCHIVE_FULL_CHARS) this.#set(realTime() + ARCHIVE_MS)
    else if (this.#setTo === null) this.setForArchive()
  }

  /** A transaction was undone, and with it perhaps the alarm that it had set, and what it had heard of. */
  wasUndone(): void {
    this.#sighted.clear()
    this.#setTo = null
    this.setForRetry()
  }

  /** The alarm has rung. */
  rang(): void {
    this.#setTo = null
    this.#logChars = 0
  }

  setForIntroduction(): void {
    this.#set(realTime() + INTRODUCE_MS)
  }

  setForArchive(): void {
    const due = archiveDueAt(this.#meter.sql, realTime())
    if (due !== null) this.#set(due)
  }

  setForRetry(): void {
    this.#set(realTime() + RETRY_MS)
  }

  #set(due: Instant): void {
    if (this.#setTo !== null && this.#setTo <= due) return
    this.#setTo = due
    void this.#meter.storage.setAlarm(due)
  }
}
