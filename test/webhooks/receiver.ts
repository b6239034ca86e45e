import { Webhook as Verifier } from 'standardwebhooks'
import { vi } from 'vitest'
import { ok } from '../support/scenario.ts'

export type Received = {
  id: string
  type: string
  data: Record<string, string>
  headers: Record<string, string>
  body: string
}

/** Waits for what queues bring about. */
export const until = (check: () => boolean | Promise<boolean>) =>
  vi.waitUntil(check, { timeout: 10_000, interval: 10 })

/** Puts a receiver behind https://<name>.hooks.example for one test file. Others are reached as before. */
export function receivers() {
  const received = new Map<string, Received[]>()
  const answers = new Map<string, (() => Response | Promise<Response>)[]>()
  const outside = globalThis.fetch
  globalThis.fetch = (async (input: string | Request, init?: RequestInit) => {
    const request = new Request(input, init)
    const [name, ...rest] = new URL(request.url).hostname.split('.')
    if (!name || rest.join('.') !== 'hooks.example') return outside(request)
    const body = await request.text()
    const headers = Object.fromEntries(request.headers)
    received.set(name, [...(received.get(name) ?? []), { ...JSON.parse(body), headers, body }])
    return (answers.get(name)?.shift() ?? (() => new Response(null, { status: 204 })))()
  }) as typeof fetch

  return {
    /** Sets a webhook up that leads there, and answers its secret. */
    open: async (name: string, order: Record<string, unknown> = {}): Promise<string> =>
      (
        await ok('POST', '/api/webhooks', {
          webhook_ref: name,
          url: `https://${name}.hooks.example/`,
          ...order,
        })
      ).secret,
    /** What the next messages are answered with; without more of them, 204. */
    answer: (name: string, ...next: (() => Response | Promise<Response>)[]) => void answers.set(name, next),
    heard: (name: string) => received.get(name) ?? [],
    /** The types of what has come, once there are so many, in the order of the alphabet: no order is promised. */
    types: async (name: string, count: number): Promise<string[]> => {
      await vi.waitUntil(() => (received.get(name) ?? []).length >= count, { timeout: 5_000, interval: 10 })
      return (received.get(name) ?? []).map(({ type }) => type).sort()
    },
    verified: (secret: string, { body, headers }: Received) => new Verifier(secret).verify(body, headers),
  }
}
