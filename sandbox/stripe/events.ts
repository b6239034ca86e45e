import type { Hono } from 'hono'
import type Stripe from 'stripe'
import { z } from 'zod'
import { API_VERSION, type Call, endpoint, type StandInEnv } from './call.ts'
import { noSuch } from './fault.ts'
import { stripeId } from './ids.ts'
import { listFields, listPage } from './list.ts'
import { params, text } from './params.ts'

const listParams = params({
  ...listFields,
  type: text.optional(),
  types: z.array(text).max(20).optional(),
})

export function mountEvents(app: Hono<StandInEnv>): void {
  app.get('/v1/events', endpoint(listParams, listEvents))
  app.get(
    '/v1/events/:id',
    endpoint(params({}), ({ tables }, _, id) => eventOf(tables, id)),
  )
}

export function eventOf(tables: Call['tables'], id: string): Stripe.Event {
  const event = tables.events.get(id)
  if (!event) throw noSuch('event', id)
  return event
}

/** An event holds its object as it was at that moment, for ever. */
export function makeEvent(
  { tables, now, requestId, idempotencyKey }: Omit<Call, 'emit'>,
  type: string,
  object: { id: string },
): Stripe.Event {
  const event = {
    id: stripeId('evt'),
    object: 'event' as const,
    api_version: API_VERSION,
    created: now,
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: requestId, idempotency_key: idempotencyKey },
    type,
  }
  // Which object belongs to which type is known where the event is made, and cannot be told to the compiler here.
  return tables.events.put(event as unknown as Stripe.Event)
}

const listEvents = ({ tables }: Call, given: z.output<typeof listParams>) =>
  listPage(
    tables.events
      .all()
      .filter(({ type }) => matches(given.type, type))
      .filter(({ type }) => given.types === undefined || given.types.includes(type)),
    '/v1/events',
    'event',
    given,
  )

/** `charge.*` means every event about charges. */
const matches = (wanted: string | undefined, type: string): boolean =>
  wanted === undefined || wanted === type || (wanted.endsWith('.*') && type.startsWith(wanted.slice(0, -1)))
