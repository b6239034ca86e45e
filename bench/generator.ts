import { setTimeout as wait } from 'node:timers/promises'
import { Connection } from './connection.ts'
import { buildCalls, type Call, type Round, type Totals } from './events.ts'

/** What the parent process asks: build the calls of a round for a target, then send them. */
export type Order = { port: number; key: string; round: Round }

/** What came of a round. */
export type Sent = {
  seconds: number
  /** Of all events sent, those sent again included. */
  events: number
  accepted: number
  duplicates: number
  /** Calls that were answered 503 and sent again. */
  shed: number
  /** Milliseconds from a call to its answer. */
  p50: number
  p99: number
  /** What the accepted events hold. */
  totals: Totals
}

const TRIES_MAX = 60
const TRY_AGAIN_MS = 250

/** A process of its own: `prepare` builds the calls, `go` sends them. It ends when its parent does. */
let prepared: (() => Promise<Sent>) | undefined
process.on('disconnect', () => process.exit())
process.on('message', async (message: Order | 'go') => {
  if (message !== 'go') {
    prepared = prepare(message)
    process.send!('prepared')
    return
  }
  try {
    process.send!(await prepared!())
  } catch (error) {
    process.send!({ error: error instanceof Error ? error.message : String(error) })
  }
})

function prepare({ port, key, round }: Order): () => Promise<Sent> {
  const totals: Totals = {}
  const calls = buildCalls(round, totals)
  const path = round.batch === 1 ? '/api/usage/event' : '/api/usage/events'
  const requests = calls.map(({ body }) => requestOf(path, key, body))
  return () => sendAll(port, round.connections, calls, requests, totals)
}

function requestOf(path: string, key: string, body: Buffer): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: accrue.bench',
    `authorization: Bearer ${key}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
  ]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body])
}

async function sendAll(
  port: number,
  count: number,
  calls: Call[],
  requests: Buffer[],
  totals: Totals,
): Promise<Sent> {
  const connections = await Promise.all(Array.from({ length: count }, () => Connection.open(port)))
  const latencies: number[] = []
  const sum = { events: 0, accepted: 0, duplicates: 0, shed: 0 }
  let next = 0
  const startedAt = performance.now()
  await Promise.all(
    connections.map(async (connection) => {
      while (next < requests.length) {
        const place = next++
        const sentAt = performance.now()
        const outcome = await sendUntilTaken(connection, requests[place]!, calls[place]!.events)
        latencies.push(performance.now() - sentAt)
        sum.events += calls[place]!.events
        sum.accepted += outcome.accepted
        sum.duplicates += outcome.duplicates
        sum.shed += outcome.shed
      }
    }),
  )
  const seconds = (performance.now() - startedAt) / 1000
  for (const connection of connections) connection.close()
  latencies.sort((a, b) => a - b)
  const percentile = (share: number) => latencies[Math.ceil(latencies.length * share) - 1] ?? 0
  return { ...sum, seconds, p50: percentile(0.5), p99: percentile(0.99), totals }
}

/** Sends a call again for as long as the answer is 503, as a producer does. */
async function sendUntilTaken(connection: Connection, request: Buffer, events: number) {
  for (let shed = 0; shed < TRIES_MAX; shed++) {
    const { status, text } = await connection.send(request)
    if (status === 503) {
      await wait(TRY_AGAIN_MS)
      continue
    }
    const outcome = outcomeOf(text)
    if (status !== 200 || outcome.accepted + outcome.duplicates !== events)
      throw new Error(`A call of ${events} events was answered ${status}: ${bodyOf(text).slice(0, 1_000)}`)
    return { ...outcome, shed }
  }
  throw new Error(`A call was answered 503 ${TRIES_MAX} times.`)
}

/** The counts at the start of a batch's answer, or the one outcome of a single event's. */
function outcomeOf(text: string): { accepted: number; duplicates: number } {
  const counts = /"accepted":(\d+),"duplicates":(\d+)/.exec(text)
  if (counts) return { accepted: Number(counts[1]), duplicates: Number(counts[2]) }
  return {
    accepted: text.includes('"outcome":"accepted"') ? 1 : 0,
    duplicates: text.includes('"outcome":"duplicate"') ? 1 : 0,
  }
}

const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n') + 4)
