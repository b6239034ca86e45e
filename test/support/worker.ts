import { exports, env as workerEnv } from 'cloudflare:workers'
import type { Env } from '../../src/env.ts'

/** The bindings of the Worker under test. */
export const env = workerEnv as unknown as Env

type Call = { key?: string | null; headers?: Record<string, string>; body?: unknown }

/** Calls the Worker's HTTP API as the sandbox admin, and reads the JSON answer. */
export async function api(method: string, path: string, { key, headers, body }: Call = {}) {
  const response = await (exports as unknown as { default: Fetcher }).default.fetch(
    `http://accrue.test${path}`,
    {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key ?? 'sandbox_admin_key'}` }),
        ...(body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      redirect: 'manual',
    },
  )
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: parse(text) }
}

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape are read by tests
function parse(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
