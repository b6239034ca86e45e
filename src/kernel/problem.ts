/** One fault of an input: where it is (JSON pointer or dotted path) and how to mend it. */
export type Fault = { path: string; message: string }

/**
 * An error that the caller can act on; the one error type that leaves the core. It is written as RFC 9457
 * problem+json by the HTTP app. `code` is stable snake_case; `detail` says what, where and how to mend.
 */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly faults: readonly Fault[]
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string,
    detail: string,
    more: { faults?: readonly Fault[]; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail, { cause: more.cause })
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.faults = more.faults ?? []
    this.headers = more.headers ?? {}
  }
}

export const notFound = (what: string, ref: string): Problem =>
  new Problem(
    404,
    `${what.replaceAll(' ', '_')}_not_found`,
    `There is no ${what} with the reference "${ref}".`,
  )

export const conflict = (code: string, detail: string, faults: readonly Fault[] = []): Problem =>
  new Problem(409, code, detail, { faults })

export const invalid = (code: string, detail: string, faults: readonly Fault[] = []): Problem =>
  new Problem(422, code, detail, { faults })

/** Several problems as one: the first, with the faults of all. */
export function joined(problems: readonly Problem[]): Problem {
  const [first] = problems
  assert(first, 'there is a problem to tell of')
  const faults = problems.flatMap((problem) => problem.faults)
  return new Problem(first.status, first.code, first.message, { faults, headers: first.headers })
}

/** For an input that has not the form that is asked for. */
export const invalidForm = (faults: readonly Fault[]): Problem =>
  invalid(
    'invalid_request',
    'The request does not have the form that this call takes; each fault is named in "errors".',
    faults,
  )

/** For what can only be a programming error: stops the step before anything is written. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`)
}
