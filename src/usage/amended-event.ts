import { invalid } from '../kernel/problem.ts'

type EventFields = Record<string, unknown>

/** What of an event never changes: everything else hangs on it. */
export type EventIdentity = { eventId: string; customerRef: string }

/** The event with the fields that are given in the place of its own; null takes one away. */
export function amendedEvent(event: EventFields, changes: EventFields): EventFields {
  const kept = Object.entries({ ...event, ...changes }).filter(([, value]) => value !== null)
  const amended = Object.fromEntries(kept)
  return changes.timestamp === undefined ? amended : withKnownTime(amended)
}

/** Another form of the whole event under the identity that it has. */
export const remappedEvent = (event: EventFields, mapped: EventFields): EventFields => {
  const { event_id: _own, ...rest } = mapped
  return event.event_id === undefined ? rest : { ...rest, event_id: event.event_id }
}

/** Throws `identity_fixed` where a change names another customer or another id. */
export function checkIdentity({ eventId, customerRef }: EventIdentity, changes: EventFields): void {
  const { customer_ref = customerRef, event_id = eventId } = changes
  const path = customer_ref !== customerRef ? 'customer_ref' : event_id !== eventId ? 'event_id' : undefined
  if (!path) return
  throw invalid(
    'identity_fixed',
    `The ${path} of an event can't change. Delete the event, and send another one with a new event_id.`,
    [{ path, message: "can't change" }],
  )
}

/** A timestamp that is given counts, also where a CloudEvent came without one. */
function withKnownTime(event: EventFields): EventFields {
  const mappedFrom = Object(event.mapped_from) as EventFields
  if (mappedFrom.specversion === undefined) return event
  return { ...event, mapped_from: { ...mappedFrom, time: event.timestamp } }
}
