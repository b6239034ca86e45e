import { beforeAll, describe, expect, it } from 'vitest'
import { NOTHING_CLOSED } from '../../src/ledger/accounting-period.ts'
import { journalEntry } from '../../src/ledger/journal-entry.ts'
import { postEntries } from '../../src/ledger/ledger.store.ts'
import { commit, openDb } from '../../src/storage/db.store.ts'
import { writeInvoice } from '../revenue/billed.ts'
import { api, env } from '../support/worker.ts'

const db = openDb(env.DB)

const REPORTS = ['/api/reports/', '/api/revenue/', '/api/ledger/', '/api/accounting-periods']
const FIELDS = ['entity_ref', 'customer_ref', 'contract_ref', 'product_ref', 'invoice'] as const

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

  it('takes an invoice by its number as by its id, and what was taken over from elsewhere', async () => {
    const entries = (query: string) => api('GET', `/api/ledger/entries?${query}`)
    expect((await entries('product_ref=opening_balance')).status).toBe(200)
    const invoice = await writeInvoice(db, { entityRef: 'numbered', issueDate: '2026-02-15', lines: [] })
    const posting = (account: 'accounts_receivable' | 'contract_position', amount: bigint) => ({
      ...{ account, amount, invoiceId: invoice },
    })
    const entry = journalEntry({
      ...{ entityRef: 'numbered', postingDate: '2026-02-15', event: 'invoice_issued', sourceId: invoice },
      ...{ currency: 'EUR', description: 'Invoice', recordedAt: 1 },
      postings: [posting('accounts_receivable', 1n), posting('contract_position', -1n)],
    })
    await commit(db, postEntries(db, [entry], NOTHING_CLOSED))
    for (const ref of [invoice, invoice.replace('inv', 'INV')]) {
      expect((await entries(`invoice=${ref}`)).json.data).toMatchObject([{ entry_id: entry.id }])
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
