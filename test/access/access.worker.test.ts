import { describe, expect, it } from 'vitest'
import { api } from '../support/worker.ts'

describe('API keys', () => {
  it('are made with scopes, work until revoked, and never show their secret again', async () => {
    const made = await api('POST', '/api/keys', { body: { name: 'Producer', scopes: ['read'] } })
    expect(made.status).toBe(201)
    const { secret, key_id } = made.json

    expect((await api('GET', '/api/keys', { key: secret })).json.code).toBe('scope_missing')
    expect((await api('GET', '/api/keys')).text).not.toContain(secret)

    expect((await api('DELETE', `/api/keys/${key_id}`)).status).toBe(200)
    expect((await api('GET', '/api/keys', { key: secret })).status).toBe(401)
  })

  it('name every fault of a request at once', async () => {
    const answer = await api('POST', '/api/keys', { body: { name: '', scopes: ['everything'] } })
    expect(answer.status).toBe(422)
    expect(answer.json.errors.map((fault: { path: string }) => fault.path)).toEqual(['name', 'scopes.0'])
  })

  it.each([
    ['no key', null],
    ['an unknown key', 'accrue_unknown_unknown'],
    ['a key that every object would answer to', 'hasOwnProperty'],
    ['a key with a line break', 'sandbox_admin_key x'],
  ])('refuse %s with 401', async (_, key) => {
    const answer = await api('GET', '/api/keys', { key })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toContain('Bearer')
  })

  it('refuse a body that is no JSON with a clear 400', async () => {
    const answer = await api('POST', '/api/keys', {
      body: '{',
      headers: { 'content-type': 'application/json' },
    })
    expect(answer.status).toBe(400)
    expect(answer.json.code).toBe('malformed_body')
  })
})
