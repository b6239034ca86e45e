import { expect, it } from 'vitest'
import { insertProduct } from '../../src/catalog/catalog.store.ts'
import { commit, openDb } from '../../src/storage/db.store.ts'
import { api, env } from '../support/worker.ts'

it.each([
  {
    body: { product_ref: 'p-calls', name: 'Calls', kind: 'usage', unit_name: 'call' },
    shown: { metric: { type: 'sum' }, unit_name: 'call', revenue: { recognition: 'usage' } },
  },
  {
    body: { product_ref: 'p-count', name: 'Events', kind: 'usage', metric: { type: 'count' } },
    shown: { metric: { type: 'count' } },
  },
  {
    body: { product_ref: 'p-seats', name: 'Seats', kind: 'recurring' },
    shown: { metric: null, revenue: { recognition: 'daily' } },
  },
  {
    body: { product_ref: 'p-setup', name: 'Setup', kind: 'one_time', revenue: { recognition: 'daily' } },
    shown: { metric: null, revenue: { recognition: 'daily' } },
  },
])('keeps $body.name once, with what its kind brings', async ({ body, shown }) => {
  const made = await api('POST', '/api/products', { body })
  expect([made.status, made.json]).toEqual([
    201,
    expect.objectContaining({ ...body, ...shown, origin: 'api' }),
  ])
  const again = await api('POST', '/api/products', { body })
  expect([again.status, again.json]).toEqual([200, made.json])
  const other = await api('POST', '/api/products', { body: { ...body, name: 'Else' } })
  expect([other.status, other.json.code]).toEqual([409, 'product_exists'])
  expect((await api('GET', `/api/products/${body.product_ref}`)).json).toEqual(made.json)
})

it('completes a product that usage made known', async () => {
  const db = openDb(env.DB)
  const known = {
    ref: 'p-known',
    name: 'p-known',
    kind: 'usage' as const,
    metric: { type: 'sum' as const },
    unitName: null,
    taxCode: null,
    recognition: 'usage' as const,
    revenue: null,
    grantsCredit: null,
    origin: 'usage' as const,
    createdAt: 0,
  }
  await commit(db, insertProduct(db, known))
  const body = { product_ref: 'p-known', name: 'Known', kind: 'usage' }
  const completed = await api('POST', '/api/products', { body })
  expect([completed.status, completed.json.name, completed.json.origin]).toEqual([200, 'Known', 'api'])
})

it('refuses what is not sold that way', async () => {
  const seats = {
    name: 'Seats',
    kind: 'recurring',
    metric: { type: 'sum' },
    revenue: { recognition: 'usage', usage_policy: 'variable_allocation' },
  }
  const answer = await api('POST', '/api/products', { body: seats })
  expect(answer.json.errors.map((fault: { path: string }) => fault.path)).toEqual([
    'metric',
    'revenue.recognition',
    'revenue.usage_policy',
  ])
  const unknown = await api('POST', '/api/products', {
    body: { name: 'X', kind: 'usage', metric: { type: 'median' } },
  })
  expect(unknown.json.errors).toHaveLength(1)
})

it('lists products newest first, and takes the same Idempotency-Key for the same body alone', async () => {
  const headers = { 'idempotency-key': 'product-1' }
  const body = { name: 'Without a reference', kind: 'usage' }
  const first = await api('POST', '/api/products', { headers, body })
  const again = await api('POST', '/api/products', { headers, body })
  expect(again.json.product_ref).toBe(first.json.product_ref)
  const other = await api('POST', '/api/products', { headers, body: { ...body, name: 'Else' } })
  expect([other.status, other.json.code]).toEqual([409, 'idempotency_key_reused'])
  const { json } = await api('GET', '/api/products?limit=1')
  expect(json.data[0].product_ref).toBe(first.json.product_ref)
  expect((await api('GET', '/api/products/nothing')).status).toBe(404)
})

it('corrects a product; its kind, only while no contract bills it', async () => {
  const edit = (body: object) => api('POST', '/api/products/edit/p-edit', { body })
  const made = await api('POST', '/api/products', {
    body: { product_ref: 'p-edit', name: 'Cals', kind: 'usage', unit_name: 'call' },
  })
  const seats = await edit({ name: 'Seats', kind: 'recurring', unit_name: null })
  expect([seats.status, seats.json]).toEqual([
    200,
    {
      ...made.json,
      name: 'Seats',
      kind: 'recurring',
      unit_name: null,
      metric: null,
      revenue: { recognition: 'daily' },
    },
  ])
  await api('POST', '/api/entities', { body: { entity_ref: 'p-seller', name: 'Seller', currency: 'USD' } })
  await api('POST', '/api/customers', { body: { customer_ref: 'p-buyer', name: 'Buyer' } })
  const contract = await api('POST', '/api/contracts', {
    body: {
      customer_ref: 'p-buyer',
      entity_ref: 'p-seller',
      start_date: '2026-01-01',
      products: [{ product_ref: 'p-edit', model: { type: 'flat', amount: '10' } }],
    },
  })
  expect(contract.status).toBe(201)
  const refused = await edit({ kind: 'one_time', name: 'Half written' })
  expect([refused.status, refused.json.code]).toEqual([409, 'product_kind_fixed'])
  expect((await edit({ kind: 'recurring', tax_code: 'saas' })).json).toEqual({
    ...seats.json,
    tax_code: 'saas',
  })
  const wrong = await edit({ metric: { type: 'sum' }, revenue: { recognition: 'usage' } })
  expect(wrong.json.errors).toHaveLength(2)
  expect((await api('POST', '/api/products/edit/nothing', { body: {} })).json.code).toBe('product_not_found')
})

it('is measured otherwise only where the prices of its contracts allow it', async () => {
  const measured = {
    product_ref: 'p-cells',
    name: 'Cells',
    kind: 'usage',
    metric: { type: 'sum', group_by: ['region'] },
  }
  await api('POST', '/api/products', { body: measured })
  const model = { type: 'matrix', rows: [{ match: { region: ['eu'] }, unit_amount: '2' }] }
  const contract = {
    contract_ref: 'p-cells-k',
    customer_ref: 'p-buyer',
    entity_ref: 'p-seller',
    start_date: '2026-01-01',
    products: [{ product_ref: 'p-cells', model }],
  }
  expect((await api('POST', '/api/contracts', { body: contract })).status).toBe(201)
  const edit = (metric: object) => api('POST', '/api/products/edit/p-cells', { body: { metric } })
  const refused = await edit({ type: 'sum' })
  expect([
    refused.status,
    refused.json.code,
    refused.json.errors.map((one: { path: string }) => one.path),
  ]).toEqual([409, 'product_in_use', ['p-cells-k.products.0.model']])
  const allowed = await edit({ type: 'sum', group_by: ['region', 'kind'] })
  expect([allowed.status, allowed.json.metric.group_by]).toEqual([200, ['region', 'kind']])
})
