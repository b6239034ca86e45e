import { DurableObject } from 'cloudflare:workers'
import { realTime } from '../../clock/clock.store.ts'
import type { Env } from '../../env.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { logError } from '../../log.ts'
import { unlessBusy } from '../ask-meter.job.ts'
import { ENTRY_WORDS } from '../known-ids/id-entry.ts'
import type { RunFilter } from '../known-ids/known-ids.store.ts'
import type { MeterCalendar } from '../meter-calendar.ts'
import { type PackedParcel, unpacked } from '../parcel.ts'
import { sealCycle } from '../seal.store.ts'
import type { SealedUsage, SealRequest } from '../sealed-usage.ts'
import { readShardName, type Spread } from '../shards.ts'
import { seenIn, sightedProducts } from '../sighting.store.ts'
import type { ProductUsage, SummaryQuery } from '../usage-summary.ts'
import { type Appraisal, type Appraised, type CycleTotal, type ParcelAnswer, violation } from '../verdict.ts'
import { archiveLog } from './archive.job.ts'
import { archiveDueAt } from './archive.store.ts'
import { CountedSql } from './counted-sql.ts'
import { CycleTotals } from './cycle-total.store.ts'
import { type EdgeQuery, type EdgeUsage, edgesOf } from './edge.job.ts'
import { type ExportPart, type ExportQuery, exportPart } from './export.job.ts'
import { type ChangesQuery, changesAfter, gatherShards, type ShardChanges } from './gather.job.ts'
import { GroupCommit } from './group-commit.ts'
import { introduceSightings } from './introduce.job.ts'
import { idsNeededSince, lateness } from './lateness.ts'
import type { LoggedEvent } from './logged-event.ts'
import { MeterAlarm } from './meter-alarm.store.ts'
import { MeterBilling } from './meter-billing.job.ts'
import { MeterBooks } from './meter-books.store.ts'
import type { MeterContext } from './meter-context.store.ts'
import { type MeterFacts, meterFacts } from './meter-facts.job.ts'
import { keptName } from './meter-name.store.ts'
import { MeterSpread, type SpreadChange } from './meter-spread.job.ts'
import { METER_TABLES } from './meter-tables.ts'
import { keepByMetrics, type ProductMetric } from './metric.job.ts'
import {
  type CurrentEvent,
  comparePlaces,
  type EventQuery,
  latestEvents,
  RawEvents,
  type StoredEvent,
} from './raw-events.store.ts'
import { type Delivery, type Judged, recordParcels } from './record.store.ts'
import { rehearse } from './rehearse.store.ts'
import { type Revision, type RevisionOutcome, reviseEvent } from './revise.job.ts'
import { knownElsewhere } from './spread.job.ts'
import { InheritedFilters, type SpreadSetting } from './spread.store.ts'
import { summariseUsage } from './summary.job.ts'
import { answerOf } from './suspects.job.ts'
import { type ShardCheck, verifyShard } from './verify.job.ts'

/** So many calls, or characters of events, may wait for their commit; more are sent away, to come back. */
const WAITING_MAX = 2_000
const WAITING_CHARS_MAX = 16 * 1024 * 1024
/** An answer between objects takes up to 32 MiB. */
const FILTER_BYTES_MAX = 16 * 1024 * 1024

/** An object holds up to 10 GB: long before that a meter spreads, and should that not do, it takes no more. */
const SPREAD_BYTES = 3 * 1024 ** 3
const FULL_BYTES = 7 * 1024 ** 3
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
  readonly #counted: CountedSql
  /** The last number of the log when the object woke. */
  readonly #awakeSince: number
  readonly raw: RawEvents
  readonly inherited: InheritedFilters
  readonly spread: MeterSpread
  books: MeterBooks
  readonly #billing: MeterBilling
  readonly #cycleTotals: CycleTotals
  #alarm = new MeterAlarm(this, null)
  readonly #commits = new GroupCommit({
    commit: (deliveries: Sent[]) => this.#commit(deliveries),
    sizeOf: ({ parcel }) => parcel.lines.length,
    now: realTime,
  })
  #exclusive: Promise<unknown> = Promise.resolve()
  #gathering: Promise<unknown> = Promise.resolve()
  #storedBytes: number

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.env = env
    this.storage = ctx.storage
    this.#counted = new CountedSql(ctx.storage.sql)
    // The class of the platform can't be extended; nothing else of it is used.
    this.sql = this.#counted as unknown as SqlStorage
    this.sql.exec(METER_TABLES)
    this.name = keptName(this.sql, ctx.id.name)
    const { customerRef, shard } = readShardName(this.name)
    this.customerRef = customerRef
    this.shard = shard
    this.books = new MeterBooks(this.sql)
    this.#awakeSince = this.books.lastNumber
    this.raw = new RawEvents(this.sql, env.ARCHIVE, this.name)
    this.inherited = new InheritedFilters(this.sql)
    this.#storedBytes = ctx.storage.sql.databaseSize
    this.spread = new MeterSpread(this)
    this.#billing = new MeterBilling(this)
    this.#cycleTotals = new CycleTotals(() => this.books, this.#billing.of)
    void ctx.blockConcurrencyWhile(async () => {
      this.#alarm = new MeterAlarm(this, await ctx.storage.getAlarm())
    })
  }

  /** Counts the events of a parcel, each once. The spread is the one by which the parcel was sent here. */
  async record(sent: PackedParcel, spread: Spread): Promise<ParcelAnswer> {
    const parcel = unpacked(sent)
    await this.spread.adopt(spread)
    if (parcel.cells.some(([productRef, bucket]) => !this.#billing.of(productRef, bucket)))
      await this.#lookUp()
    const elsewhere = await unlessBusy(knownElsewhere(this, parcel.ids))
    if (!elsewhere) return { busy: true }
    // Asked last: calls that waited for something else have come together by now.
    const { length, size } = this.#commits
    if (length >= WAITING_MAX || size >= WAITING_CHARS_MAX || this.#storedBytes >= FULL_BYTES) {
      this.ctx.waitUntil(this.spread.askForMore())
      return { busy: true }
    }
    const judged = await this.#commits.add({ parcel, elsewhere, spread })
    if ('spread' in judged) return judged
    return answerOf(this, parcel, judged, (productRef, at) => this.#cycleTotal(productRef, at))
  }

  /** Learns what the customer's contracts bill. A calendar older than the one known changes nothing. */
  async learn(calendar: MeterCalendar): Promise<void> {
    if (!this.#billing.learn(calendar)) return
    await this.#keepBy(calendar.metrics, calendar.metrics)
    await Promise.all(this.spread.others((shard) => shard.learn(calendar)))
  }

  /** What a changed event is held against, and the billing cycle that it counts in. */
  async appraise({ productRef, at, validations, isMoved, now }: Appraised): Promise<Appraisal> {
    const { of } = this.#billing
    if (!of(productRef, at)) await this.#lookUp()
    const late = isMoved ? lateness(productRef, at, now, of) : undefined
    const refusal = late ?? violation(validations ?? {}, productRef, at, of) ?? null
    return { cycle: of(productRef, at)?.cycle ?? null, refusal }
  }

  /** Amends or voids an event. */
  revise(revision: Revision): Promise<RevisionOutcome> {
    return this.#alone(async () => {
      const outcome = await reviseEvent(this, revision)
      this.#cycleTotals.clear()
      if (outcome === 'revised' && revision.event)
        this.#alarm.noteSeen([seenIn(revision.event, revision.now)])
      this.#alarm.setForArchive()
      return outcome
    })
  }

  /** Numbers and contents of the events that have these ids; null where the shard knows none. */
  find(ids: Uint32Array): ({ content: number; number: number } | null)[] {
    return Array.from({ length: ids.length / ENTRY_WORDS }, (_, place) => {
      const known = this.books.ids.find(ids, place * ENTRY_WORDS)
      return known ? { content: known.content, number: known.number } : null
    })
  }

  originals(numbers: number[]): Promise<Map<number, LoggedEvent>> {
    return this.raw.originals(numbers)
  }

  current(number: number): Promise<CurrentEvent> {
    return this.raw.current(number)
  }

  /** Spreads the meter further, and answers how it is spread then. Asked of the first shard. */
  spreadTo(change: SpreadChange): SpreadSetting {
    this.spread.widen(change)
    return this.spread.setting
  }

  /** How the meter is spread, asked of the first shard. */
  setting(): SpreadSetting {
    return this.spread.setting
  }

  /** Before which instant unknown events are refused, as their ids may be forgotten. */
  forgottenBefore(): Instant {
    return this.books.forgottenBefore
  }

  /**
   * Gives up the ids that belong to others by this spread, and hands over filters of all that were counted here: those
   * of the runs after one, as many as fit into an answer.
   */
  async surrender(spread: Spread, after: number): Promise<RunFilter[]> {
    await this.spread.adopt(spread)
    return this.#changing(() => {
      this.books.save()
      if (after === 0) this.books.ids.close(this.books.receivedAt)
      return this.books.ids.filtersAfter(after, FILTER_BYTES_MAX)
    })
  }

  /** What this shard has counted since a number, for the first shard. */
  changes(query: ChangesQuery): Promise<ShardChanges> {
    return this.#alone(() => changesAfter(this, query))
  }

  /** What parts of buckets add up to; the first shard knows those of all. */
  async edges(query: EdgeQuery): Promise<EdgeUsage[]> {
    const others = this.spread.others((shard) => shard.edges(query) as Promise<EdgeUsage[]>)
    const [own, ...more] = await Promise.all([edgesOf(this, query), ...others])
    return [...own, ...more.flat()]
  }

  /** Freezes the usage of a billing cycle. The same request gets the same answer for ever. */
  async seal(request: SealRequest): Promise<SealedUsage> {
    await this.#prepareSeal(request)
    return this.#changing(() => sealCycle(this.sql, this.books, request))
  }

  /** What `seal` would answer now, by the same steps and without a trace; of a cycle that still runs, as of `until`. */
  async preview(request: SealRequest, until?: Instant): Promise<SealedUsage> {
    await this.#prepareSeal(request)
    // What memory alone holds must not be lost with the rehearsal.
    this.#changing(() => this.books.save())
    return rehearse(this.storage, () => sealCycle(this.sql, this.books, request, until))
  }

  async summary(query: SummaryQuery): Promise<ProductUsage[]> {
    await this.#gather(() => gatherShards(this))
    return summariseUsage(this, query, (edges) => this.edges(edges))
  }

  /** Up to `limit` events and one more, the latest timestamp first. */
  async list(query: EventQuery): Promise<StoredEvent[]> {
    const [own, ...others] = await Promise.all([
      latestEvents(this.raw, this.shard, query),
      ...this.spread.others((shard) => shard.list(query) as Promise<StoredEvent[]>),
    ])
    return [own, ...others]
      .flat()
      .sort(comparePlaces)
      .slice(0, query.limit + 1)
  }

  /** What this object and the other shards hold and have written. */
  async facts(): Promise<MeterFacts[]> {
    const { rowsWritten } = this.#counted
    const others = this.spread.others((shard) => shard.facts() as Promise<MeterFacts[]>)
    const own = meterFacts(this, { rowsWritten, firstNumber: this.#awakeSince })
    return [own, ...(await Promise.all(others)).flat()]
  }

  /** Proves the totals of all shards by their events; `mend` makes wrong ones again. */
  async verify(mend: boolean): Promise<ShardCheck[]> {
    const others = this.spread.others((shard) => shard.verify(mend) as Promise<ShardCheck[]>)
    const own = this.#alone(() => verifyShard(this, mend))
    const checks = [await own, ...(await Promise.all(others)).flat()]
    if (mend) this.#cycleTotals.clear()
    // What was taken over from the shards may have been wrong too.
    if (mend) await this.#gather(async () => this.sql.exec('DELETE FROM gathered'))
    return checks
  }

  /** The events of this shard alone, a part at a time, in the order in which they came. */
  exportPart(query: ExportQuery): Promise<ExportPart> {
    return exportPart(this, query)
  }

  /**
   * Tells the database whom the meter has heard of, and puts the log into the archive. The platform gives up on an
   * alarm that fails too often, so failures are caught, neither keeps the other from going on, and the alarm is set
   * again.
   */
  override async alarm(): Promise<void> {
    this.#alarm.rang()
    const due = archiveDueAt(this.sql, realTime())
    const isDue = due !== null && due <= realTime()
    const results = await Promise.allSettled([
      introduceSightings(this),
      isDue ? this.#alone(() => archiveLog(this)) : undefined,
    ])
    this.#forgetIds()
    this.#storedBytes = this.ctx.storage.sql.databaseSize
    if (this.#storedBytes >= SPREAD_BYTES) await this.spread.askForMore()
    const failures = results.filter((result) => result.status === 'rejected')
    for (const { reason } of failures) logError(reason, { meter: this.name, job: 'alarm' })
    if (failures.length > 0) this.#alarm.setForRetry()
    else this.#alarm.setForArchive()
  }

  /** Runs what reads the archive or changes what was logged: one after the other, while events come in. */
  #alone<Answer>(job: () => Promise<Answer>): Promise<Answer> {
    const turn = this.#exclusive.then(job)
    this.#exclusive = turn.catch(() => this.#recover())
    return turn
  }

  /** Runs what gathers, one after the other: what was told earlier must not come in the place of what was told later. */
  async #gather(job: () => Promise<unknown>): Promise<void> {
    const turn = this.#gathering.then(job)
    this.#gathering = turn.catch(() => undefined)
    await turn
  }

  #commit(sent: Sent[]): Committed[] {
    // A parcel that was sent by an earlier spread may hold ids that belong to other shards by now.
    const { spread } = this.spread
    const own = sent.filter((one) => one.spread.length === spread.length)
    const judged = this.#changing(() => {
      const before = this.books.lastNumber
      const answers = recordParcels(this.sql, this.books, own, this.#billing.of, (row) => {
        this.#cycleTotals.add(row.cells)
        this.#alarm.noteLogged(row.lines.length)
      })
      if (this.books.lastNumber > before) this.#alarm.noteSeen(own.map(({ parcel }) => parcel))
      return answers
    })
    let next = 0
    return sent.map((one) => (one.spread.length === spread.length ? judged[next++]! : { spread }))
  }

  /** A transaction that memory follows: when it fails, memory is made again from what is stored. */
  #changing<Answer>(change: () => Answer): Answer {
    try {
      return this.storage.transactionSync(change)
    } catch (error) {
      this.#recover()
      throw error
    }
  }

  #recover(): void {
    this.books = new MeterBooks(this.sql)
    this.#cycleTotals.clear()
    this.#alarm.wasUndone()
  }

  /** Forgets ids that no event can come with any more. A shard's may be asked for by others, so those are kept. */
  #forgetIds(): void {
    if (this.spread.spread.length > 1) return
    const needed = idsNeededSince(this.#billing.calendar, sightedProducts(this.sql), this.books.receivedAt)
    if (needed !== undefined) this.#changing(() => this.books.forgetIds(this.books.receivedAt, needed))
  }

  /** Keeps products by these metrics, and shows totals by those of `shown`; what was shown may be that of others. */
  async #keepBy(metrics: readonly ProductMetric[], shown: readonly ProductMetric[]): Promise<void> {
    await this.#alone(() => keepByMetrics(this, metrics))
    this.#changing(() => {
      for (const { productRef, metric } of shown) this.books.metrics.show(productRef, metric)
    })
    this.#cycleTotals.clear()
  }

  async #prepareSeal({ products }: SealRequest): Promise<void> {
    const taught = new Set(this.#billing.calendar.metrics.map(({ productRef }) => productRef))
    await this.#keepBy(
      products,
      products.filter(({ productRef, metric }) => !taught.has(productRef) && !metric.each),
    )
    await this.#gather(() => gatherShards(this))
  }

  #cycleTotal(productRef: string, at: Instant): CycleTotal {
    const total = this.#cycleTotals.of(productRef, at)
    return this.spread.shards === 1 ? total : { ...total, cycleTotal: null }
  }

  /** Counting does not depend on contracts, so that a database out of reach is no reason to refuse usage. */
  async #lookUp(): Promise<void> {
    try {
      const calendar = await this.#billing.lookUp()
      if (calendar) await this.learn(calendar)
    } catch (error) {
      logError(error, { meter: this.name, job: 'look up contracts' })
    }
  }
}

/** A delivery, and the spread by which it was sent. */
type Sent = Delivery & { spread: Spread }
type Committed = Judged | { spread: Spread }
