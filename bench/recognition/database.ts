import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { migrate } from '../targets/worker.ts'

const WORKER = 'export default { fetch: () => new Response() }'

/** An empty D1 database of its own, with all tables and guards; `close` ends its process. */
export async function emptyDatabase(): Promise<{ d1: D1Database; close: () => Promise<void> }> {
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      name: 'books',
      modules: true,
      script: WORKER,
      compatibilityDate: '2026-01-01',
      d1Databases: ['DB'],
    }),
  )
  await runtime.ready
  await migrate(runtime)
  return { d1: (await runtime.getD1Database('DB')) as unknown as D1Database, close: () => runtime.dispose() }
}
