import { realTime } from '../../clock/clock.store.ts'
import { logError } from '../../log.ts'
import { askMeter, type MeterStub } from '../ask-meter.job.ts'
import { SHARDS_MAX, type Spread, shardName } from '../shards.ts'
import type { MeterContext } from './meter-context.store.ts'
import { adoptSpread } from './spread.job.ts'
import { keepSpread, readSpread, type SpreadSetting } from './spread.store.ts'
import { Turns } from './turns.ts'

/** How long a meter goes on as it has been spread before it spreads further by itself: one rush is no reason twice. */
const SPREAD_AGAIN_MS = 10_000

/** How many shards at least, and whether more may come by themselves; what is not named stays. */
export type SpreadChange = { shards?: number | undefined; automatic?: boolean | undefined }

/** This shard's knowledge of how the meter is spread, and its way to the others. */
export class MeterSpread {
  readonly #meter: MeterContext
  #setting: SpreadSetting
  #changedAt = Number.NEGATIVE_INFINITY
  readonly #adopting = new Turns()

  constructor(meter: MeterContext) {
    this.#meter = meter
    this.#setting = readSpread(meter.sql)
  }

  get setting(): SpreadSetting {
    return this.#setting
  }

  get spread(): Spread {
    return this.#setting.spread
  }

  get shards(): number {
    return this.spread.at(-1)!
  }

  /** Asks every other shard, where this is the first. */
  others<Answer>(ask: (shard: MeterStub) => Promise<Answer>): Promise<Answer>[] {
    const { env, customerRef, shard } = this.#meter
    return Array.from({ length: shard === 0 ? this.shards - 1 : 0 }, (_, index) =>
      askMeter(env, shardName(customerRef, index + 1), ask),
    )
  }

  /** What this shard answers, and all others where it is the first. */
  async withOthers<Answer>(
    own: Promise<Answer[]>,
    ask: (shard: MeterStub) => Promise<Answer[]>,
  ): Promise<Answer[]> {
    return (await Promise.all([own, ...this.others(ask)])).flat()
  }

  /** Decides on a wider spread; only the first shard does. */
  widen({ shards = 1, automatic = this.#setting.automatic }: SpreadChange): void {
    const spread = shards > this.shards ? [...this.spread, shards] : this.spread
    const setting = { spread, automatic }
    keepSpread(this.#meter.sql, setting)
    this.#keep(setting)
  }

  /** Learns of a wider spread that the first shard has decided on. */
  adopt(spread: Spread): Promise<void> {
    if (!this.#isWider(spread)) return Promise.resolve()
    return this.#adopting.take(async () => {
      if (this.#isWider(spread)) this.#keep(await adoptSpread(this.#meter, spread))
    })
  }

  /** Asks for twice as many shards, where the meter may spread by itself and has not done so just now. */
  async askForMore(): Promise<void> {
    const { env, customerRef, name } = this.#meter
    const shards = this.shards * 2
    const isSettled = realTime() - this.#changedAt >= SPREAD_AGAIN_MS
    if (!this.#setting.automatic || !isSettled || shards > SHARDS_MAX) return
    this.#changedAt = realTime()
    try {
      await askMeter(env, customerRef, (first) => first.spreadTo({ shards }) as Promise<SpreadSetting>)
    } catch (error) {
      logError(error, { meter: name, job: 'spread' })
    }
  }

  #isWider(spread: Spread): boolean {
    return spread.length > this.spread.length
  }

  #keep(setting: SpreadSetting): void {
    this.#setting = setting
    this.#changedAt = realTime()
  }
}
