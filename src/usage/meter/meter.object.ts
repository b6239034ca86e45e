import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../../env.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { ENTRY_WORDS } from '../known-ids/id-entry.ts'
import type { RunFilter } from '../known-ids/id-runs.store.ts'
import type { MeterCalendar } from '../meter-calendar.ts'
import type { PackedParcel } from '../parcel.ts'
import { sealCycle } from '../seal.store.ts'
import type { SealedUsage, SealRequest } from '../sealed-usage.ts'
import { readShardName, type Spread } from '../shards.ts'
import { seenIn } from '../sighting.store.ts'
import type { ProductUsage, SummaryQuery } from '../usage-summary.ts'
import type { Appraisal, Appraised, ParcelAnswer } from '../verdict.ts'
import { appraise } from './appraise.job.ts'
import { CountedSql } from './counted-sql.ts'
import { type EdgeQuery, type EdgeUsage, edgesOf } from './edge.job.ts'
import { comparePlaces, type EventQuery, latestEvents, type StoredEvent } from './event-list.store.ts'
import { type ExportPart, type ExportQuery, exportPart } from './export.job.ts'
import { type ChangesQuery, changesAfter, gatherShards, type ShardChanges } from './gather.job.ts'
import { Intake } from './intake.job.ts'
import { LateUsage } from './late-usage.job.ts'
import { learnCalendar, learnFromSeal } from './lessons.job.ts'
import type { LoggedEvent } from './logged-event.ts'
import { MeterBooks } from './meter-books.store.ts'
import type { MeterContext } from './meter-context.store.ts'
import { type MeterFacts, meterFacts } from './meter-facts.job.ts'
import { MeterMemory } from './meter-memory.job.ts'
import { keptName } from './meter-name.store.ts'
import { MeterSize } from './meter-size.store.ts'
import { MeterSpread, type SpreadChange } from './meter-spread.job.ts'
import { METER_TABLES } from './meter-tables.ts'
import { type CurrentEvent, RawEvents } from './raw-events.store.ts'
import { rehearse } from './rehearse.store.ts'
import { type Revision, type RevisionOutcome, reviseEvent } from './revise.job.ts'
import { InheritedFilters, type SpreadSetting } from './spread.store.ts'
import { summariseUsage } from './summary.job.ts'
import { Turns } from './turns.ts'
import { keepUp } from './upkeep.job.ts'
import { type ShardCheck, verifyShard } from './verify.job.ts'

/** An answer between objects takes up to 32 MiB. */
const FILTER_BYTES_MAX = 16 * 1024 * 1024

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
  readonly inherited: InheritedFilters
  readonly spread: MeterSpread
  readonly memory: MeterMemory
  books: MeterBooks
  readonly #counted: CountedSql
  /** The last number of the log when the object woke. */
  readonly #awakeSince: number
  readonly #size: MeterSize
  readonly #late: LateUsage
  readonly #intake: Intake
  /** What was told earlier must not come in the place of what was told later. */
  readonly #gathering = new Turns()

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
    this.spread = new MeterSpread(this)
    this.memory = new MeterMemory(this, () => {
      this.books = new MeterBooks(this.sql)
    })
    this.#size = new MeterSize(this.sql)
    this.#late = new LateUsage(this)
    this.#intake = new Intake(this, this.#size, this.#late)
    void ctx.blockConcurrencyWhile(() => this.memory.alarm.recall())
  }

  /** Counts the events of a parcel, each once. The spread is the one by which the parcel was sent here. */
  record(sent: PackedParcel, spread: Spread): Promise<ParcelAnswer> {
    return this.#intake.record(sent, spread, () => this.ctx.waitUntil(this.spread.askForMore()))
  }

  /** Learns what the customer's contracts bill. A calendar older than the one known changes nothing. */
  learn(calendar: MeterCalendar): Promise<void> {
    return learnCalendar(this, calendar)
  }

  /** What a changed event is held against, and the billing cycle that it counts in. */
  appraise(appraised: Appraised): Promise<Appraisal> {
    return appraise(this, appraised)
  }

  /** Amends or voids an event. */
  revise(revision: Revision): Promise<RevisionOutcome> {
    const { alarm, cycleTotals } = this.memory
    return this.memory.alone(async () => {
      const outcome = await reviseEvent(this, revision, (touched) => this.#late.note(touched))
      cycleTotals.clear()
      if (outcome === 'revised' && revision.event) alarm.noteSeen([seenIn(revision.event, revision.now)])
      alarm.setForArchive()
      await this.#late.tell()
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
    return this.memory.change(() => {
      this.books.save()
      if (after === 0) this.books.ids.close(this.books.receivedAt)
      return this.books.ids.filtersAfter(after, FILTER_BYTES_MAX)
    })
  }

  /** What this shard has counted since a number, for the first shard. */
  changes(query: ChangesQuery): Promise<ShardChanges> {
    return this.memory.alone(() => changesAfter(this, query))
  }

  /** What parts of buckets add up to; the first shard knows those of all. */
  edges(query: EdgeQuery): Promise<EdgeUsage[]> {
    return this.spread.withOthers(edgesOf(this, query), (shard) => shard.edges(query) as Promise<EdgeUsage[]>)
  }

  /** Freezes the usage of a billing cycle. The same request gets the same answer for ever. */
  async seal(request: SealRequest): Promise<SealedUsage> {
    await this.#prepareSeal(request)
    return this.memory.change(() => sealCycle(this.sql, this.books, request))
  }

  /** What `seal` would answer now, by the same steps and without a trace; of a cycle that still runs, as of `until`. */
  async preview(request: SealRequest, until?: Instant): Promise<SealedUsage> {
    await this.#prepareSeal(request)
    // What memory alone holds must not be lost with the rehearsal.
    this.memory.change(() => this.books.save())
    return rehearse(this.storage, () => sealCycle(this.sql, this.books, request, until))
  }

  async summary(query: SummaryQuery): Promise<ProductUsage[]> {
    await this.#gather()
    return summariseUsage(this, query, (edges) => this.edges(edges))
  }

  /** Up to `limit` events and one more, the latest timestamp first. */
  async list(query: EventQuery): Promise<StoredEvent[]> {
    const own = latestEvents(this.raw, this.shard, query)
    const found = await this.spread.withOthers(own, (shard) => shard.list(query) as Promise<StoredEvent[]>)
    return found.sort(comparePlaces).slice(0, query.limit + 1)
  }

  /** What this object and the other shards hold and have written. */
  async facts(): Promise<MeterFacts[]> {
    const { rowsWritten } = this.#counted
    const own = meterFacts(this, { rowsWritten, firstNumber: this.#awakeSince })
    return this.spread.withOthers(Promise.resolve([own]), (shard) => shard.facts() as Promise<MeterFacts[]>)
  }

  /** Proves the totals of all shards by their events; `mend` makes wrong ones again. */
  async verify(mend: boolean): Promise<ShardCheck[]> {
    const own = this.memory.alone(async () => [await verifyShard(this, mend)])
    const checks = await this.spread.withOthers(own, (shard) => shard.verify(mend) as Promise<ShardCheck[]>)
    if (mend) this.memory.cycleTotals.clear()
    // What was taken over from the shards may have been wrong too.
    if (mend) await this.#gathering.take(async () => this.sql.exec('DELETE FROM gathered'))
    return checks
  }

  /** The events of this shard alone, a part at a time, in the order in which they came. */
  exportPart(query: ExportQuery): Promise<ExportPart> {
    return exportPart(this, query)
  }

  /** Introduces and archives what has come in since the last alarm. */
  override alarm(): Promise<void> {
    return keepUp(this, this.#size)
  }

  async #prepareSeal(request: SealRequest): Promise<void> {
    await learnFromSeal(this, request)
    await this.#gather()
  }

  #gather(): Promise<void> {
    return this.#gathering.take(() => gatherShards(this))
  }
}
