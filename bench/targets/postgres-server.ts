import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import postgres from 'postgres'

/**
 * The baseline: usage events in PostgreSQL behind a plain Node server, as an afternoon's work would have them. A batch is
 * one statement with an array for each column; the unique key tells what was sent before.
 */
const CONNECTIONS = 16
const [socketDirectory, key] = process.argv.slice(2) as [string, string]
const sql = postgres({
  host: socketDirectory,
  username: 'bench',
  database: 'postgres',
  max: CONNECTIONS,
  onnotice: () => undefined,
})

type Event = {
  timestamp: string
  customer_ref: string
  usage_product_ref: string
  quantity: number | string
  event_id: string
}

const TABLE = `
  CREATE TABLE usage_events (
    customer_ref text NOT NULL,
    event_id text NOT NULL,
    product_ref text NOT NULL,
    occurred_at timestamptz NOT NULL,
    quantity numeric NOT NULL,
    body text NOT NULL,
    UNIQUE (customer_ref, event_id)
  )`

const INSERT = `
  INSERT INTO usage_events (customer_ref, event_id, product_ref, occurred_at, quantity, body)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::numeric[], $6::text[])
  ON CONFLICT DO NOTHING`

const INSERT_ONE = `
  INSERT INTO usage_events (customer_ref, event_id, product_ref, occurred_at, quantity, body)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT DO NOTHING`

const SUMMARY = `
  SELECT product_ref, count(*)::int AS events, sum(quantity)::text AS quantity
  FROM usage_events WHERE customer_ref = $1 GROUP BY product_ref`

const prepared = { prepare: true }

async function recordBatch(events: Event[]): Promise<unknown> {
  if (!Array.isArray(events)) throw new Error('The body must be an array of events.')
  events.forEach(check)
  const { count } = await sql.unsafe(INSERT, columns(events), prepared)
  return { accepted: count, duplicates: events.length - count }
}

const columns = (events: Event[]) => [
  events.map((event) => event.customer_ref),
  events.map((event) => event.event_id),
  events.map((event) => event.usage_product_ref),
  events.map((event) => event.timestamp),
  events.map((event) => String(event.quantity)),
  events.map((event) => JSON.stringify(event)),
]

async function recordOne(event: Event, body: string): Promise<unknown> {
  check(event)
  const values = [
    event.customer_ref,
    event.event_id,
    event.usage_product_ref,
    event.timestamp,
    String(event.quantity),
    body,
  ]
  const { count } = await sql.unsafe(INSERT_ONE, values, prepared)
  return { outcome: count === 1 ? 'accepted' : 'duplicate', event_id: event.event_id }
}

function check(event: Event): void {
  const { timestamp, customer_ref, usage_product_ref, quantity, event_id } = event
  const texts = [timestamp, customer_ref, usage_product_ref, event_id]
  if (texts.some((value) => typeof value !== 'string' || value === '')) throw new Error('A field is missing.')
  if (Number.isNaN(Date.parse(timestamp))) throw new Error('The timestamp is no instant.')
  if (!Number.isFinite(Number(quantity))) throw new Error('The quantity is no number.')
}

async function answer(request: IncomingMessage): Promise<unknown> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  if (request.method === 'GET') {
    return { data: await sql.unsafe(SUMMARY, [searchParams.get('customer_ref')]) }
  }
  const body = await text(request)
  return pathname === '/api/usage/events' ? recordBatch(JSON.parse(body)) : recordOne(JSON.parse(body), body)
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const send = (status: number, value: unknown) => {
    const json = JSON.stringify(value)
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(json),
    })
    response.end(json)
  }
  if (request.headers.authorization !== `Bearer ${key}`)
    return send(401, { detail: 'This key is not known.' })
  try {
    send(200, await answer(request))
  } catch (error) {
    send(422, { detail: error instanceof Error ? error.message : String(error) })
  }
}

await sql.unsafe(TABLE)
const server = createServer(handle).listen(0, '127.0.0.1', () => process.send!(server.address()))
process.on('disconnect', () => process.exit())
