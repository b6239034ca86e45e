import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from './router.http.ts'

const KB = 1024
const DEFAULT = bodyLimit({ maxSize: 1024 * KB })

/**
 * Calls that take files or many events. Each bounds its own body, a little below this where it has more to say than
 * "too large".
 */
const LARGER = new Map([
  ['/api/usage/events', bodyLimit({ maxSize: 5 * 1024 * KB })],
  ['/api/preview/aggregate', bodyLimit({ maxSize: 5 * 1024 * KB })],
  ['/api/import', bodyLimit({ maxSize: 5 * 1024 * KB })],
  ['/api/contract-attachments', bodyLimit({ maxSize: 11 * 1024 * KB })],
  ['/api/bank-statements', bodyLimit({ maxSize: 11 * 1024 * KB })],
])

/** Bounds the body of every request, whether it tells its length or not: 1 MB, and more for the calls above. */
export const boundedBody = createMiddleware<AppEnv>((c, next) =>
  (LARGER.get(c.req.path.replace(/\/$/, '')) ?? DEFAULT)(c, next),
)
