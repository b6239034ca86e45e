import { beforeAll, describe, expect, it } from 'vitest'
import { api } from '../support/worker.ts'

type Operation = { parameters?: { name: string }[] }
type Call = { method: string; path: string; parameters: string[] }

const HEADERS = { 'content-type': 'application/json' }
/** Calls that prove who asks in another way than by a key. */
const WITHOUT_KEY = ['/webhooks/stripe']
/** Calls that take more than 1 MB. */
const LARGER = [
  '/api/usage/events',
  '/api/bank-statements',
  '/api/preview/aggregate',
  '/api/contract-attachments',
  '/api/import',
]
const KNOWN = [
  ['/api/entities', { entity_ref: 'x', name: 'X', currency: 'USD' }],
  ['/api/customers', { customer_ref: 'x', name: 'X' }],
  ['/api/products', { product_ref: 'x', name: 'X', kind: 'recurring' }],
  [
    '/api/contracts',
    {
      contract_ref: 'x',
      customer_ref: 'x',
      entity_ref: 'x',
      start_date: '2026-01-01',
      products: [{ product_ref: 'x', model: { type: 'flat', amount: '10' } }],
    },
  ],
] as const
let calls: Call[] = []
let reader = ''

beforeAll(async () => {
  const { json } = await api('GET', '/openapi.json', { key: null })
  calls = Object.entries(json.paths as Record<string, Record<string, Operation>>).flatMap(
    ([path, operations]) =>
      Object.entries(operations).map(([method, { parameters = [] }]) => ({
        parameters: parameters.map(({ name }) => name),
        method: method.toUpperCase(),
        // An account is named by its role, and only roles are taken.
        path: path.replace('{account}', 'revenue').replace(/\{[^}]+\}/g, 'x'),
      })),
  )
  reader = (await api('POST', '/api/keys', { body: { name: 'Reader', scopes: ['read'] } })).json.secret
})

describe('every call of the API', () => {
  it('asks for a key', async () => {
    const keyed = calls.filter(({ path }) => !WITHOUT_KEY.includes(path))
    expect(keyed.length).toBeGreaterThan(30)
    for (const { method, path } of keyed) {
      const { status } = await api(method, path, { key: null, headers: HEADERS })
      expect([method, path, status]).toEqual([method, path, 401])
    }
  })

  it('that writes asks for more than reading', async () => {
    const writes = calls.filter(({ method, path }) => method !== 'GET' && !WITHOUT_KEY.includes(path))
    const isPreview = ({ path }: Call) => path.includes('/preview')
    for (const { method, path } of writes.filter((call) => !isPreview(call))) {
      const { status } = await api(method, path, { key: reader, headers: HEADERS })
      expect([method, path, status]).toEqual([method, path, 403])
    }
  })

  it('bounds the body that it takes', async () => {
    const small = calls.filter(({ method, path }) => method === 'POST' && !LARGER.includes(path))
    const body = `"${'x'.repeat(1024 * 1024)}"`
    for (const { method, path } of small) {
      const { status } = await api(method, path, { headers: HEADERS, body })
      expect([path, status]).toEqual([path, 413])
    }
  })

  it('that lists refuses a cursor that no list gave', async () => {
    const lists = calls.filter(({ parameters }) => parameters.includes('cursor'))
    expect(lists.length).toBeGreaterThan(10)
    // Some lists want to be told of whom, and all refuse whom they do not know.
    for (const [path, body] of KNOWN)
      expect([path, (await api('POST', path, { body })).status]).toEqual([path, 201])
    for (const { path } of lists) {
      const { status, json } = await api('GET', `${path}?customer_ref=x&contract_ref=x&cursor=x`)
      expect([path, status, json.code]).toEqual([path, 422, 'invalid_cursor'])
    }
  })

  it('answers with headers that keep it private and read as what it is', async () => {
    for (const path of ['/api/customers', '/api/nowhere', '/login', '/api/customers/none']) {
      const { headers } = await api('GET', path)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('strict-transport-security')).toContain('max-age=')
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    }
  })

  it('refuses a name that would begin a new header of a mail', async () => {
    const body = { name: 'Acme\r\nBcc: eve@evil.example' }
    expect((await api('POST', '/api/customers', { body })).json.errors).toMatchObject([{ path: 'name' }])
  })
})
