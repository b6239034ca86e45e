import type { Scope } from '../../access/principal.ts'

type Answer = { $ref: string } | { description?: string; content?: Record<string, unknown> }
export type Answers = Record<string, Answer>

type Asked = { parameters?: { in: string }[]; requestBody?: unknown }

const KEY = {
  401: 'No key, or one that is not known: `unauthorized`.',
  403: 'The key has not the scope that the call needs: `scope_missing`.',
}
const BODY = {
  400: 'The body is not JSON: `malformed_body`.',
  409: 'In conflict with what is there; the code tells with what.',
  413: 'The body is larger than this call takes: `body_too_large`.',
  415: 'The body is of another media type: `unsupported_media_type`.',
}
const NAMED = { 404: 'What the path names is not there; the code ends in `_not_found`.' }
const READ = {
  422: '`invalid_request`, or a code of its own: `errors` names each fault with its path.',
}
const ALWAYS = {
  429: 'Too many calls of this key or address: `too_many_requests`. Wait for `retry-after` seconds.',
}

/** The problems that a call may answer with, by what it asks for. */
export function problemsOf({ parameters = [], requestBody }: Asked, scope: Scope | undefined): Answers {
  const texts = {
    ...(scope && KEY),
    ...(requestBody !== undefined && BODY),
    ...(parameters.some((one) => one.in === 'path') && NAMED),
    ...((requestBody !== undefined || parameters.length > 0) && READ),
    ...ALWAYS,
  }
  return Object.fromEntries(
    Object.entries(texts).map(([status, description]) => [status, { description, content: PROBLEM }]),
  )
}

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
