import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { UsageEvent, UsageResult } from '../../src/client/usage-client.ts'

/** What goes wrong with one request. */
export type Fault =
  | { status: number; headers?: Record<string, string>; body?: unknown }
  /** The connection breaks: before anything is counted, after it, or in the middle of the answer. */
  | { cut: 'before' | 'after' | 'within' }
  /** Nothing is counted or answered before then. */
  | { until: () => Promise<unknown> }

/** Decides what goes wrong with a request, by its place (from 0) and the events in it. */
export type Faults = (place: number, events: UsageEvent[]) => Fault | undefined

export type UsageServer = Awaited<ReturnType<typeof usageServer>>

/** A local HTTP server that counts events by their ids as Accrue does, and fails as it is told. */
export async function usageServer(faults: Faults = () => undefined) {
  const counted = new Map<string, UsageEvent>()
  const requests: { ids: string[]; at: number; key: string | undefined }[] = []
  const state = { faults, underWay: 0, mostUnderWay: 0 }
  const server = createServer(async (request, response) => {
    state.mostUnderWay = Math.max(state.mostUnderWay, ++state.underWay)
    response.once('close', () => state.underWay--)
    const events = JSON.parse(await textOf(request)) as UsageEvent[]
    const fault = state.faults(requests.length, events)
    requests.push({ ids: events.map(idOf), at: performance.now(), key: request.headers.authorization })
    await answer(response, fault, () => events.map((event, index) => count(counted, event, index)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counted,
    requests,
    state,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  }
}

async function answer(response: ServerResponse, fault: Fault | undefined, record: () => UsageResult[]) {
  if (fault && 'status' in fault) {
    return response.writeHead(fault.status, fault.headers).end(JSON.stringify(fault.body ?? {}))
  }
  if (fault && 'cut' in fault && fault.cut === 'before') return response.destroy()
  if (fault && 'until' in fault) await fault.until()
  const text = JSON.stringify({ results: record() })
  if (!fault || 'until' in fault) return response.end(text)
  if (fault.cut === 'within') {
    response.writeHead(200, { 'content-length': text.length }).write(text.slice(0, 9))
    await sleep(5)
  }
  return response.destroy()
}

function count(counted: Map<string, UsageEvent>, event: UsageEvent, index: number): UsageResult {
  const result = { index, event_id: idOf(event), event_ref: `evt_${idOf(event)}` }
  const known = counted.get(idOf(event))
  if (event.quantity === 'rejected') {
    const error = {
      code: 'invalid_request',
      detail: 'No number.',
      errors: [{ path: 'quantity', message: 'no' }],
    }
    return { ...result, outcome: 'rejected', event_ref: null, error }
  }
  if (!known) counted.set(idOf(event), event)
  if (!known || JSON.stringify(known) === JSON.stringify(event)) {
    return { ...result, outcome: known ? 'duplicate' : 'accepted' }
  }
  const error = { code: 'event_conflict', detail: 'Other content.' }
  return { ...result, outcome: 'conflict', event_ref: null, error }
}

const idOf = ({ event_id }: UsageEvent): string => event_id!

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
