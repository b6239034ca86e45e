/** An object holds up to 10 GB: long before that a meter spreads, and should that not do, it takes no more. */
const SPREAD_BYTES = 3 * 1024 ** 3
const FULL_BYTES = 7 * 1024 ** 3

/** How much an object holds, looked at when it wakes and at each alarm. */
export class MeterSize {
  readonly #sql: SqlStorage
  #bytes: number

  constructor(sql: SqlStorage) {
    this.#sql = sql
    this.#bytes = sql.databaseSize
  }

  lookAgain(): void {
    this.#bytes = this.#sql.databaseSize
  }

  get isLarge(): boolean {
    return this.#bytes >= SPREAD_BYTES
  }

  get isFull(): boolean {
    return this.#bytes >= FULL_BYTES
  }
}
