import { createMiddleware } from 'hono/factory'
import type { StandInEnv } from './call.ts'
import { StripeFault } from './fault.ts'

/** Marks an answer that must never reach the caller: the connection breaks after the work is done. */
export const DROPPED = 'x-stand-in-dropped'

/** `drop_after_commit`: the work is done and the connection breaks, so the caller cannot know. */
type FaultMode = '429' | '500' | 'drop_after_commit'
export type Fault = { mode: FaultMode; remaining: number; path: string | undefined }

/** Makes the next calls of the API fail, as set through `/_control/faults`. */
export const injectFaults = (faults: Fault[]) =>
  createMiddleware<StandInEnv>(async (c, next) => {
    const fault = faults.find(
      ({ remaining, path }) => remaining > 0 && (path === undefined || c.req.path.startsWith(path)),
    )
    if (!fault) return next()
    fault.remaining -= 1
    if (fault.mode === '429') {
      throw new StripeFault(429, {
        type: 'invalid_request_error',
        code: 'rate_limit',
        message: 'Request rate limit exceeded.',
      })
    }
    if (fault.mode === '500') {
      throw new StripeFault(500, { type: 'api_error', message: 'An unknown error occurred' })
    }
    await next()
    c.header(DROPPED, 'true')
  })
