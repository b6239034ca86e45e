import { beforeAll, describe, expect, it } from 'vitest'
import { api } from '../support/worker.ts'

const REPORTS = ['/api/reports/', '/api/revenue/', '/api/ledger/', '/api/accounting-periods']
const FIELDS = ['entity_ref', 'customer_ref', 'contract_ref'] as const

type Parameter = { name: string; in: string }
let asked: { path: string; field: (typeof FIELDS)[number] }[] = []

beforeAll(async () => {
  const { json } = await api('GET', '/openapi.json', { key: null })
  const paths = Object.entries(json.paths as Record<string, { get?: { parameters?: Parameter[] } }>)
  asked = paths
    .filter(([path]) => REPORTS.some((start) => path.startsWith(start)))
    .flatMap(([path, { get }]) =>
      (get?.parameters ?? [])
        .filter((parameter) => parameter.in === 'query')
        .flatMap(({ name }) => FIELDS.filter((field) => field === name))
        .map((field) => ({
          path: path.replace('{account}', 'revenue').replace('{month}', '2026-01'),
          field,
        })),
    )
})

describe('a report about what is not there', () => {
  it('is refused, and the field is named, wherever one can be asked', async () => {
    expect(asked.length).toBeGreaterThan(20)
    for (const { path, field } of asked) {
      const { status, json } = await api('GET', `${path}?${field}=no-such&from=2026-01&to=2026-02`)
      const short = await api('GET', `${path}?${field}=no-such`)
      const detail = `There is no ${field.replace('_ref', '')} with the reference "no-such".`
      expect([path, short.status, short.json.detail]).toEqual([path, 404, detail])
      expect([path, json.errors]).toEqual([path, [{ path: field, message: detail }]])
      expect(status).toBe(404)
    }
  })

  it('names all that is not there at once', async () => {
    const { json } = await api('GET', '/api/ledger/entries?entity_ref=no-seller&contract_ref=no-deal')
    expect(json.code).toBe('entity_not_found')
    expect(json.errors.map(({ path }: { path: string }) => path)).toEqual(['entity_ref', 'contract_ref'])
  })

  it('tells of an account that the chart does not have', async () => {
    for (const path of ['/api/ledger/accounts/nowhere/entries', '/api/ledger/entries?account=nowhere']) {
      const { status, json } = await api('GET', path)
      expect([path, status, json.errors[0].path]).toEqual([path, 422, 'account'])
    }
  })

  it('is not told to those who may not read', async () => {
    expect((await api('GET', '/api/reports/mrr?entity_ref=no-such', { key: null })).status).toBe(401)
  })

  it('is told in the form of a fault where the reference has none', async () => {
    const { status, json } = await api('GET', `/api/reports/mrr?entity_ref=${'x'.repeat(129)}`)
    expect([status, json.code]).toEqual([422, 'invalid_request'])
  })

  it('is empty for an entity that has no books yet', async () => {
    const seller = { entity_ref: 'silent', name: 'Silent', currency: 'USD', timezone: 'UTC' }
    expect((await api('POST', '/api/entities', { body: { ...seller, invoice_series: 'SIL' } })).status).toBe(
      201,
    )
    const { status, json } = await api('GET', '/api/ledger/trial-balance?entity_ref=silent')
    expect([status, json.accounts, json.balanced]).toEqual([200, [], true])
  })
})
