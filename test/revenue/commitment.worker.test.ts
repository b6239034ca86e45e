import { beforeAll, expect, it } from 'vitest'
import { differencesFromFacts } from '../support/recomputed.ts'
import { api } from '../support/worker.ts'

/**
 * Calls at 1.00, billed by months, and 3,000.00 committed for the contract from January to March: a floor of 1,000.00 a
 * month. Used are 500, 800 and 400; 200 more of January come when it is invoiced and its books are locked, 100 more of
 * March when all is invoiced.
 */
async function ok(method: string, path: string, body?: unknown) {
  const answer = await api(method, path, { body })
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
  return answer.json
}

const moveTo = (instant: string) => ok('POST', '/api/sandbox/clock', { advance_to: instant })
const use = (timestamp: string, quantity: number) =>
  ok('POST', '/api/usage/event', {
    customer_ref: 'acme',
    usage_product_ref: 'calls',
    event_id: `${timestamp} ${quantity}`,
    timestamp,
    quantity,
  })

/** Revenue by the month that it belongs to. */
const byMonth = async () => {
  const { totals } = await ok('GET', '/api/revenue/waterfall?entity_ref=lumen')
  return totals[0].months.map(({ recognised }: { recognised: string }) => recognised)
}
/** Revenue as the books of a day have it. */
const revenueAt = async (day: string) => {
  const { accounts } = await ok('GET', `/api/ledger/trial-balance?entity_ref=lumen&as_of=${day}`)
  return accounts.find(({ account }: { account: string }) => account === 'revenue').credit
}
const balancesAt = (day: string) => ok('GET', `/api/revenue/contract-balances?entity_ref=lumen&as_of=${day}`)

beforeAll(async () => {
  await moveTo('2026-01-01T00:00:00Z')
  await ok('POST', '/api/entities', { entity_ref: 'lumen', name: 'Lumen', currency: 'USD', timezone: 'UTC' })
  await ok('POST', '/api/customers', { customer_ref: 'acme', name: 'Acme' })
  await ok('POST', '/api/products', { product_ref: 'calls', name: 'Calls', kind: 'usage' })
  await ok('POST', '/api/contracts', {
    contract_ref: 'acme-2026',
    customer_ref: 'acme',
    entity_ref: 'lumen',
    currency: 'USD',
    timezone: 'UTC',
    start_date: '2026-01-01',
    end_date: '2026-04-01',
    grace_hours: 0,
    commitment: { amount: 3000, period: 'contract' },
    products: [{ product_ref: 'calls', model: { type: 'unit', unit_amount: '1' } }],
  })
})

it('accrues what January is short of, as a receivable that only waits for its invoice', async () => {
  await moveTo('2026-01-20T00:00:00Z')
  await use('2026-01-15T12:00:00Z', 500)
  await moveTo('2026-02-02T00:00:00Z')
  // 500.00 of calls and 500.00 that are missing.
  expect(await byMonth()).toEqual(['1000.00'])
  expect((await balancesAt('2026-01-31')).totals).toMatchObject([
    { unbilled: '1000.00', contract_asset: '0.00', net: '-1000.00' },
  ])
  expect(await differencesFromFacts()).toEqual([])
})

it('leaves a locked month as it was where late usage fills it', async () => {
  await moveTo('2026-02-05T00:00:00Z')
  await ok('POST', '/api/accounting-periods/2026-01/lock', { entity_ref: 'lumen' })
  await moveTo('2026-02-20T00:00:00Z')
  await use('2026-01-25T12:00:00Z', 200)
  await use('2026-02-15T12:00:00Z', 800)
  await moveTo('2026-03-02T00:00:00Z')
  // January: 700.00 of calls, 300.00 missing; February: 800.00, and 2,000 - 1,500 - 300 = 200.00.
  expect(await byMonth()).toEqual(['1000.00', '1000.00'])
  expect([await revenueAt('2026-01-31'), await revenueAt('2026-02-28')]).toEqual(['1000.00', '2000.00'])
  expect(await differencesFromFacts()).toEqual([])
})

it('gives way to the line of the last invoice, each month keeping what is of it', async () => {
  await moveTo('2026-03-20T00:00:00Z')
  await use('2026-03-15T12:00:00Z', 400)
  await moveTo('2026-04-02T00:00:00Z')
  const last = await ok('GET', '/api/invoices/INV000003')
  // 3,000 - 500 - 200 - 800 - 400 = 1,100.
  expect(last.lines.map((line: { kind: string; amount: string }) => [line.kind, line.amount])).toEqual([
    ['usage', '400.00'],
    ['true_up', '1100.00'],
  ])
  expect(await byMonth()).toEqual(['1000.00', '1000.00', '1000.00'])
  expect(await revenueAt('2026-02-28')).toBe('2000.00')
  expect(await balancesAt('2026-04-02')).toMatchObject({ rows: [], tied: true })
  expect(await differencesFromFacts()).toEqual([])
})

it('keeps the total where usage that comes after all fills a part of it', async () => {
  await moveTo('2026-04-10T00:00:00Z')
  await use('2026-03-25T12:00:00Z', 100)
  await moveTo('2026-05-20T00:00:00Z')
  expect(await byMonth()).toEqual(['1000.00', '1000.00', '1000.00'])
  expect(await balancesAt('2026-05-20')).toMatchObject({ rows: [], tied: true })
  expect(await differencesFromFacts()).toEqual([])
})
