import type { EntityFact } from './facts.ts'
import type { Random } from './random.ts'
import type { Answer } from './simulation.ts'

type Send = (method: string, path: string, body: unknown) => Promise<Answer>

const DAY_MS = 86_400_000
/** The first day that anything is posted under, and so many more. */
const RATES_FROM = Date.UTC(2025, 11, 20)
const RATE_DAYS = 220
/** Units of each currency for one EUR, in thousandths; from day to day they go up and down a little. */
const PER_EURO = { USD: 1_085, JPY: 162_000, KWD: 331 }

/** The people who import exchange rates late, and close months and open them again. */
export class Bookkeepers {
  readonly #random: Random
  readonly #entities: readonly EntityFact[]
  readonly #send: Send
  #ratesUpTo = RATES_FROM

  constructor(random: Random, entities: readonly EntityFact[], send: Send) {
    this.#random = random
    this.#entities = entities
    this.#send = send
  }

  async keep(now: number): Promise<void> {
    if (this.#random.chance(0.4)) await this.importRates(now)
    if (this.#random.chance(0.5)) await this.#closeMonth(now)
  }

  /** All rates up to a day, each published once. */
  async importRates(now: number): Promise<void> {
    const rates: object[] = []
    const end = Math.min(now, RATES_FROM + RATE_DAYS * DAY_MS)
    for (; this.#ratesUpTo <= end; this.#ratesUpTo += DAY_MS) {
      const date = new Date(this.#ratesUpTo).toISOString().slice(0, 10)
      for (const [quote, mean] of Object.entries(PER_EURO)) {
        const rate = String((mean * this.#random.int(970, 1_030)) / 1_000_000)
        rates.push({ base: 'EUR', quote, date, rate })
      }
    }
    if (rates.length > 0) await this.#ask('/api/fx-rates?source=ecb', { rates })
  }

  /** The month before, or the one before that: softly, for good, or open again. */
  async #closeMonth(now: number): Promise<void> {
    const { ref } = this.#random.pick(this.#entities)
    const month = new Date(now - this.#random.int(20, 60) * DAY_MS).toISOString().slice(0, 7)
    const action = this.#random.pick(['lock', 'lock', 'unlock', 'close-entries'])
    const soft = action === 'lock' && this.#random.chance(0.5) ? { soft: true } : {}
    const reason = action === 'close-entries' ? {} : { reason: 'As agreed' }
    await this.#ask(`/api/accounting-periods/${month}/${action}`, { entity_ref: ref, ...soft, ...reason })
  }

  async #ask(path: string, body: object): Promise<void> {
    const { status, json } = await this.#send('POST', path, body)
    if (status > 201 && status !== 409)
      throw new Error(`${path} was answered with ${status}: ${JSON.stringify(json)}`)
  }
}
