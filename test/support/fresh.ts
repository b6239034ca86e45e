import { applyD1Migrations, type D1Migration, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, beforeAll } from 'vitest'

/** Leaves no row, object, file, message or alarm, and gives the empty database its tables. */
export async function startAfresh(): Promise<void> {
  const { DB, TEST_MIGRATIONS } = env as unknown as { DB: D1Database; TEST_MIGRATIONS: D1Migration[] }
  await reset()
  await applyD1Migrations(DB, TEST_MIGRATIONS)
}

const { fetch } = globalThis

// Files share a Worker, since starting one takes seconds: each begins as if it were alone.
beforeAll(startAfresh)
afterAll(() => {
  globalThis.fetch = fetch
})
