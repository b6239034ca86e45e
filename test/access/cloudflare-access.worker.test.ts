import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import type { Env } from '../../src/env.ts'
import { api, env } from '../support/worker.ts'

const TEAM = 'https://lumen.cloudflareaccess.com'
const settings = { ACCESS_TEAM_DOMAIN: 'lumen.cloudflareaccess.com', ACCESS_AUD: 'console-of-lumen' }
const form = { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://accrue.test' }
const app = createApp()
let team: CryptoKeyPair
let stranger: CryptoKeyPair
let certsServed = 0

const rsaKey = () =>
  crypto.subtle.generateKey(
    {
      name: 'RSASSA-PKCS1-v1_5',
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: 'SHA-256',
    },
    true,
    ['sign', 'verify'],
  ) as Promise<CryptoKeyPair>

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
const encoded = (value: unknown): string => base64url(new TextEncoder().encode(JSON.stringify(value)))

/** A token as Access makes it for Ada, valid for a minute, with what is given in place of that. */
async function token(claims: object = {}, header: object = {}, key = team.privateKey): Promise<string> {
  const seconds = Math.floor(Date.now() / 1000)
  const valid = {
    iss: TEAM,
    aud: [settings.ACCESS_AUD],
    email: 'ada@lumen.example',
    iat: seconds,
    exp: seconds + 60,
  }
  const signed = `${encoded({ alg: 'RS256', kid: 'k1', ...header })}.${encoded({ ...valid, ...claims })}`
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, new TextEncoder().encode(signed))
  return `${signed}.${base64url(new Uint8Array(signature))}`
}

async function call(
  method: string,
  path: string,
  headers: Record<string, string>,
  changed: Partial<Env> = {},
) {
  const context = createExecutionContext()
  const request = new Request(`http://accrue.test${path}`, { method, headers, redirect: 'manual' })
  const answer = await app.fetch(request, { ...env, ...settings, ...changed }, context)
  await waitOnExecutionContext(context)
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}
const open = (jwt: string) => call('GET', '/console', { 'cf-access-jwt-assertion': jwt })

/** A session that was opened by mail before Access was set up. */
async function sessionCookie(): Promise<string> {
  const { json } = await api('POST', '/api/operators/ada@lumen.example/sign-in-link')
  const answer = await api('POST', new URL(json.url).pathname, { key: null, headers: form, body: '' })
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}

beforeAll(async () => {
  ;[team, stranger] = await Promise.all([rsaKey(), rsaKey()])
  await api('POST', '/api/operators', { body: { email: 'ada@lumen.example', name: 'Ada', role: 'viewer' } })
  const jwk = (await crypto.subtle.exportKey('jwk', team.publicKey)) as JsonWebKey
  const outside = globalThis.fetch
  globalThis.fetch = (async (input: string | Request, init?: RequestInit) => {
    if (String(input) !== `${TEAM}/cdn-cgi/access/certs`) return outside(input, init)
    certsServed += 1
    return Response.json({ keys: [{ ...jwk, kid: 'k1', use: 'sig' }] })
  }) as typeof fetch
})

describe('behind Cloudflare Access', () => {
  it('the console opens as the operator whom the token names, and the keys are fetched once', async () => {
    const answers = [await open(await token()), await open(await token({ email: 'ADA@lumen.example' }))]
    for (const { status, text } of answers) {
      expect(status).toBe(200)
      expect(text).toContain('ada@lumen.example')
    }
    expect(certsServed).toBe(1)
  })

  const past = Math.floor(Date.now() / 1000) - 3600
  it.each<[string, () => Promise<string>]>([
    ['for another application', () => token({ aud: ['another'] })],
    ['of another team', () => token({ iss: 'https://evil.cloudflareaccess.com' })],
    ['that has run out', () => token({ exp: past })],
    ['that is not valid yet', () => token({ nbf: past + 7200 })],
    ['without an end', () => token({ exp: undefined })],
    ['of a service, which names nobody', () => token({ email: undefined, common_name: 'ci' })],
    ['signed with another key', () => token({}, {}, stranger.privateKey)],
    ['signed with another key of an unknown name', () => token({}, { kid: 'k2' }, stranger.privateKey)],
    ['that says it needs no signature', async () => `${encoded({ alg: 'none' })}.${encoded({})}.`],
    ['whose signature is cut off', async () => (await token()).replace(/[^.]+$/, '')],
    ['whose claims were changed', async () => (await token()).replace(/\.[^.]+\./, `.${encoded({})}.`)],
    ['that is no token', async () => 'nonsense'],
    ['that is missing', async () => ''],
  ])('a token %s opens nothing', async (_, make) => {
    const { status, text } = await open(await make())
    expect(status).toBe(403)
    expect(text).toContain('bears no valid token')
  })

  it('somebody who is no operator is told so', async () => {
    const { status, text } = await open(await token({ email: 'eve@evil.example' }))
    expect(status).toBe(403)
    expect(text).toContain('eve@evil.example is not an operator')
  })

  it('the sign-in by mail is closed, and a session that it opened before is worth nothing', async () => {
    const cookie = await sessionCookie()
    expect((await call('GET', '/console', { cookie }, undoing)).status).toBe(200)
    expect((await call('GET', '/console', { cookie })).status).toBe(403)
    for (const [method, path] of [
      ['GET', '/login'],
      ['POST', '/login'],
      ['GET', '/login/a-token'],
      ['POST', '/login/a-token'],
    ] as const) {
      expect((await call(method, path, form)).status).toBe(404)
    }
  })

  it('signing out is signing out of Access', async () => {
    const answer = await call('POST', '/logout', form)
    expect(answer.headers.get('location')).toBe('/cdn-cgi/access/logout')
  })

  it('half of the settings opens no other way in', async () => {
    const cookie = await sessionCookie()
    const answer = await call('GET', '/console', { cookie }, { ACCESS_AUD: '' })
    expect(answer.status).toBe(503)
    expect(answer.text).toContain('ACCESS_AUD')
  })
})

const undoing = { ACCESS_TEAM_DOMAIN: '', ACCESS_AUD: '' }
