import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../http/router.http.ts'
import { dispatchOutbox } from './outbox.job.ts'

/**
 * Sends what a write asked for at once, after its answer, instead of with the next tick. Usage events are left out:
 * they ask for nothing, and their way must stay free of the database.
 */
export const dispatchAfterWrite = createMiddleware<AppEnv>(async (c, next) => {
  await next()
  if (c.req.method === 'GET' || c.res.status >= 400 || c.req.path.startsWith('/api/usage/')) return
  c.executionCtx.waitUntil(dispatchOutbox(c.env, c.var.now))
})
