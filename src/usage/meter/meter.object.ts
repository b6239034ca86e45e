import { DurableObject } from 'cloudflare:workers'
import { realTime } from '../../clock/clock.store.ts'
import type { Env } from '../../env.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { logError } from '../../log.ts'
import { openDb } from '../../storage/db.store.ts'
import { askMeter } from '../ask-meter.job.ts'
import { calendarOf } from '../calendar.job.ts'
import { keepCalendar, readCalendar } from '../calendar.store.ts'
import { ENTRY_WORDS } from '../known-ids/id-entry.ts'
import { type BillingLookup, type MeterCalendar, rememberedBilling } from '../meter-calendar.ts'
import { type PackedParcel, unpacked } from '../parcel.ts'
import type { Period } from '../period.ts'
import { sealCycle } from '../seal.store.ts'
import type { SealedUsage, SealRequest } from '../sealed-usage.ts'
import { readShardName, SHARDS_MAX, type Spread, shardName } from '../shards.ts'
import { noteSightings, type Seen, seenIn, sightedProducts } from '../sighting.store.ts'
import type { ProductUsage, SummaryQuery } from '../usage-summary.ts'
import { type Appraisal, type Appraised, type CycleTotal, type ParcelAnswer, violation } from '../verdict.ts'
import { archiveDueAt, archiveLog } from './archive.job.ts'
import { CountedSql } from './counted-sql.ts'
import { CycleTotals } from './cycle-total.store.ts'
import { type ExportPart, type ExportQuery, exportPart } from './export.job.ts'
import { changesAfter, gatherShards, type ShardChanges } from './gather.job.ts'
import { GroupCommit } from './group-commit.ts'
import { introduceSightings } from './introduce.job.ts'
import { idsNeededSince, lateness } from './lateness.ts'
import type { LoggedEvent } from './logged-event.ts'
import { MeterBooks } from './meter-books.store.ts'
import type { MeterContext } from './meter-context.ts'
import { type MeterFacts, meterFacts } from './meter-facts.job.ts'
import { keptName } from './meter-name.store.ts'
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
import { type Revision, type RevisionOutcome, reviseEvent } from './revise.job.ts'
import { adoptSpread, knownElsewhere } from './spread.job.ts'
import { InheritedFilters, keepSpread, readSpread, type SpreadSetting } from './spread.store.ts'
import { summariseUsage } from './summary.job.ts'
import { answerOf } from './suspects.job.ts'
import { type ShardCheck, verifyShard } from './verify.job.ts'

/** How soon a customer or product that was not heard of before is made known. */
const INTRODUCE_MS = 1_000
const RETRY_MS = 30_000
/** A log of this size is archived a minute later, when the rush that filled it may be over. */
const ARCHIVE_FULL_CHARS = 4 * 1024 * 1024
const ARCHIVE_MS = 60_000
/** How long a meter that found no contract for an event waits before it looks again. */
const LOOK_AGAIN_MS = 10_000
/** So many calls, or characters of events, may wait for their commit; more are sent away, to come back. */
const WAITING_MAX = 2_000
const WAITING_CHARS_MAX = 16 * 1024 * 1024
/** How long a meter goes on as it has been spread before it spreads further by itself: one rush is no reason twice. */
const SPREAD_AGAIN_MS = 10_000

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
  books: MeterBooks
  #calendar: MeterCalendar
  #billing: BillingLookup
  #lookedUpAt = Number.NEGATIVE_INFINITY
  #alarmAt: Instant | null = null
  #spread: SpreadSetting
  #spreadAt = Number.NEGATIVE_INFINITY
  readonly #cycleTotals = new CycleTotals(
    () => this.books,
    () => this.#billing,
  )
  readonly #commits = new GroupCommit({
    commit: (deliveries: Sent[]) => this.#commit(deliveries),
    sizeOf: ({ parcel }) => parcel.lines.length,
    now: realTime,
  })
  #adopting: Promise<unknown> = Promise.resolve()
  #exclusive: Promise<unknown> = Promise.resolve()
  /** Products that were heard of since the meter woke, and how much has been logged since the last archiving. */
  readonly #sighted = new Set<string>()
  #logChars = 0

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
    this.#spread = readSpread(this.sql)
    this.#calendar = readCalendar(this.sql)
    this.#billing = rememberedBilling(this.#calendar)
    void ctx.blockConcurrencyWhile(async () => {
      this.#alarmAt = await ctx.storage.getAlarm()
    })
  }

  get spread(): SpreadSetting {
    return this.#spread
  }

  /** Counts the events of a parcel, each once. The spread is the one by which the parcel was sent here. */
  async record(sent: PackedParcel, spread: Spread): Promise<ParcelAnswer> {
    const parcel = unpacked(sent)
    if (spread.length > this.#spread.spread.length) await this.#adopt(spread)
    if (parcel.cells.some(([productRef, bucket]) => !this.#billing(productRef, bucket))) await this.#lookUp()
    const elsewhere = await knownElsewhere(this, parcel.ids)
    // Asked last: calls that waited for something else have come together by now.
    const { length, size } = this.#commits
    if (length >= WAITING_MAX || size >= WAITING_CHARS_MAX) return this.#shed()
    const judged = await this.#commits.add({ parcel, elsewhere, spread })
    if ('spread' in judged) return judged
    return answerOf(this, parcel, judged, (productRef, at) => this.#cycleTotal(productRef, at))
  }

  /** Learns what the customer's contracts bill. A calendar older than the one known changes nothing. */
  async learn(calendar: MeterCalendar): Promise<void> {
    if (calendar.revision < this.#calendar.revision) return
    keepCalendar(this.sql, calendar)
    this.#calendar = calendar
    this.#billing = rememberedBilling(calendar)
    this.#cycleTotals.clear()
    await this.#alone(() => keepByMetrics(this, calendar.metrics))
    await Promise.all(this.#shards((shard) => shard.learn(calendar)))
  }

  /** What a changed event is held against, and the billing cycle that it counts in. */
  async appraise({ productRef, at, validations, isMoved, now }: Appraised): Promise<Appraisal> {
    if (!this.#billing(productRef, at)) await this.#lookUp()
    const late = isMoved ? lateness(productRef, at, now, this.#billing) : undefined
    const refusal = late ?? violation(validations ?? {}, productRef, at, this.#billing) ?? null
    return { cycle: this.#billing(productRef, at)?.cycle ?? null, refusal }
  }

  /** Amends or voids an event. */
  revise(revision: Revision): Promise<RevisionOutcome> {
    return this.#alone(async () => {
      const outcome = await reviseEvent(this, revision)
      this.#cycleTotals.clear()
      if (outcome === 'revised' && revision.event) this.#armFor([seenIn(revision.event, revision.now)])
      this.#arm(archiveDueAt(this, realTime()))
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

  /** How the meter is spread; `setting` spreads it further. Asked of the first shard. */
  spreadTo(setting: { shards?: number | undefined; automatic?: boolean | undefined }): SpreadSetting {
    const { shards = 1, automatic = this.#spread.automatic } = setting
    const { spread } = this.#spread
    this.#keepSpread({ spread: shards > spread.at(-1)! ? [...spread, shards] : spread, automatic })
    return this.#spread
  }

  /** How the meter is spread, asked of the first shard. */
  setting(): SpreadSetting {
    return this.#spread
  }

  /** Before which instant unknown events are refused, as their ids may be forgotten. */
  forgottenBefore(): Instant {
    return this.books.forgottenBefore
  }

  /** Gives up the ids that belong to others by this spread, and hands over filters of all that were counted here. */
  async surrender(spread: Spread): Promise<Uint32Array[]> {
    if (spread.length > this.#spread.spread.length) await this.#adopt(spread)
    return this.#changing(() => {
      this.books.save()
      return this.books.ids.filters(this.books.receivedAt)
    })
  }

  /** What this shard has counted since a number, for the first shard. */
  changes(since: number, metrics: ProductMetric[]): Promise<ShardChanges> {
    return this.#alone(() => changesAfter(this, since, metrics))
  }

  /** The events of a period as they count by now; the first shard knows those of all. */
  async eventsIn(period: Period): Promise<LoggedEvent[]> {
    const others = this.#shards((shard) => shard.eventsIn(period) as Promise<LoggedEvent[]>)
    const [own, ...more] = await Promise.all([this.raw.between(period), ...others])
    return [...own, ...more.flat()]
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

  async summary(query: SummaryQuery): Promise<ProductUsage[]> {
    await gatherShards(this)
    return summariseUsage(this, query, (period) => this.eventsIn(period))
  }

  /** Up to `limit` events and one more, the latest timestamp first. */
  async list(query: EventQuery): Promise<StoredEvent[]> {
    const [own, ...others] = await Promise.all([
      latestEvents(this.raw, this.shard, query),
      ...this.#shards((shard) => shard.list(query) as Promise<StoredEvent[]>),
    ])
    return [own, ...others]
      .flat()
      .sort(comparePlaces)
      .slice(0, query.limit + 1)
  }

  /** What this object and the other shards hold and have written. */
  async facts(): Promise<MeterFacts[]> {
    const { rowsWritten } = this.#counted
    const others = this.#shards((shard) => shard.facts() as Promise<MeterFacts[]>)
    const own = meterFacts(this, { rowsWritten, firstNumber: this.#awakeSince })
    return [own, ...(await Promise.all(others)).flat()]
  }

  /** Proves the totals of all shards by their events; `mend` makes wrong ones again. */
  async verify(mend: boolean): Promise<ShardCheck[]> {
    const others = this.#shards((shard) => shard.verify(mend) as Promise<ShardCheck[]>)
    const own = this.#alone(() => verifyShard(this, mend))
    const checks = [await own, ...(await Promise.all(others)).flat()]
    if (mend) this.#cycleTotals.clear()
    // What was taken over from the shards may have been wrong too.
    if (mend) this.sql.exec('DELETE FROM gathered')
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
    this.#alarmAt = null
    this.#logChars = 0
    const due = archiveDueAt(this, realTime())
    const isDue = due !== null && due <= realTime()
    const results = await Promise.allSettled([
      introduceSightings(this),
      isDue ? this.#alone(() => archiveLog(this)) : undefined,
    ])
    this.#forgetIds()
    const failures = results.filter((result) => result.status === 'rejected')
    for (const { reason } of failures) logError(reason, { meter: this.name, job: 'alarm' })
    if (failures.length > 0) this.#arm(realTime() + RETRY_MS)
    else this.#arm(archiveDueAt(this, realTime()))
  }

  /** Runs what reads the archive or changes what was logged: one after the other, while events come in. */
  #alone<Answer>(job: () => Promise<Answer>): Promise<Answer> {
    const turn = this.#exclusive.then(job)
    this.#exclusive = turn.catch(() => this.#recover())
    return turn
  }

  #commit(sent: Sent[]): Committed[] {
    // A parcel that was sent by an earlier spread may hold ids that belong to other shards by now.
    const { spread } = this.#spread
    const own = sent.filter((one) => one.spread.length === spread.length)
    const judged = this.#changing(() => {
      const before = this.books.lastNumber
      const answers = recordParcels(this.sql, this.books, own, this.#billing, (row) => {
        this.#cycleTotals.add(row.cells)
        this.#logChars += row.lines.length
      })
      if (this.books.lastNumber > before) this.#armFor(own.map(({ parcel }) => parcel))
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
  }

  /** Sets the alarm for what was recorded just now, unless one comes early enough. */
  #armFor(seen: readonly Seen[]): void {
    const unheard = seen.filter(({ products }) => products.some(([ref]) => !this.#sighted.has(ref)))
    const isNews = unheard.map((one) => noteSightings(this.sql, one)).some((added) => added > 0)
    for (const { products } of unheard) for (const [ref] of products) this.#sighted.add(ref)
    if (isNews) this.#arm(realTime() + INTRODUCE_MS)
    else if (this.#logChars >= ARCHIVE_FULL_CHARS) this.#arm(realTime() + ARCHIVE_MS)
    else if (this.#alarmAt === null) this.#arm(archiveDueAt(this, realTime()))
  }

  /** Forgets ids that no event can come with any more. A shard's may be asked for by others, so those are kept. */
  #forgetIds(): void {
    if (this.#spread.spread.length > 1) return
    const needed = idsNeededSince(this.#calendar, sightedProducts(this.sql), this.books.receivedAt)
    if (needed !== undefined) this.#changing(() => this.books.forgetIds(this.books.receivedAt, needed))
  }

  #arm(due: Instant | null): void {
    if (due === null || (this.#alarmAt !== null && this.#alarmAt <= due)) return
    this.#alarmAt = due
    void this.storage.setAlarm(due)
  }

  async #prepareSeal({ products }: SealRequest): Promise<void> {
    await this.#alone(() => keepByMetrics(this, products))
    await gatherShards(this)
  }

  #cycleTotal(productRef: string, at: Instant): CycleTotal {
    const total = this.#cycleTotals.of(productRef, at)
    return this.#spread.spread.at(-1) === 1 ? total : { ...total, cycleTotal: null }
  }

  /** Asks every other shard, where this is the first. */
  #shards<Answer>(ask: (shard: DurableObjectStub<UsageMeter>) => Promise<Answer>): Promise<Answer>[] {
    const shards = this.shard === 0 ? this.#spread.spread.at(-1)! : 1
    return Array.from({ length: shards - 1 }, (_, index) =>
      askMeter(this.env, shardName(this.customerRef, index + 1), ask),
    )
  }

  #adopt(spread: Spread): Promise<void> {
    const turn = this.#adopting.then(async () => {
      if (spread.length > this.#spread.spread.length) this.#keepSpread(await adoptSpread(this, spread))
    })
    this.#adopting = turn.catch(() => undefined)
    return turn
  }

  #keepSpread(setting: SpreadSetting): void {
    keepSpread(this.sql, setting)
    this.#spread = setting
    this.#spreadAt = realTime()
  }

  /** Sends a call away, and has the meter spread over more objects, so that it need not happen again. */
  #shed(): ParcelAnswer {
    const { spread, automatic } = this.#spread
    const shards = Math.min(spread.at(-1)! * 2, SHARDS_MAX)
    const isSettled = realTime() - this.#spreadAt >= SPREAD_AGAIN_MS
    if (automatic && isSettled && shards > spread.at(-1)!) {
      this.#spreadAt = realTime()
      const asked = askMeter(
        this.env,
        this.customerRef,
        (main) => main.spreadTo({ shards }) as Promise<SpreadSetting>,
      )
      this.ctx.waitUntil(asked.catch((error) => logError(error, { meter: this.name, job: 'spread' })))
    }
    return { busy: true }
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

/** A delivery, and the spread by which it was sent. */
type Sent = Delivery & { spread: Spread }
type Committed = Judged | { spread: Spread }

/** Thrown to undo a transaction of which the answer alone is wanted. */
class Rehearsed {
  readonly answer: SealedUsage

  constructor(answer: SealedUsage) {
    this.answer = answer
  }
}
