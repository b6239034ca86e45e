import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { api, env } from '../support/worker.ts'

const form = { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://accrue.test' }

/** Posts as an address until it is refused; a window may end on the way, so up to twice the limit and one. */
async function untilRefused(path: string, address: string) {
  for (let call = 0; call < 41; call++) {
    const headers = { ...form, 'cf-connecting-ip': address }
    const answer = await api('POST', path, { key: null, headers, body: '' })
    if (answer.status === 429) return answer
  }
  throw new Error(`${path} refused nothing`)
}

/** Calls the Worker with a limiter that refuses the keys given, and tells which keys were counted. */
async function call(method: string, path: string, headers: Record<string, string>, refused: string[] = []) {
  const keys: string[] = []
  const limiter = {
    limit: async ({ key }: { key: string }) => {
      keys.push(key)
      return { success: !refused.includes(key) }
    },
  }
  const context = createExecutionContext()
  const request = new Request(`http://accrue.test${path}`, { method, headers })
  const bindings = { ...env, CALL_RATE: limiter, GUESS_RATE: limiter }
  const answer = await createApp().fetch(request, bindings, context)
  await waitOnExecutionContext(context)
  return { answer, keys }
}

describe('rates', () => {
  it.each([
    ['/login', '192.0.2.1'],
    ['/login/a-guess', '192.0.2.2'],
    ['/i/a-guess/card', '192.0.2.3'],
  ])('end the tries of one address at %s, with a page that says when to come back', async (path, address) => {
    const { headers, text } = await untilRefused(path, address)
    expect(headers.get('retry-after')).toBe('60')
    expect(headers.get('content-type')).toContain('text/html')
    expect(text).toContain('try again in 60 seconds')
    const other = await api('POST', path, {
      key: null,
      headers: { ...form, 'cf-connecting-ip': '192.0.2.9' },
    })
    expect(other.status).not.toBe(429)
  })

  it('count an API call for its address and for its key, which no limiter gets to see', async () => {
    const { answer, keys } = await call('GET', '/api/keys', {
      authorization: 'Bearer sandbox_admin_key',
      'cf-connecting-ip': '192.0.2.4',
    })
    expect(answer.status).toBe(200)
    expect(keys).toEqual(['192.0.2.4', expect.stringMatching(/^key [0-9a-f]{64}$/)])
  })

  it('refuse an API call with 429 and the time to wait', async () => {
    const { answer } = await call('GET', '/api/keys', { 'cf-connecting-ip': '192.0.2.5' }, ['192.0.2.5'])
    expect(answer.status).toBe(429)
    expect(answer.headers.get('retry-after')).toBe('10')
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.json()).toMatchObject({ code: 'too_many_requests' })
  })

  it('never refuse usage', async () => {
    const { keys } = await call('POST', '/api/usage/events', { 'cf-connecting-ip': '192.0.2.6' })
    expect(keys).toEqual([])
  })

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::6', '2001:db8:1:2'],
    ['2001:db8::5:6:7:8', '2001:db8'],
  ])('take %s for its network', async (address, key) => {
    expect((await call('GET', '/api/keys', { 'cf-connecting-ip': address })).keys).toEqual([key])
  })
})
