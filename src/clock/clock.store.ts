import { sql } from 'drizzle-orm'
import { type Env, isSandbox } from '../env.ts'
import { type Db, openDb } from '../storage/db.store.ts'
import { sandboxClock } from './clock.schema.ts'

/** The current instant of the business: real time, or in the sandbox real time moved by the test clock. */
export async function currentTime(env: Env): Promise<number> {
  if (!isSandbox(env)) return realTime()
  const [row] = await openDb(env.DB).select({ offsetMs: sandboxClock.offsetMs }).from(sandboxClock)
  return realTime() + (row?.offsetMs ?? 0)
}

/** Real time, for what must not follow the test clock: sessions and sign-in links. */
export const realTime = (): number => Date.now()

/** Moves the sandbox clock so that it shows `instant` now. */
export async function setSandboxTime(env: Env, instant: number): Promise<void> {
  const offsetMs = instant - realTime()
  await openDb(env.DB)
    .insert(sandboxClock)
    .values({ id: 1, offsetMs })
    .onConflictDoUpdate({ target: sandboxClock.id, set: { offsetMs: sql`excluded.offset_ms` } })
}

/** True once there is a contract: from then on the sandbox clock goes forward only. */
export async function hasBooks(db: Db): Promise<boolean> {
  const row = await db.get<{ found: number }>(sql`SELECT EXISTS (SELECT 1 FROM contracts) AS found`)
  return row.found === 1
}
