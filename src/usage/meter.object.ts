import { DurableObject } from 'cloudflare:workers'
import { realTime } from '../clock/clock.store.ts'
import { contractsOfCustomer } from '../contracts/contracts.store.ts'
import type { Env } from '../env.ts'
import type { Instant } from '../kernel/calendar.ts'
import type { Paged } from '../kernel/page.ts'
import { assert } from '../kernel/problem.ts'
import { sum } from '../kernel/rational.ts'
import { logError } from '../log.ts'
import { commit, openDb } from '../storage/db.store.ts'
import { markArchived, nextSegment, segmentName, segmentText } from './archive.store.ts'
import { cellsBetween } from './bucket.store.ts'
import { keepCalendar, readCalendar } from './calendar.store.ts'
import { type EventQuery, listEvents, type Recorded, recordEvents, type StoredEvent } from './event.store.ts'
import { type BillingLookup, type MeterCalendar, meterCalendar, rememberedBilling } from './meter-calendar.ts'
import { METER_TABLES } from './meter-tables.ts'
import { monthUtc } from './period.ts'
import { formatQuantity, readQuantity } from './quantity.ts'
import { RunningTotals } from './running-totals.ts'
import { sealCycle } from './seal.store.ts'
import type { SealedUsage, SealRequest } from './sealed-usage.ts'
import { introduce, markTold, untoldSightings } from './sighting.store.ts'
import type { UsageEvent } from './usage-event.ts'
import { type ProductUsage, type SummaryQuery, summarise } from './usage-summary.ts'
import type { Receipt } from './verdict.ts'

/** How soon a new customer or product is made known, and how long events may gather for one archive object. */
const INTRODUCE_MS = 1_000
const ARCHIVE_MS = 60_000
const RETRY_MS = 30_000
const SEGMENTS_PER_ALARM = 20
/** How long a meter that found no contract for an event waits before it looks again. */
const LOOK_AGAIN_MS = 10_000

/**
 * The usage of one customer; the object's name is the customer's reference. Everything that one call changes is one
 * transaction, and the platform holds an answer back until what it reports is durable: the answer is the receipt.
 * Being a single thread, a meter needs no lock between an event and the seal of its cycle.
 */
export class UsageMeter extends DurableObject<Env> {
  readonly #sql: SqlStorage
  #calendar: MeterCalendar
  #billing: BillingLookup
  readonly #totals: RunningTotals
  #lookedUpAt = Number.NEGATIVE_INFINITY

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#sql = ctx.storage.sql
    this.#sql.exec(METER_TABLES)
    this.#calendar = readCalendar(this.#sql)
    this.#billing = rememberedBilling(this.#calendar)
    this.#totals = new RunningTotals((productRef, period) =>
      sum(cellsBetween(this.#sql, period, productRef).map((cell) => cell.quantity)),
    )
  }

  /** Counts events, each once; one receipt for each, in their order. */
  async record(events: UsageEvent[], now: Instant): Promise<Receipt[]> {
    if (events.some(({ productRef, occurredAt }) => !this.#billing(productRef, occurredAt)))
      await this.#lookUp()
    const { storage } = this.ctx
    const alarm = await storage.getAlarm()
    const recorded = storage.transactionSync(() => recordEvents(this.#sql, events, this.#billing, now))
    // No await lies between the transaction and the alarm: either both are kept or neither is.
    this.#arm(alarm, recorded)
    const { verdicts } = recorded
    const counted = events.map((event) => ({ event, ...this.#cycle(event) }))
    for (const [place, { event, period }] of counted.entries()) {
      if (verdicts[place]!.outcome === 'accepted')
        this.#totals.add(event.productRef, period, readQuantity(event.quantity))
    }
    // Only now, so that one batch never shows two totals of the same cycle.
    return counted.map(({ event, cycle, period }, place) => {
      const verdict = verdicts[place]!
      if ('code' in verdict) return verdict
      return { ...verdict, cycle, cycleTotal: formatQuantity(this.#totals.get(event.productRef, period)) }
    })
  }

  /** Learns what the customer's contracts bill. A calendar older than the one known changes nothing. */
  learn(calendar: MeterCalendar): void {
    if (calendar.revision < this.#calendar.revision) return
    keepCalendar(this.#sql, calendar)
    this.#calendar = calendar
    this.#billing = rememberedBilling(calendar)
  }

  /** Freezes the usage of a billing cycle. The same request gets the same answer for ever. */
  seal(request: SealRequest): SealedUsage {
    return this.ctx.storage.transactionSync(() => sealCycle(this.#sql, request))
  }

  /** What `seal` would answer now, by the same steps and without a trace. */
  preview(request: SealRequest): SealedUsage {
    try {
      return this.ctx.storage.transactionSync(() => {
        throw new Rehearsed(sealCycle(this.#sql, request))
      })
    } catch (thrown) {
      if (thrown instanceof Rehearsed) return thrown.answer
      throw thrown
    }
  }

  summary(query: SummaryQuery): ProductUsage[] {
    return summarise(cellsBetween(this.#sql, query, query.productRef), query)
  }

  list(query: EventQuery): Paged<StoredEvent> {
    return listEvents(this.#sql, query)
  }

  /**
   * Tells the database whom the meter has heard of, and the archive what it has counted. The platform gives up on an
   * alarm that fails too often, so failures are caught, neither keeps the other from going on, and the alarm is set
   * again.
   */
  override async alarm(): Promise<void> {
    const [told, archived] = await Promise.allSettled([this.#introduce(), this.#archive()])
    const failures = [told, archived].filter((result) => result.status === 'rejected')
    for (const { reason } of failures) logError(reason, { meter: this.ctx.id.name, job: 'alarm' })
    const more = archived.status === 'fulfilled' && !archived.value
    if (failures.length > 0) await this.ctx.storage.setAlarm(realTime() + RETRY_MS)
    else if (more) await this.ctx.storage.setAlarm(realTime())
  }

  /**
   * Looks for contracts that nobody has told the meter of yet, because an event came before the lesson did. Counting
   * does not depend on it, so that a database out of reach is no reason to refuse usage.
   */
  async #lookUp(): Promise<void> {
    const { name } = this.ctx.id
    if (name === undefined || realTime() - this.#lookedUpAt < LOOK_AGAIN_MS) return
    this.#lookedUpAt = realTime()
    try {
      this.learn(meterCalendar(await contractsOfCustomer(openDb(this.env.DB), name)))
    } catch (error) {
      logError(error, { meter: name, job: 'look up contracts' })
    }
  }

  /** Sets the alarm for what was recorded just now, unless one comes early enough. */
  #arm(alarm: number | null, { accepted, sightings }: Recorded): void {
    if (accepted === 0) return
    const due = realTime() + (sightings > 0 ? INTRODUCE_MS : ARCHIVE_MS)
    if (alarm === null || due < alarm) void this.ctx.storage.setAlarm(due)
  }

  /** The billing cycle, and the period whose total is shown: without a cycle the calendar month. */
  #cycle({ productRef, occurredAt }: UsageEvent) {
    const cycle = this.#billing(productRef, occurredAt)?.cycle ?? null
    return { cycle, period: cycle ?? monthUtc(occurredAt) }
  }

  async #introduce(): Promise<void> {
    const sightings = untoldSightings(this.#sql)
    if (sightings.length === 0) return
    const db = openDb(this.env.DB)
    await commit(db, introduce(db, sightings))
    markTold(this.#sql, sightings)
  }

  /** Archives up to a bounded number of segments; true when nothing is left. */
  async #archive(): Promise<boolean> {
    const customerRef = this.ctx.id.name
    assert(customerRef !== undefined, 'a meter is reached by the name of its customer')
    for (let count = 0; count < SEGMENTS_PER_ALARM; count++) {
      const segment = nextSegment(this.#sql)
      if (!segment) return true
      const text = segmentText(this.#sql, customerRef, segment)
      await this.env.ARCHIVE.put(segmentName(customerRef, segment), text)
      markArchived(this.#sql, segment)
    }
    return false
  }
}

/** Thrown to undo a transaction of which the answer alone is wanted. */
class Rehearsed {
  readonly answer: SealedUsage

  constructor(answer: SealedUsage) {
    this.answer = answer
  }
}
