import { spawn } from 'node:child_process'
import { afterEach, describe, expect, it } from 'vitest'
import { type Faults, type UsageServer, usageServer } from './usage-server.ts'

const at = (file: string): string => JSON.stringify(new URL(`../../src/client/${file}`, import.meta.url).href)

let server: UsageServer
afterEach(() => server.close())

/** Runs a producer in a process of its own that tracks one event and then does what `script` says. */
async function run(script: string, faults?: Faults) {
  server = await usageServer(faults)
  const source = `
    import { createUsageClient } from ${at('usage-client.ts')}
    import { flushOnExit } from ${at('flush-on-exit.ts')}
    const onRejected = () => {}
    const options = { url: '${server.url}', apiKey: 'key', onRejected, batchDelayMs: 60_000, backoffMs: 60_000 }
    const client = createUsageClient(options)
    const onUnsent = (events) => console.log('unsent', events[0].event_id)
    client.track({ event_id: 'e1', customer_ref: 'c', usage_product_ref: 'units', quantity: 1 })
    ${script}`
  const atMost = { timeout: 4_000, killSignal: 'SIGKILL' } as const
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], atMost)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  const end = await new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)))
  return { end, output, counted: [...server.counted.keys()] }
}

const signalled = "setInterval(() => {}, 1_000); process.kill(process.pid, 'SIGTERM')"
const away: Faults = () => ({ status: 503 })

describe('a process that ends', () => {
  it('sends what waits when nothing is left to do', async () => {
    expect(await run('flushOnExit(client)')).toEqual({ end: 0, output: '', counted: ['e1'] })
  })

  it('sends what waits when it is told to end, and ends by that signal', async () => {
    expect(await run(`flushOnExit(client); ${signalled}`)).toEqual({
      end: 'SIGTERM',
      output: '',
      counted: ['e1'],
    })
  })

  it('hands over what it could not send in time', async () => {
    const script = 'flushOnExit(client, { timeoutMs: 50, onUnsent })'
    expect(await run(script, away)).toEqual({ end: 0, output: 'unsent e1\n', counted: [] })
    await server.close()
    expect(await run(`${script}; ${signalled}`, away)).toMatchObject({
      end: 'SIGTERM',
      output: 'unsent e1\n',
    })
  })

  it("leaves the end to the host's own handler of the signal", async () => {
    const handler = "process.on('SIGTERM', () => client.close().then(() => process.exit(7)))"
    expect(await run(`${handler}; flushOnExit(client); ${signalled}`)).toMatchObject({
      end: 7,
      counted: ['e1'],
    })
  })

  it('is not kept alive by the client', async () => {
    expect(await run('flushOnExit(client)()')).toMatchObject({ end: 0, counted: [] })
  })

  it('stays while somebody waits for the next attempt', async () => {
    const once: Faults = (place) =>
      place === 0 ? { status: 503, headers: { 'retry-after': '0' } } : undefined
    const script = `
      const patient = createUsageClient({ ...options, backoffMs: 100 })
      patient.track({ event_id: 'e2', customer_ref: 'c', usage_product_ref: 'units', quantity: 1 })
      await patient.flush()`
    expect(await run(script, once)).toEqual({ end: 0, output: '', counted: ['e2'] })
  })
})
