import { lt } from 'drizzle-orm'
import { realTime } from '../clock/clock.store.ts'
import type { Env } from '../env.ts'
import { commit, openDb } from '../storage/db.store.ts'
import { idempotencyKeys, loginLinks, sessions } from './access.schema.ts'

/** A caller may repeat a request for this long, a weekend without people included. */
const IDEMPOTENCY_MS = 7 * 86_400_000

/** Forgets what is of no more use: answers that nobody asks for again, ended sessions and sign-in links. */
export async function forgetExpired(env: Env, now: number): Promise<void> {
  const db = openDb(env.DB)
  await commit(db, [
    db.delete(idempotencyKeys).where(lt(idempotencyKeys.startedAt, now - IDEMPOTENCY_MS)),
    db.delete(sessions).where(lt(sessions.expiresAt, realTime())),
    db.delete(loginLinks).where(lt(loginLinks.expiresAt, realTime())),
  ])
}
