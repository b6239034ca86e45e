import type { BillingLookup } from './meter-calendar.ts'
import type { Period } from './period.ts'
import type { UsageEvent } from './usage-event.ts'

/** What became of an event. A refusal has a stable code and says how to mend it. */
export type Verdict = { outcome: 'accepted' | 'duplicate' } | Refusal
export type Refusal = { outcome: 'conflict' | 'rejected'; code: string; detail: string; path: string }

/** A meter's answer to one event; it is given only after everything that it says is durable. */
export type Receipt =
  | {
      outcome: 'accepted' | 'duplicate'
      /** The billing cycle that the event belongs to, or null while no contract is known to bill it. */
      cycle: Period | null
      /** The product's quantity in that cycle; without a cycle in the calendar month (UTC) of the event. */
      cycleTotal: string
    }
  | Refusal

/**
 * Decides what becomes of an event. The id comes first: what was once accepted stays accepted when it is sent again,
 * whatever its contract says by now. A product that no contract bills has nothing that validations could break.
 */
export function judge(event: UsageEvent, knownHash: string | undefined, billing: BillingLookup): Verdict {
  if (knownHash === event.contentHash) return { outcome: 'duplicate' }
  if (knownHash !== undefined) {
    return {
      outcome: 'conflict',
      code: 'event_conflict',
      detail: `The event "${event.eventId}" was recorded with other content. Nothing was written; use a new event_id.`,
      path: 'event_id',
    }
  }
  return violation(event, billing) ?? { outcome: 'accepted' }
}

function violation(
  { validations: { currency, entity_ref }, productRef, occurredAt }: UsageEvent,
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
