import { createMiddleware } from 'hono/factory'
import { currentTime } from '../clock/clock.store.ts'
import { randomId } from '../kernel/id.ts'
import { logInfo } from '../log.ts'
import type { AppEnv } from './router.http.ts'

/**
 * What a call that brings usage passes instead of what all others do: there are thousands of them for each other one,
 * so they get no line in the log unless they are refused, and only the headers that matter for a machine.
 */
export const ingestCall = createMiddleware<AppEnv>(async (c, next) => {
  const requestId = randomId('req')
  c.set('requestId', requestId)
  c.set('now', await currentTime(c.env))
  await next()
  const { headers, status } = c.res
  headers.set('x-request-id', requestId)
  headers.set('cache-control', 'no-store')
  headers.set('x-content-type-options', 'nosniff')
  if (status >= 400) logInfo({ requestId, method: c.req.method, path: c.req.path, status })
})
