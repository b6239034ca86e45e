import { realTime } from '../../clock/clock.store.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { unlessBusy } from '../ask-meter.job.ts'
import { type PackedParcel, unpacked } from '../parcel.ts'
import type { Spread } from '../shards.ts'
import type { CycleTotal, ParcelAnswer } from '../verdict.ts'
import { GroupCommit } from './group-commit.ts'
import type { LateUsage } from './late-usage.job.ts'
import { lookUpContracts } from './lessons.job.ts'
import type { WorkingMeter } from './meter-memory.job.ts'
import type { MeterSize } from './meter-size.store.ts'
import { type Delivery, type Judged, recordParcels } from './record.store.ts'
import { knownElsewhere } from './spread.job.ts'
import { answerOf } from './suspects.job.ts'

/** So many calls, or characters of events, may wait for their commit; more are sent away, to come back. */
const WAITING_MAX = 2_000
const WAITING_CHARS_MAX = 16 * 1024 * 1024

/** A delivery, and the spread by which it was sent. */
type Sent = Delivery & { spread: Spread }
type Committed = Judged | { spread: Spread }

/** The way of parcels into the log of a meter. */
export class Intake {
  readonly #meter: WorkingMeter
  readonly #size: MeterSize
  readonly #late: LateUsage
  readonly #commits = new GroupCommit({
    commit: (deliveries: Sent[]) => this.#commit(deliveries),
    sizeOf: ({ parcel }) => parcel.lines.length,
    now: realTime,
  })

  constructor(meter: WorkingMeter, size: MeterSize, late: LateUsage) {
    this.#meter = meter
    this.#size = size
    this.#late = late
  }

  /**
   * Counts the events of a parcel, each once, with other parcels that come at the same time.
   *
   * @param tooMuch is called where the meter has too much to do, and sends the parcel away
   */
  async record(sent: PackedParcel, spread: Spread, tooMuch: () => void): Promise<ParcelAnswer> {
    const parcel = unpacked(sent)
    const meter = this.#meter
    await meter.spread.adopt(spread)
    const { of } = meter.memory.billing
    if (parcel.cells.some(([productRef, bucket]) => !of(productRef, bucket))) await lookUpContracts(meter)
    const elsewhere = await unlessBusy(knownElsewhere(meter, parcel.ids))
    if (!elsewhere) return { busy: true }
    // Asked last: calls that waited for something else have come together by now.
    if (this.#isBusy) {
      tooMuch()
      return { busy: true }
    }
    const judged = await this.#commits.add({ parcel, elsewhere, spread })
    if ('spread' in judged) return judged
    await this.#late.tell()
    return answerOf(meter, parcel, judged, (productRef, at) => this.#cycleTotal(productRef, at))
  }

  get #isBusy(): boolean {
    const { length, size } = this.#commits
    return length >= WAITING_MAX || size >= WAITING_CHARS_MAX || this.#size.isFull
  }

  #commit(sent: Sent[]): Committed[] {
    // A parcel that was sent by an earlier spread may hold ids that belong to other shards by now.
    const { spread } = this.#meter.spread
    const own = sent.filter((one) => one.spread.length === spread.length)
    const judged = this.#meter.memory.change(() => this.#log(own))
    let next = 0
    return sent.map((one) => (one.spread.length === spread.length ? judged[next++]! : { spread }))
  }

  #log(own: Sent[]): Judged[] {
    const { sql, books, memory } = this.#meter
    const { alarm, billing, cycleTotals } = memory
    const before = books.lastNumber
    const answers = recordParcels(sql, books, own, billing.of, (row) => {
      cycleTotals.add(row.cells)
      alarm.noteLogged(row.lines.length)
      this.#late.note(row)
    })
    if (books.lastNumber > before) alarm.noteSeen(own.map(({ parcel }) => parcel))
    return answers
  }

  /** A shard knows what it has counted itself alone, so that a meter that is spread shows no total. */
  #cycleTotal(productRef: string, at: Instant): CycleTotal {
    const total = this.#meter.memory.cycleTotals.of(productRef, at)
    return this.#meter.spread.shards === 1 ? total : { ...total, cycleTotal: null }
  }
}
