import { createMiddleware } from 'hono/factory'
import { currentTime } from '../clock/clock.store.ts'
import { randomId } from '../kernel/id.ts'
import { logInfo } from '../log.ts'
import { openDb } from '../storage/db.store.ts'
import type { AppEnv } from './router.http.ts'

/** Gives each request its id, its time and the database, and writes one line about it when it is answered. */
export const request = createMiddleware<AppEnv>(async (c, next) => {
  c.set('requestId', randomId('req'))
  c.set('db', openDb(c.env.DB))
  c.set('now', await currentTime(c.env))
  const startedAt = performance.now()
  await next()
  c.header('x-request-id', c.var.requestId)
  // Answers hold the business of somebody; what may be kept says so itself.
  if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
  logInfo({
    requestId: c.var.requestId,
    method: c.req.method,
    path: withoutSecrets(c.req.path),
    status: c.res.status,
    ms: Math.round(performance.now() - startedAt),
  })
})

/** Hosted invoices and sign-in links carry their secret in the path; a log must not. */
export const withoutSecrets = (path: string): string => path.replace(/^\/(i|login)\/[^/]+/, '/$1/***')
