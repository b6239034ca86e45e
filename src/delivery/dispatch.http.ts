import { createMiddleware } from 'hono/factory'
import type { Env } from '../env.ts'
import type { AppEnv } from '../http/router.http.ts'

/**
 * Sends what a write asked for at once, after its answer, instead of with the next tick. Usage events are left out:
 * they ask for nothing, and their way must stay free of the database.
 */
export const dispatchAfterWrite = (dispatch: (env: Env, now: number) => Promise<void>) =>
  createMiddleware<AppEnv>(async (c, next) => {
    await next()
    if (c.req.method === 'GET' || c.res.status >= 400 || c.req.path.startsWith('/api/usage/')) return
    c.executionCtx.waitUntil(dispatch(c.env, c.var.now))
  })
