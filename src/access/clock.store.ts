import { sql } from 'drizzle-orm'
import { openDb } from '../db.ts'
import { type Env, isSandbox } from '../env.ts'
import { sandboxClock } from './access.schema.ts'

/** The current instant: real time, or in the sandbox real time moved by the test clock. */
export async function currentTime(env: Env): Promise<number> {
  if (!isSandbox(env)) return Date.now()
  return Date.now() + (await clockOffset(env))
}

/** Moves the sandbox clock so that it shows `instant` now. */
export async function setSandboxTime(env: Env, instant: number): Promise<void> {
  const offsetMs = instant - Date.now()
  await openDb(env.DB)
    .insert(sandboxClock)
    .values({ id: 1, offsetMs })
    .onConflictDoUpdate({ target: sandboxClock.id, set: { offsetMs: sql`excluded.offset_ms` } })
}

async function clockOffset(env: Env): Promise<number> {
  const [row] = await openDb(env.DB).select({ offsetMs: sandboxClock.offsetMs }).from(sandboxClock)
  return row?.offsetMs ?? 0
}
