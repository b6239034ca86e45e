import type { Env } from '../../src/env.ts'
import worker from '../../src/index.ts'
import { tick } from '../../src/tick.ts'
import { type Read, reading } from './reading.ts'

export { UsageMeter } from '../../src/usage/meter/meter.object.ts'

/** What a request asked of the database, statement by statement. */
export type Asked = { status: number; bytes: number; reads: Read[] }

type Cron = { now: number }

/** As the sandbox runs: with a clock that can be moved; mail goes nowhere. */
const sandboxed = (env: Env): Env => ({
  ...env,
  ...{ PUBLIC_URL: 'https://bench.example', LINK_SECRET: 'bench' },
  ...{
    ENVIRONMENT: 'sandbox',
    MAIL_FROM: 'books@bench.example',
    EMAIL: { send: async () => ({ messageId: '' }) },
  },
})

/**
 * The Worker, which answers a request below /asked with what it read of the database instead of with its own answer; a
 * POST to /asked/tick is a cron tick.
 */
export default {
  async fetch(request, env, context) {
    const url = new URL(request.url)
    if (!url.pathname.startsWith('/asked/')) return worker.fetch(request, sandboxed(env), context)
    url.pathname = url.pathname.slice('/asked'.length)
    const reads: Read[] = []
    const counted = { ...sandboxed(env), DB: reading(env.DB, reads) }
    if (url.pathname === '/tick') {
      await tick(counted, (await request.json<Cron>()).now)
      return Response.json({ status: 200, bytes: 0, reads } satisfies Asked)
    }
    const answer = await worker.fetch(new Request(url, request), counted, context)
    const { byteLength: bytes } = await answer.arrayBuffer()
    return Response.json({ status: answer.status, bytes, reads } satisfies Asked)
  },
  queue: (batch, env) => worker.queue(batch, sandboxed(env)),
} satisfies ExportedHandler<Env>
