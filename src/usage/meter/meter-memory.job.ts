import { CycleTotals } from './cycle-total.store.ts'
import { MeterAlarm } from './meter-alarm.store.ts'
import { MeterBilling } from './meter-billing.job.ts'
import type { MeterContext } from './meter-context.store.ts'
import type { MeterSpread } from './meter-spread.job.ts'
import { Turns } from './turns.ts'

/**
 * What a meter holds in memory beside its books, and how all of it follows what is stored: a change that fails leaves
 * neither behind.
 */
export class MeterMemory {
  readonly billing: MeterBilling
  readonly cycleTotals: CycleTotals
  readonly alarm: MeterAlarm
  readonly #meter: MeterContext
  readonly #reopenBooks: () => void
  readonly #exclusive = new Turns(() => this.#recover())

  constructor(meter: MeterContext, reopenBooks: () => void) {
    this.#meter = meter
    this.#reopenBooks = reopenBooks
    this.billing = new MeterBilling(meter)
    this.cycleTotals = new CycleTotals(() => meter.books, this.billing.of)
    this.alarm = new MeterAlarm(meter)
  }

  /** A transaction that memory follows: when it fails, memory is made again from what is stored. */
  change<Answer>(change: () => Answer): Answer {
    try {
      return this.#meter.storage.transactionSync(change)
    } catch (error) {
      this.#recover()
      throw error
    }
  }

  /** Runs what reads the archive or changes what was logged: one after the other, while events come in. */
  alone<Answer>(job: () => Promise<Answer>): Promise<Answer> {
    return this.#exclusive.take(job)
  }

  #recover(): void {
    this.#reopenBooks()
    this.cycleTotals.clear()
    this.alarm.wasUndone()
  }
}

/** A meter with all that its larger jobs work with. */
export type WorkingMeter = MeterContext & { readonly memory: MeterMemory; readonly spread: MeterSpread }
