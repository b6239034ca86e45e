import { DurableObject } from 'cloudflare:workers'
import { realTime } from '../../clock/clock.store.ts'
import type { Env } from '../../env.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { logError } from '../../log.ts'
import { openDb } from '../../storage/db.store.ts'
import { calendarOf } from '../calendar.job.ts'
import { keepCalendar, readCalendar } from '../calendar.store.ts'
import { type BillingLookup, type MeterCalendar, rememberedBilling } from '../meter-calendar.ts'
import type { Parcel } from '../parcel.ts'
import { sealCycle } from '../seal.store.ts'
import type { SealedUsage, SealRequest } from '../sealed-usage.ts'
import { readShardName, type Spread } from '../shards.ts'
import { noteSightings } from '../sighting.store.ts'
import type { ProductUsage, SummaryQuery } from '../usage-summary.ts'
import type { ParcelAnswer } from '../verdict.ts'
import { archiveDueAt, archiveLog } from './archive.job.ts'
import { CycleTotals } from './cycle-total.store.ts'
import { GroupCommit } from './group-commit.ts'
import { introduceSightings } from './introduce.job.ts'
import { MeterBooks } from './meter-books.store.ts'
import type { MeterContext } from './meter-context.ts'
import { METER_TABLES } from './meter-tables.ts'
import { keepByMetrics } from './metric.job.ts'
import { type EventQuery, latestEvents, RawEvents, type StoredEvent } from './raw-events.store.ts'
import { type Judged, recordParcels } from './record.store.ts'
import { summariseUsage } from './summary.job.ts'
import { answerOf } from './suspects.job.ts'

/** How soon a customer or product that was not heard of before is made known. */
const INTRODUCE_MS = 1_000
const RETRY_MS = 30_000
/** How long a meter that found no contract for an event waits before it looks again. */
const LOOK_AGAIN_MS = 10_000
/** So many calls may wait for their commit; more are sent away, to come back. */
const WAITING_MAX = 2_000

/**
 * The usage of one customer, or a shard of it; `shards.ts` says how the object's name is made. What comes in is logged
 * in one transaction, and the platform holds an answer back until what it reports is durable: the answer is the
 * receipt. Being a single thread, a meter needs no lock between an event and the seal of its cycle.
 */
export class UsageMeter extends DurableObject<Env> implements MeterContext {
  override readonly env: Env
  readonly storage: DurableObjectStorage
  readonly sql: SqlStorage
  readonly name: string
  readonly customerRef: string
  readonly shard: number
  readonly raw: RawEvents
  books: MeterBooks
  #calendar: MeterCalendar
  #billing: BillingLookup
  #lookedUpAt = Number.NEGATIVE_INFINITY
  #alarmAt: Instant | null = null
  readonly #cycleTotals = new CycleTotals(
    () => this.books,
    () => this.#billing,
  )
  readonly #commits = new GroupCommit((parcels: Parcel[]) => this.#commit(parcels))
  #exclusive: Promise<unknown> = Promise.resolve()

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.env = env
    this.storage = ctx.storage
    this.sql = ctx.storage.sql
    this.name = ctx.id.name ?? ''
    const { customerRef, shard } = readShardName(this.name)
    this.customerRef = customerRef
    this.shard = shard
    this.sql.exec(METER_TABLES)
    this.books = new MeterBooks(this.sql)
    this.raw = new RawEvents(this.sql, env.ARCHIVE, this.name)
    this.#calendar = readCalendar(this.sql)
    this.#billing = rememberedBilling(this.#calendar)
    void ctx.blockConcurrencyWhile(async () => {
      this.#alarmAt = await ctx.storage.getAlarm()
    })
  }

  /** Counts the events of a parcel, each once. */
  async record(parcel: Parcel, _spread: Spread): Promise<ParcelAnswer> {
    if (this.#commits.length >= WAITING_MAX) return { busy: true }
    if (parcel.cells.some(([productRef, bucket]) => !this.#billing(productRef, bucket))) await this.#lookUp()
    const judged = await this.#commits.add(parcel)
    return answerOf(this, parcel, judged, (productRef, at) => this.#cycleTotals.of(productRef, at))
  }

  /** Learns what the customer's contracts bill. A calendar older than the one known changes nothing. */
  async learn(calendar: MeterCalendar): Promise<void> {
    if (calendar.revision < this.#calendar.revision) return
    keepCalendar(this.sql, calendar)
    this.#calendar = calendar
    this.#billing = rememberedBilling(calendar)
    this.#cycleTotals.clear()
    await this.alone(() => keepByMetrics(this, calendar.metrics))
  }

  /** Freezes the usage of a billing cycle. The same request gets the same answer for ever. */
  async seal(request: SealRequest): Promise<SealedUsage> {
    await this.#prepareSeal(request)
    return this.#changing(() => sealCycle(this.sql, this.books, request))
  }

  /** What `seal` would answer now, by the same steps and without a trace. */
  async preview(request: SealRequest): Promise<SealedUsage> {
    await this.#prepareSeal(request)
    // What memory alone holds must not be lost with the rehearsal.
    this.#changing(() => this.books.save())
    try {
      return this.storage.transactionSync(() => {
        throw new Rehearsed(sealCycle(this.sql, this.books, request))
      })
    } catch (thrown) {
      if (thrown instanceof Rehearsed) return thrown.answer
      throw thrown
    }
  }

  summary(query: SummaryQuery): Promise<ProductUsage[]> {
    return summariseUsage(this, query)
  }

  list(query: EventQuery): Promise<StoredEvent[]> {
    return latestEvents(this.raw, this.shard, query)
  }

  /**
   * Tells the database whom the meter has heard of, and puts the log into the archive. The platform gives up on an
   * alarm that fails too often, so failures are caught, neither keeps the other from going on, and the alarm is set
   * again.
   */
  override async alarm(): Promise<void> {
    this.#alarmAt = null
    const due = archiveDueAt(this, realTime())
    const isDue = due !== null && due <= realTime()
    const results = await Promise.allSettled([
      introduceSightings(this),
      isDue ? this.alone(() => archiveLog(this)) : undefined,
    ])
    const failures = results.filter((result) => result.status === 'rejected')
    for (const { reason } of failures) logError(reason, { meter: this.name, job: 'alarm' })
    if (failures.length > 0) this.#arm(realTime() + RETRY_MS)
    else this.#arm(archiveDueAt(this, realTime()))
  }

  /** Runs what reads the archive or changes what was logged: one after the other, while events come in. */
  alone<Answer>(job: () => Promise<Answer>): Promise<Answer> {
    const turn = this.#exclusive.then(job)
    this.#exclusive = turn.catch(() => undefined)
    return turn
  }

  #commit(parcels: Parcel[]): Judged[] {
    return this.#changing(() => {
      const before = this.books.lastNumber
      const judged = recordParcels(this.sql, this.books, parcels, this.#billing, (row) =>
        this.#cycleTotals.add(row.cells),
      )
      if (this.books.lastNumber > before) this.#armFor(parcels)
      return judged
    })
  }

  /** A transaction that memory follows: when it fails, memory is made again from what is stored. */
  #changing<Answer>(change: () => Answer): Answer {
    try {
      return this.storage.transactionSync(change)
    } catch (error) {
      this.books = new MeterBooks(this.sql)
      this.#cycleTotals.clear()
      throw error
    }
  }

  /** Sets the alarm for what was recorded just now, unless one comes early enough. */
  #armFor(parcels: readonly Parcel[]): void {
    const isNews = parcels.some((parcel) => noteSightings(this.sql, parcel) > 0)
    if (isNews) this.#arm(realTime() + INTRODUCE_MS)
    else if (this.#alarmAt === null) this.#arm(archiveDueAt(this, realTime()))
  }

  #arm(due: Instant | null): void {
    if (due === null || (this.#alarmAt !== null && this.#alarmAt <= due)) return
    this.#alarmAt = due
    void this.storage.setAlarm(due)
  }

  async #prepareSeal({ products }: SealRequest): Promise<void> {
    await this.alone(() => keepByMetrics(this, products))
  }

  /**
   * Looks for contracts that nobody has told the meter of yet, because an event came before the lesson did. Counting
   * does not depend on it, so that a database out of reach is no reason to refuse usage.
   */
  async #lookUp(): Promise<void> {
    if (realTime() - this.#lookedUpAt < LOOK_AGAIN_MS) return
    this.#lookedUpAt = realTime()
    try {
      await this.learn(await calendarOf(openDb(this.env.DB), this.customerRef))
    } catch (error) {
      logError(error, { meter: this.name, job: 'look up contracts' })
    }
  }
}

/** Thrown to undo a transaction of which the answer alone is wanted. */
class Rehearsed {
  readonly answer: SealedUsage

  constructor(answer: SealedUsage) {
    this.answer = answer
  }
}
