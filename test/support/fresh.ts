import { type D1Migration, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, beforeAll } from 'vitest'

/** Leaves no row, object, file or alarm, and gives the empty database its tables. */
export async function startAfresh(): Promise<void> {
  const { DB, TEST_MIGRATIONS } = env as unknown as { DB: D1Database; TEST_MIGRATIONS: D1Migration[] }
  const statements = TEST_MIGRATIONS.flatMap(({ queries }) => queries).map((query) => DB.prepare(query))
  await reset()
  // In one batch: a queue message that is under way fails while there are no tables, and not so often that it is given up.
  await DB.batch(statements)
}

const { fetch } = globalThis

// Files share a Worker, since starting one takes seconds: each begins as if it were alone.
beforeAll(startAfresh)
afterAll(() => {
  globalThis.fetch = fetch
})
