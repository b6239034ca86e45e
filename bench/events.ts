import { randomInt, randomUUID } from 'node:crypto'

/** What one round sends. */
export type Round = {
  customers: string[]
  /** Events of one request; 1 is the call for a single event. */
  batch: number
  /** Events that no request has sent before. */
  events: number
  /** Of each batch, how many of its events are sent for the second time: 0.1 is one in ten. */
  resent: number
  connections: number
}

/** Events of a customer and product: how many, and the sum of their quantities in thousandths. */
export type Totals = Record<string, { events: number; thousandths: number }>

/** One call: its body, and how many events are in it. */
export type Call = { body: Buffer; events: number }

const PRODUCTS = ['api-calls', 'egress-gb', 'storage-gb-hours']
const REGIONS = ['eu-central-1', 'us-east-1', 'ap-southeast-2']
const NOTE = 'request served from the edge cache, tier 2'
const HOUR_MS = 3_600_000

/**
 * Builds all calls of a round before its clock starts, and adds up what they hold. Events of a batch take turns among
 * the customers; those that are sent again were in an earlier batch and stand in random places.
 */
export function buildCalls(round: Round, totals: Totals): Call[] {
  const sent: string[] = []
  const calls: Call[] = []
  const again = Math.round(round.batch * round.resent)
  while (sent.length < round.events) {
    const repeats = sent.length === 0 ? 0 : again
    const fresh = Math.min(round.batch - repeats, round.events - sent.length)
    const events = Array.from({ length: repeats }, () => sent[randomInt(sent.length)]!)
    for (let count = 0; count < fresh; count++) {
      const event = buildEvent(round.customers[sent.length % round.customers.length]!, totals)
      sent.push(event)
      events.splice(repeats > 0 ? randomInt(events.length + 1) : events.length, 0, event)
    }
    const text = round.batch === 1 ? events[0]! : `[${events.join(',')}]`
    calls.push({ body: Buffer.from(text), events: events.length })
  }
  return calls
}

/** A usage event of about 300 bytes. */
function buildEvent(customer: string, totals: Totals): string {
  const product = PRODUCTS[randomInt(PRODUCTS.length)]!
  const thousandths = randomInt(1, 5_000_000)
  addTotals(totals, { [totalKey(customer, product)]: { events: 1, thousandths } })
  return JSON.stringify({
    timestamp: new Date(Date.now() - randomInt(HOUR_MS)).toISOString(),
    customer_ref: customer,
    usage_product_ref: product,
    quantity: thousandths / 1000,
    additional_report_data: { region: REGIONS[randomInt(REGIONS.length)], note: NOTE },
    event_id: randomUUID(),
  })
}

export const totalKey = (customer: string, product: string): string => `${customer} ${product}`

/** Adds totals to others in place. */
export function addTotals(to: Totals, more: Totals): void {
  for (const [key, { events, thousandths }] of Object.entries(more)) {
    const before = to[key]
    to[key] = {
      events: (before?.events ?? 0) + events,
      thousandths: (before?.thousandths ?? 0) + thousandths,
    }
  }
}
