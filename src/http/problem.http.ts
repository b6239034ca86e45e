import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { Problem } from '../kernel/problem.ts'
import { logError } from '../log.ts'
import { withoutSecrets } from './request.http.ts'
import type { AppEnv } from './router.http.ts'

/** RFC 9457. */
const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })),
    request_id: z.string(),
  })
  .openapi('Problem')

const TITLES: Record<number, string> = {
  400: 'The request cannot be read',
  401: 'Who is asking is not known',
  403: 'Not allowed',
  404: 'Not found',
  409: 'In conflict with what is there',
  413: 'Too large',
  415: 'This media type is not taken',
  422: 'The content is not right',
  429: 'Too many requests',
  500: 'A fault of ours',
  503: 'Not available now',
}

/** The one place where an error becomes an answer. What is no `Problem` is logged and told as a fault of ours. */
export function answerProblem(error: unknown, c: Context<AppEnv>): Response {
  const problem = asProblem(error)
  const requestId = c.get('requestId') ?? 'unknown'
  if (problem.status >= 500) logFault(error, c, requestId)
  const body = {
    type: `https://accrue.dev/problems/${problem.code}`,
    title: TITLES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    errors: problem.faults,
    request_id: requestId,
  }
  return new Response(JSON.stringify(body), {
    status: problem.status,
    headers: { ...problem.headers, 'content-type': 'application/problem+json', 'x-request-id': requestId },
  })
}

/** The problem answers that any call may give, for the OpenAPI document. */
export const problemAnswers = {
  default: {
    description: 'Any error: what, where, and how to mend it.',
    content: { 'application/problem+json': { schema: problemSchema } },
  },
} as const

/** What a caller is told of any error: a `Problem` as it is, anything else as a fault of ours without its message. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof HTTPException && error.status < 500) return fromHono(error)
  return new Problem(
    500,
    'internal_error',
    'Something went wrong on our side; nothing you sent was half written.',
  )
}

function fromHono(error: HTTPException): Problem {
  if (error.status === 413) {
    return new Problem(413, 'body_too_large', 'The body is larger than this call takes.')
  }
  // Of Hono's middlewares only the guard against cross-site forms refuses with 403.
  if (error.status === 403) {
    return new Problem(
      403,
      'cross_site_form',
      'The form came from another site; open it here and send it again.',
    )
  }
  // The batch of events names its own media types; every other body that is checked here is JSON.
  if (error.status === 415) {
    return new Problem(415, 'unsupported_media_type', 'Send the body as application/json.')
  }
  return new Problem(error.status, error.status === 400 ? 'malformed_body' : 'http_error', error.message)
}

export function logFault(error: unknown, c: Context<AppEnv>, requestId: string): void {
  logError(error, { requestId, path: withoutSecrets(c.req.path) })
}
