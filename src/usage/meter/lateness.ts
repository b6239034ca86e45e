import { type Instant, toIso } from '../../kernel/calendar.ts'
import type { CellText } from '../bucket.ts'
import { type BillingLookup, billingOf, type MeterCalendar } from '../meter-calendar.ts'
import type { Parcel } from '../parcel.ts'
import { CLOCK_SKEW_MS, countedFacts } from '../usage-event.ts'
import type { Refusal } from '../verdict.ts'
import { linesOf } from './logged-event.ts'

const DAY_MS = 24 * 60 * 60_000
const NONE: ReadonlyMap<number, Refusal> = new Map()

/** What the age of an event has against it: the contract that bills it takes no event so late. */
export function lateness(
  productRef: string,
  at: Instant,
  now: Instant,
  billing: BillingLookup,
): Refusal | undefined {
  const contract = billing(productRef, at)
  const days = contract?.maxLatenessDays
  if (days === undefined || at >= now - days * DAY_MS) return undefined
  return tooOld(
    `The event is of ${toIso(at)}; the contract "${contract!.contractRef}" takes usage up to ${days} days late.`,
  )
}

/**
 * The events of a parcel that come too late, by their places. Events without a contract are never too late, unless
 * the meter has forgotten ids of their time.
 */
export function lateEvents(
  parcel: Parcel,
  billing: BillingLookup,
  forgottenBefore: Instant,
): ReadonlyMap<number, Refusal> {
  const { firstAt, receivedAt, cells } = parcel
  // No contract asks for events sooner than within a day, and most come sooner: they cost no look at all.
  if (firstAt >= Math.max(forgottenBefore, receivedAt - DAY_MS)) return NONE
  const isLate = ([productRef, bucket]: CellText) => lateness(productRef, bucket, receivedAt, billing)
  if (firstAt >= forgottenBefore && !cells.some(isLate)) return NONE
  const late = new Map<number, Refusal>()
  for (const [place, line] of linesOf(parcel.lines).entries()) {
    const { productRef, occurredAt } = countedFacts(JSON.parse(line).event)
    const refusal =
      occurredAt < forgottenBefore
        ? tooOld(
            `Events before ${toIso(forgottenBefore)} are closed: whether this one was counted is not known.`,
          )
        : lateness(productRef, occurredAt, parcel.receivedAt, billing)
    if (refusal) late.set(place, refusal)
  }
  return late
}

/**
 * Ids that were heard of last before this instant are of events that every contract refuses by now. Undefined while
 * there are contracts that take events of any age, or products that no contract bills.
 */
export function idsNeededSince(
  calendar: MeterCalendar,
  products: readonly string[],
  now: Instant,
): Instant | undefined {
  const limits = calendar.contracts.map(({ terms }) => terms.max_lateness_days ?? Number.POSITIVE_INFINITY)
  const isBilled = products.every((productRef) => billingOf(calendar, productRef, now) !== undefined)
  const days = Math.max(...limits)
  return isBilled && Number.isFinite(days) ? now - days * DAY_MS - CLOCK_SKEW_MS : undefined
}

const tooOld = (detail: string): Refusal => ({
  outcome: 'rejected',
  code: 'timestamp_too_old',
  detail,
  path: 'timestamp',
})
