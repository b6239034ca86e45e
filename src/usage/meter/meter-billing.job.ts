import { realTime } from '../../clock/clock.store.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { openDb } from '../../storage/db.store.ts'
import { calendarOf } from '../calendar.job.ts'
import { keepCalendar, readCalendar } from '../calendar.store.ts'
import { type Billing, type MeterCalendar, rememberedBilling } from '../meter-calendar.ts'
import type { MeterContext } from './meter-context.store.ts'

/** How long a meter that found no contract for an event waits before it looks again. */
const LOOK_AGAIN_MS = 10_000

/** What a meter knows of its customer's contracts. */
export class MeterBilling {
  readonly #meter: MeterContext
  #calendar: MeterCalendar
  #remembered: ReturnType<typeof rememberedBilling>
  #lookedUpAt = Number.NEGATIVE_INFINITY

  constructor(meter: MeterContext) {
    this.#meter = meter
    this.#calendar = readCalendar(meter.sql)
    this.#remembered = rememberedBilling(this.#calendar)
  }

  get calendar(): MeterCalendar {
    return this.#calendar
  }

  /** The contract that bills a product at an instant, and its cycle. */
  readonly of = (productRef: string, at: Instant): Billing | undefined => this.#remembered(productRef, at)

  /** Learns a calendar; false for one older than the one known. */
  learn(calendar: MeterCalendar): boolean {
    if (calendar.revision < this.#calendar.revision) return false
    keepCalendar(this.#meter.sql, calendar)
    this.#calendar = calendar
    this.#remembered = rememberedBilling(calendar)
    return true
  }

  /**
   * Looks for contracts that nobody has told the meter of yet, because an event came before the lesson did. Undefined
   * when it has looked just now.
   */
  async lookUp(): Promise<MeterCalendar | undefined> {
    if (realTime() - this.#lookedUpAt < LOOK_AGAIN_MS) return undefined
    this.#lookedUpAt = realTime()
    return calendarOf(openDb(this.#meter.env.DB), this.#meter.customerRef)
  }
}
