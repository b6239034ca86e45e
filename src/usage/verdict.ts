import type { Instant } from '../kernel/calendar.ts'
import type { BillingLookup } from './meter-calendar.ts'
import type { Period } from './period.ts'
import type { Spread } from './shards.ts'
import type { Validations } from './usage-event.ts'

/** What became of an event. A refusal has a stable code and says how to mend it. */
export type Verdict = { outcome: 'accepted' | 'duplicate' } | Refusal
export type Refusal = { outcome: 'conflict' | 'rejected'; code: string; detail: string; path: string }

export const ACCEPTED: Verdict = { outcome: 'accepted' }
export const DUPLICATE: Verdict = { outcome: 'duplicate' }

/** A meter's answer to a parcel; it is given only after everything that it says is durable. */
export type ParcelAnswer =
  | {
      /** By place; events that are not named were accepted. */
      others: readonly (readonly [place: number, Verdict])[]
      shown: CycleTotal | null
    }
  /** The customer's meter is spread otherwise by now; nothing was counted. */
  | { spread: Spread }
  /** Too much is waiting already; nothing was counted. */
  | { busy: true }

/** What an answer to a single event shows of its billing cycle. */
export type CycleTotal = {
  /** The billing cycle that the event belongs to, or null while no contract is known to bill it. */
  cycle: Period | null
  /**
   * The product's quantity in that cycle; without a cycle in the calendar month (UTC) of the event. Null when the
   * meter is spread over several objects, each of which knows a part.
   */
  cycleTotal: string | null
}

export const eventConflict = (eventId: string): Refusal => ({
  outcome: 'conflict',
  code: 'event_conflict',
  detail: `The event "${eventId}" was recorded with other content. Nothing was written; use a new event_id.`,
  path: 'event_id',
})

export const BATCH_CONFLICT: Refusal = {
  outcome: 'conflict',
  code: 'batch_conflict',
  detail:
    'A batch with this Idempotency-Key was recorded with other events. Nothing was written; use a new key.',
  path: 'idempotency-key',
}

/** What a changed event is held against: the contract, and where its time `isMoved`, the clock. */
export type Appraised = {
  productRef: string
  at: Instant
  validations: Validations | null
  isMoved: boolean
  now: Instant
}
export type Appraisal = { cycle: Period | null; refusal: Refusal | null }

/** What the contract that bills an event has against it. A product that no contract bills breaks no validation. */
export function violation(
  { currency, entity_ref }: Validations,
  productRef: string,
  occurredAt: Instant,
  billing: BillingLookup,
): Refusal | undefined {
  if (!currency && !entity_ref) return undefined
  const contract = billing(productRef, occurredAt)
  if (!contract) return undefined
  const bills = `The contract "${contract.contractRef}", which bills "${productRef}",`
  if (currency && currency !== contract.currency) {
    return {
      outcome: 'rejected',
      code: 'currency_mismatch',
      detail: `${bills} is in ${contract.currency}, not ${currency}.`,
      path: 'validations.currency',
    }
  }
  if (entity_ref && entity_ref !== contract.entityRef) {
    return {
      outcome: 'rejected',
      code: 'entity_mismatch',
      detail: `${bills} is of the entity "${contract.entityRef}", not "${entity_ref}".`,
      path: 'validations.entity_ref',
    }
  }
  return undefined
}
