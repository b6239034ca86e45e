import type { AddressInfo } from 'node:net'
import { type HttpBindings, serve } from '@hono/node-server'
import { DROPPED } from './faults.ts'
import { openSqlite } from './sqlite.ts'
import { createStripeStandIn, type StandInOptions } from './stand-in.ts'

export type ServerOptions = Pick<StandInOptions, 'webhookUrl' | 'webhookSecret' | 'clock'> & {
  port: number
  /** A SQLite file: a stand-in started again knows what it knew before. */
  dataFile: string
}

const HOST = '127.0.0.1'
const DELIVER_EVERY_MS = 100

/** Runs the stand-in on a port of this machine, with the webhooks leaving by themselves. */
export async function startStripeStandIn(
  options: ServerOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const storage = openSqlite(options.dataFile)
  const { app, deliverDue } = createStripeStandIn({ ...options, storage })
  const server = serve({ port: options.port, hostname: HOST, fetch: breakable(app.fetch) })
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject))
  const { port } = server.address() as AddressInfo
  const deliveries = setInterval(() => void deliverDue(), DELIVER_EVERY_MS)
  let closing: Promise<void> | undefined
  const close = async () => {
    clearInterval(deliveries)
    await new Promise((resolve) => server.close(resolve))
    await deliverDue()
    storage.close()
  }
  return {
    url: `http://${HOST}:${port}`,
    close() {
      closing ??= close()
      return closing
    },
  }
}

/** Breaks the connection where an answer is marked to be lost. */
const breakable =
  (answer: (request: Request, env: HttpBindings) => Response | Promise<Response>) =>
  async (request: Request, env: unknown): Promise<Response> => {
    const bindings = env as HttpBindings
    const response = await answer(request, bindings)
    if (response.headers.has(DROPPED)) bindings.outgoing.destroy()
    return response
  }
