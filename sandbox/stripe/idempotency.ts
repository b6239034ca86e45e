import { createMiddleware } from 'hono/factory'
import type { StandInEnv } from './call.ts'
import { invalidRequest, StripeFault } from './fault.ts'
import { formText } from './form.ts'
import type { Tables } from './tables.ts'

const KEY_LENGTH_MAX = 255

/**
 * Idempotency-Key as Stripe documents it: the first answer, errors included, is given again for the same key, and the
 * same key with other parameters is refused. A call whose parameters were wrong has not begun, so it keeps nothing.
 */
export const idempotent = (tables: Tables) => {
  const running = new Set<string>()
  return createMiddleware<StandInEnv>(async (c, next) => {
    const key = c.req.header('idempotency-key')
    if (!key || c.req.method !== 'POST') return next()
    if (key.length > KEY_LENGTH_MAX)
      throw invalidRequest('Idempotency keys can be up to 255 characters long.')
    c.header('idempotency-key', key)
    const request = `${c.req.path}\n${inOrder(await formText(c.req))}`
    const kept = tables.answers.get(key)
    if (kept && kept.request !== request) throw reused(key)
    if (kept) {
      c.header('idempotent-replayed', 'true')
      c.header('original-request', kept.requestId)
      return c.body(kept.body, kept.status as 200, { 'content-type': 'application/json' })
    }
    if (running.has(key)) throw inUse(key)
    running.add(key)
    try {
      await next()
      if (!c.var.executed) return
      const body = await c.res.clone().text()
      tables.answers.put({ id: key, request, requestId: c.var.call.requestId, status: c.res.status, body })
    } finally {
      running.delete(key)
    }
  })
}

/** The parameters whatever order they were sent in. */
function inOrder(form: string): string {
  const given = new URLSearchParams(form)
  given.sort()
  return given.toString()
}

const reused = (key: string): StripeFault =>
  new StripeFault(400, {
    type: 'idempotency_error',
    message:
      'Keys for idempotent requests can only be used with the same parameters they were first used with. Try using ' +
      `a key other than '${key}' if you meant to execute a different request.`,
  })

const inUse = (key: string): StripeFault =>
  new StripeFault(409, {
    type: 'invalid_request_error',
    code: 'idempotency_key_in_use',
    message:
      'There is currently another in-progress request using this Idempotent Key (that probably means you submitted ' +
      `twice, and the other request is still going through): ${key}. Please try again later or with another key.`,
  })
