import { ACME, ENTITY_REF, UNITS } from './company.ts'

/** Who uses what, about how much a day. */
const STREAMS = [
  { customer_ref: ACME, customer_name: 'ACME', product: UNITS, name: 'Units', daily: 420, currency: 'USD' },
  {
    customer_ref: 'globex',
    customer_name: 'Globex',
    product: 'api-calls',
    name: 'API calls',
    daily: 61_000,
    currency: 'EUR',
  },
  {
    customer_ref: 'initech',
    customer_name: 'Initech',
    product: 'api-calls',
    name: 'API calls',
    daily: 18_500,
    currency: 'USD',
  },
]

const EVENTS_A_DAY = 4
const DAY_MS = 86_400_000

/** Usage events of every stream from `start` to `end`: the same each time, so that sending them again counts nothing. */
export function usageEvents(start: number, end: number): object[] {
  const events: object[] = []
  for (let at = start + DAY_MS / (2 * EVENTS_A_DAY); at < end; at += DAY_MS / EVENTS_A_DAY) {
    for (const stream of STREAMS) {
      const timestamp = new Date(at).toISOString()
      const share = 0.6 + 0.8 * chance(`${stream.customer_ref} ${stream.product} ${timestamp}`)
      events.push({
        event_id: `demo ${stream.product} ${timestamp}`,
        timestamp,
        customer_ref: stream.customer_ref,
        customer_name: stream.customer_name,
        usage_product_ref: stream.product,
        usage_product_name: stream.name,
        quantity: Math.round((stream.daily / EVENTS_A_DAY) * share),
        validations: { currency: stream.currency, entity_ref: ENTITY_REF },
      })
    }
  }
  return events
}

/** A number from 0 to 1 that depends on the text alone (FNV-1a). */
function chance(text: string): number {
  let hash = 2_166_136_261
  for (let place = 0; place < text.length; place++)
    hash = Math.imul(hash ^ text.charCodeAt(place), 16_777_619)
  return (hash >>> 0) / 2 ** 32
}
