import type { Instant } from '../kernel/calendar.ts'
import { toIso } from '../kernel/calendar.ts'
import { fastHash128 } from '../kernel/fast-hash.ts'
import { bucketOf, CellSums, type CellText } from './bucket.ts'
import { eventRefOf } from './event-ref.ts'
import { ENTRY_WORDS, putNumber } from './known-ids/id-entry.ts'
import type { UsageEvent, Validations } from './usage-event.ts'

/**
 * Events of one customer on their way to the meter, put together so that it need look into none of them to count
 * them: their ids as one block of words, what they add to the totals, and their lines for the log.
 */
export type Parcel = {
  customerRef: string
  customerName: string | null
  receivedAt: Instant
  count: number
  /** The earliest and the latest timestamp. */
  firstAt: Instant
  lastAt: Instant
  /**
   * An entry for each event. The meter gives it its number; until then the place of the number says where the line of
   * the event ends. With `isWhole` one entry for all of them.
   */
  ids: Uint32Array
  /** The events are counted together or not at all: the parcel has one identity. */
  isWhole: boolean
  cells: readonly CellText[]
  products: readonly (readonly [ref: string, name: string | null])[]
  /** What events ask of the contract that bills them, by their places. */
  checks: readonly (readonly [place: number, productRef: string, at: Instant, Validations])[]
  /** One line of JSON for each event, each with its line feed. */
  lines: string
}

/** A parcel as it is sent: of many small values it is the number that costs, so they go as one text. */
export type PackedParcel = { head: string; ids: Uint32Array; lines: string }

export function packed({ ids, lines, ...head }: Parcel): PackedParcel {
  return { head: JSON.stringify(head), ids, lines }
}

export const unpacked = ({ head, ids, lines }: PackedParcel): Parcel => ({ ...JSON.parse(head), ids, lines })

/** Of a parcel's lines, as they are stored and archived. */
export type LogLine = {
  event_id: string
  received_at: string
  event: Record<string, unknown>
  /** Set where the line amends or voids an earlier event, by its number. */
  amends?: number
  voids?: number
}

/** A row of the log takes up to 2 MB; a character takes up to three bytes. */
export const PARCEL_CHARS_MAX = 400_000

export class ParcelBuilder {
  readonly #customerRef: string
  readonly #receivedAt: Instant
  readonly #receivedText: string
  #customerName: string | null = null
  #ids = new Uint32Array(16 * ENTRY_WORDS)
  readonly #cells = new CellSums()
  readonly #products = new Map<string, string | null>()
  readonly #checks: (readonly [number, string, Instant, Validations])[] = []
  #firstAt = Number.POSITIVE_INFINITY
  #lastAt = Number.NEGATIVE_INFINITY
  #lines = ''
  count = 0

  constructor(customerRef: string, receivedAt: Instant) {
    this.#customerRef = customerRef
    this.#receivedAt = receivedAt
    this.#receivedText = `,"received_at":"${toIso(receivedAt)}","event":`
  }

  hasRoomFor(event: UsageEvent): boolean {
    return this.#lines.length + event.body.length <= PARCEL_CHARS_MAX
  }

  /** Adds an event and answers its place. */
  add(event: UsageEvent): number {
    const place = this.count++
    const at = place * ENTRY_WORDS
    if (at === this.#ids.length) this.#grow()
    fastHash128(event.body, this.#ids, at + 2)
    // Of the content one word is kept; the id then fills the first four.
    this.#ids[at + 4] = this.#ids[at + 2]!
    fastHash128(event.eventId, this.#ids, at)
    this.#cells.addText([event.productRef, bucketOf(event.occurredAt), event.quantity, 1])
    this.#customerName ??= event.customerName
    if (!this.#products.has(event.productRef)) this.#products.set(event.productRef, event.productName)
    if (event.occurredAt < this.#firstAt) this.#firstAt = event.occurredAt
    if (event.occurredAt > this.#lastAt) this.#lastAt = event.occurredAt
    if (event.validations) this.#checks.push([place, event.productRef, event.occurredAt, event.validations])
    this.#lines += `{"event_id":${JSON.stringify(event.eventId)}${this.#receivedText}${event.body}}\n`
    putNumber(this.#ids, at, this.#lines.length)
    return place
  }

  refOf(place: number): string {
    return eventRefOf(this.#customerRef, this.#ids, place * ENTRY_WORDS)
  }

  parcel(): Parcel {
    return {
      customerRef: this.#customerRef,
      customerName: this.#customerName,
      receivedAt: this.#receivedAt,
      count: this.count,
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
      ids: this.#ids.slice(0, this.count * ENTRY_WORDS),
      isWhole: false,
      cells: this.#cells.texts(),
      products: [...this.#products],
      checks: this.#checks,
      lines: this.#lines,
    }
  }

  #grow(): void {
    const wider = new Uint32Array(this.#ids.length * 2)
    wider.set(this.#ids)
    this.#ids = wider
  }
}
