import { describe, expect, it } from 'vitest'
import { findOperator } from '../../src/access/session.store.ts'
import { openDb } from '../../src/storage/db.store.ts'
import { api, env } from '../support/worker.ts'

const operator = { email: 'ada@lumen.example', name: 'Ada', role: 'viewer' }
const form = { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://accrue.test' }
const page = (method: string, path: string, headers: Record<string, string> = {}) =>
  api(method, path, { key: null, headers: { ...form, ...headers }, ...(method === 'POST' && { body: '' }) })

async function signInLink(): Promise<string> {
  await api('POST', '/api/operators', { body: operator })
  const answer = await api('POST', '/api/operators/ada@lumen.example/sign-in-link')
  return new URL(answer.json.url).pathname
}

const cookieOf = (answer: { headers: Headers }): string =>
  answer.headers.get('set-cookie')?.split(';')[0] ?? ''

describe('signing in to the console', () => {
  it('needs a link, which opens one session and then is used up', async () => {
    const link = await signInLink()
    expect((await page('GET', link)).text).toContain('<form')

    const first = await page('POST', link)
    expect([first.status, first.headers.get('location')]).toEqual([303, '/console'])
    expect(first.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/)
    expect((await page('GET', '/console', { cookie: cookieOf(first) })).status).toBe(200)

    expect((await page('POST', link)).status).toBe(410)
  })

  it('sends those who are not signed in to the sign-in page', async () => {
    for (const cookie of ['', 'accrue_session=forged']) {
      const answer = await page('GET', '/console', { cookie })
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/login'])
    }
  })

  it('refuses a form that was sent from another site', async () => {
    const answer = await page('POST', await signInLink(), { origin: 'https://evil.example' })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('set-cookie')).toBeNull()
  })

  it('ends with signing out', async () => {
    const cookie = cookieOf(await page('POST', await signInLink()))
    await page('POST', '/logout', { cookie })
    expect((await page('GET', '/console', { cookie })).headers.get('location')).toBe('/login')
  })

  it('ends at once when the operator is removed, also for links sent before', async () => {
    const [cookie, link] = [cookieOf(await page('POST', await signInLink())), await signInLink()]
    await api('DELETE', '/api/operators/ada@lumen.example')
    expect((await page('GET', '/console', { cookie })).headers.get('location')).toBe('/login')
    expect((await page('POST', link)).status).toBe(410)
  })

  it('is for nobody without an address, though no address is set up as that of an admin', async () => {
    expect(await findOperator(openDb(env.DB), '', '', 0)).toBeUndefined()
    expect(await findOperator(openDb(env.DB), '', 'grace@lumen.example, ', 0)).toBeUndefined()
  })

  it('tells nobody whose address may sign in', async () => {
    const ask = (email: string) => api('POST', '/login', { key: null, headers: form, body: `email=${email}` })
    const [known, unknown] = [await ask('ada@lumen.example'), await ask('eve@evil.example')]
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text])
  })
})
