import { type D1Migration, listDurableObjectIds, reset, runInDurableObject } from 'cloudflare:test'
import { env as workerEnv } from 'cloudflare:workers'
import { env } from './worker.ts'

/** An object that is left alone for ten seconds leaves the memory, and `reset` empties those in memory only. */
const IN_MEMORY_MS = 9_000

let emptiedAt = 0

/** Leaves no row, object, file or alarm, and gives the empty database its tables. */
export async function startAfresh(): Promise<void> {
  const { TEST_MIGRATIONS } = workerEnv as unknown as { TEST_MIGRATIONS: D1Migration[] }
  const statements = TEST_MIGRATIONS.flatMap(({ queries }) => queries).map((query) => env.DB.prepare(query))
  // On a busy machine the database may have left the memory again before it is emptied.
  do await empty()
  while (await hasTables())
  // In one batch: a queue message that is under way fails while there are no tables, and not so often that it is given up.
  await env.DB.batch(statements)
  emptiedAt = Date.now()
}

async function empty(): Promise<void> {
  await env.ARCHIVE.head('any')
  // Asked after that: the clock of a Worker stands still until it has waited for something.
  if (Date.now() - emptiedAt > IN_MEMORY_MS) await wakeMeters()
  await Promise.all([hasTables(), env.ARCHIVE.head('any')])
  await reset()
}

const hasTables = async () =>
  (await env.DB.prepare("SELECT 1 FROM sqlite_master WHERE name = 'api_keys'").first()) !== null

async function wakeMeters(): Promise<void> {
  const meters = await listDurableObjectIds(env.USAGE_METER)
  // A meter that was emptied before has forgotten its name, and refuses to wake.
  await Promise.allSettled(meters.map((id) => runInDurableObject(env.USAGE_METER.get(id), () => undefined)))
}
