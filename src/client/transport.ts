import { later } from './timers.ts'
import type { UsageProblem, UsageResult } from './usage-event.ts'

/** What one attempt came to. */
export type Answer =
  | { kind: 'counted'; results: UsageResult[] }
  | { kind: 'retry'; problem: UsageProblem; retryAfterMs: number }
  | { kind: 'too_large' | 'refused'; problem: UsageProblem }

export type Transport = {
  url: string
  headers: Headers
  fetch: typeof fetch
  requestTimeoutMs: number
  /** Ends all requests. */
  stop: AbortSignal
}

/** The longest Retry-After that is obeyed; also keeps within what a timer can hold. */
const RETRY_AFTER_MAX_MS = 3_600_000

/** Sends a batch once. Whatever goes wrong is an answer; this never throws. */
export async function post(transport: Transport, events: readonly string[]): Promise<Answer> {
  const { url, headers, fetch, requestTimeoutMs, stop } = transport
  const abort = new AbortController()
  const end = () => abort.abort()
  const timer = later(end, requestTimeoutMs)
  stop.addEventListener('abort', end)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: `[${events.join(',')}]`,
      signal: abort.signal,
    })
    return readAnswer(response, await response.text(), events.length)
  } catch (error) {
    // The batch may have been counted all the same; its ids make that harmless.
    return { kind: 'retry', problem: { code: 'network_error', detail: errorText(error) }, retryAfterMs: 0 }
  } finally {
    clearTimeout(timer)
    stop.removeEventListener('abort', end)
  }
}

function readAnswer({ status, headers }: Response, text: string, count: number): Answer {
  const body = parsed(text)
  if (status === 200 && isReceipt(body.results, count)) return { kind: 'counted', results: body.results }
  const problem = problemOf(status, body)
  // A 200 that is no receipt was cut short, or is not from Accrue.
  if (status === 200 || status === 408 || status === 429 || status >= 500) {
    return { kind: 'retry', problem, retryAfterMs: retryAfterMs(headers.get('retry-after'), Date.now()) }
  }
  return { kind: status === 413 ? 'too_large' : 'refused', problem }
}

const isReceipt = (results: unknown, count: number): results is UsageResult[] =>
  Array.isArray(results) && results.length === count && results.every((result) => result?.outcome)

/** Reads `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3). What says neither asks for no wait. */
export function retryAfterMs(header: string | null, now: number): number {
  const text = header?.trim() ?? ''
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now
  return ms > 0 ? Math.min(ms, RETRY_AFTER_MAX_MS) : 0
}

type Body = Partial<UsageProblem> & { results?: unknown }

function parsed(text: string): Body {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}

const problemOf = (status: number, { code, detail, errors }: Body): UsageProblem => ({
  status,
  code: code ?? `http_${status}`,
  detail: detail ?? `The answer was HTTP ${status}, and not one of Accrue's.`,
  ...(errors && { errors }),
})

function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
