import { logError } from '../../log.ts'
import { lateContracts, noteLate, type TouchedUsage } from '../late-contracts.store.ts'
import { introduceSightings } from './introduce.job.ts'
import type { WorkingMeter } from './meter-memory.job.ts'

/**
 * Tells the database of contracts that get usage when the invoice of its cycle is due already, so that the close of the
 * month measures these, and need not ask the meters of all others.
 */
export class LateUsage {
  readonly #meter: WorkingMeter
  #isUntold = false

  constructor(meter: WorkingMeter) {
    this.#meter = meter
  }

  /** Notes what a row of the log tells; belongs inside its transaction. */
  note(touched: TouchedUsage): void {
    const { sql, memory } = this.#meter
    if (!noteLate(sql, lateContracts(touched, memory.billing.of))) return
    this.#isUntold = true
    memory.alarm.setForIntroduction()
  }

  /**
   * Tells it before the usage is answered for, so that a close which follows knows: once a day for a contract. Where the
   * database is out of reach, the alarm does it.
   */
  async tell(): Promise<void> {
    if (!this.#isUntold) return
    this.#isUntold = false
    try {
      await introduceSightings(this.#meter)
    } catch (error) {
      logError(error, { meter: this.#meter.name, job: 'tell of late usage' })
    }
  }
}
