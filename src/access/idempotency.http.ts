import { and, eq } from 'drizzle-orm'
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../http/router.http.ts'
import { sha256Hex } from '../kernel/hash.ts'
import { conflict, Problem } from '../kernel/problem.ts'
import { idempotencyKeys } from './access.schema.ts'

/** How long a first request may run before a repeat is allowed to take over from it. */
const RUNNING_MS = 60_000

/**
 * `Idempotency-Key` on writes: the same key with the same body gets the first answer again; with another body it is
 * a conflict. Answers of 5xx are not kept, so that a repeat tries again. Keys belong to the API key that sent them.
 */
export const idempotent = createMiddleware<AppEnv>(async (c, next) => {
  const key = c.req.header('idempotency-key')
  if (!key || c.req.method === 'GET') return next()
  if (key.length > 255)
    throw new Problem(400, 'idempotency_key_too_long', 'Idempotency-Key takes up to 255 characters.')

  const { db, now } = c.var
  // The credential is hashed so that two callers can use the same key without meeting each other's answers.
  const principal = sha256Hex(c.req.header('authorization') ?? '').slice(0, 32)
  const requestHash = sha256Hex(
    `${c.req.method} ${c.req.path}${new URL(c.req.url).search}\n${await c.req.text()}`,
  )
  const here = and(eq(idempotencyKeys.principal, principal), eq(idempotencyKeys.key, key))

  const claimed = await db
    .insert(idempotencyKeys)
    .values({ principal, key, requestHash, startedAt: now })
    .onConflictDoNothing()
    .returning()
  if (claimed.length === 0) {
    const [first] = await db.select().from(idempotencyKeys).where(here)
    if (first && first.requestHash !== requestHash) {
      throw conflict(
        'idempotency_key_reused',
        'This Idempotency-Key was used with another request; use a new one.',
      )
    }
    if (first?.status) return replay(first)
    if (first && now - first.startedAt < RUNNING_MS) {
      throw conflict(
        'request_in_progress',
        'The first request with this Idempotency-Key is still running; ask again.',
      )
    }
    await db.update(idempotencyKeys).set({ startedAt: now }).where(here)
  }

  await next()

  const answer = c.res.clone()
  if (answer.status >= 500 || answer.status === 401 || answer.status === 429) {
    await db.delete(idempotencyKeys).where(here)
    return
  }
  await db
    .update(idempotencyKeys)
    .set({
      status: answer.status,
      body: await answer.text(),
      contentType: answer.headers.get('content-type'),
    })
    .where(here)
})

const replay = (first: typeof idempotencyKeys.$inferSelect): Response =>
  new Response(first.body, {
    status: first.status ?? 200,
    headers: { 'content-type': first.contentType ?? 'application/json', 'idempotency-replayed': 'true' },
  })
