import { beforeAll, describe, expect, it } from 'vitest'
import { amountOf } from '../../src/console/report-view.ts'
import { readReport } from '../../src/console/report-views.job.ts'
import { sum } from '../../src/kernel/money.ts'
import { openDb } from '../../src/storage/db.store.ts'
import { differencesFromFacts } from '../support/recomputed.ts'
import { cents, moveTo, netOf, ok } from '../support/scenario.ts'
import { api, env } from '../support/worker.ts'

/**
 * A seller in US dollars that reports under both frameworks, and two contracts of 2026 without selling prices.
 *
 *   hybrid   100.00 a month ahead, and calls at 1.00, which are variable consideration of the days of their use (ASC
 *            606-10-32-40, IFRS 15.85): 10, 20 and 30 in January to March. What they will come to is estimated
 *   minimum  20.00 a month ahead and messages at 1.00, by the right to invoice: 30 a month. 1,200.00 are committed
 */
const fee = (product_ref: string, amount: string) => ({
  product_ref,
  model: { type: 'flat', amount, term: 'in_advance' },
})
const perUnit = (product_ref: string) => ({ product_ref, model: { type: 'unit', unit_amount: '1.00' } })

const sign = (contract: string, terms: object) =>
  ok('POST', '/api/contracts', {
    ...{ contract_ref: contract, customer_ref: contract, entity_ref: 'seller', currency: 'USD' },
    ...{ timezone: 'UTC', start_date: '2026-01-01', end_date: '2027-01-01', grace_hours: 0, net_terms: 30 },
    ...terms,
  })

const use = (customer_ref: string, usage_product_ref: string, day: string, quantity: number) =>
  ok('POST', '/api/usage/event', {
    ...{ event_id: `${customer_ref} ${day}`, timestamp: `${day}T09:00:00Z`, quantity },
    ...{ customer_ref, usage_product_ref },
  })

const state = (contract: string, effective_date: string, fact: object) =>
  api('POST', `/api/revenue/contracts/${contract}/facts`, {
    body: { effective_date, reason: 'Calls of the year before', ...fact },
  })

/** 730.00 by 70 % and 365.00 by 30 %: expected are 620.50, and 365.00 are reached by at least 75 %. */
const estimate = {
  ...{ kind: 'estimate', key: 'calls', target: 'calls', method: 'expected_value', constraint: {} },
  outcomes: [
    { amount: '730', probability: '0.7' },
    { amount: '365', probability: '0.3' },
  ],
}

const rpo = (query: string) => ok('GET', `/api/revenue/rpo?entity_ref=seller&${query}`)
type RpoRow = Record<
  'contract_ref' | 'unbilled' | 'minimum_commitments' | 'estimated_usage' | 'total',
  string
>
const figures = async (contract: string, query: string) => {
  const { rows } = await rpo(query)
  const row = rows.find(({ contract_ref }: RpoRow) => contract_ref === contract)
  return [row.unbilled, row.minimum_commitments, row.estimated_usage, row.total]
}

type Entry = { posting_date: string; postings: Parameters<typeof netOf>[0] }

/** Revenue of a contract up to the end of March in the primary book, in cents. */
async function revenueOf(contract: string): Promise<bigint> {
  const { data } = await ok('GET', `/api/ledger/entries?contract_ref=${contract}&account=revenue&limit=200`)
  const posted = data.filter(({ posting_date: day }: Entry) => day <= '2026-03-31')
  const postings = posted.flatMap((entry: Entry) => entry.postings)
  return -netOf(postings.filter(({ account }: { account: string }) => account === 'revenue'))
}

beforeAll(async () => {
  await moveTo('2026-01-01')
  const usage = { kind: 'usage', metric: { type: 'sum' } }
  await ok('POST', '/api/products', { product_ref: 'platform', name: 'Platform', kind: 'recurring' })
  await ok('POST', '/api/products', {
    ...{ product_ref: 'calls', name: 'Calls', ...usage },
    revenue: { recognition: 'usage', usage_policy: 'variable_allocation' },
  })
  await ok('POST', '/api/products', { product_ref: 'messages', name: 'Messages', ...usage })
  await ok('POST', '/api/entities', {
    ...{ entity_ref: 'seller', name: 'Seller', currency: 'USD', timezone: 'UTC' },
    framework: 'both',
    invoice_series: 'S',
  })
  for (const customer of ['hybrid', 'minimum'])
    await ok('POST', '/api/customers', { customer_ref: customer, name: customer, entity_ref: 'seller' })
  await sign('hybrid', { products: [fee('platform', '100'), perUnit('calls')] })
  await sign('minimum', {
    products: [fee('platform', '20'), perUnit('messages')],
    commitment: { amount: '1200', period: 'contract' },
  })
  await moveTo('2026-01-02')
  await ok('POST', '/api/products/edit/calls', { revenue: { recognition: 'usage' } })
  for (const [month, quantity] of [
    ['01', 10],
    ['02', 20],
    ['03', 30],
  ] as const) {
    await moveTo(`2026-${month}-20`)
    await use('hybrid', 'calls', `2026-${month}-15`, quantity)
    await use('minimum', 'messages', `2026-${month}-15`, 30)
  }
  await moveTo('2026-04-02')
})

describe('usage as variable consideration of the days of its use', () => {
  it('is said of the contract, as the product was when the contract was planned with it', async () => {
    const { basis, usage } = await ok('GET', '/api/revenue/contracts/hybrid?framework=IFRS15')
    expect(basis).toBe('lines')
    expect(usage).toMatchObject([
      {
        ...{ contract_ref: 'hybrid', product_ref: 'calls', estimates: [] },
        policies: [
          {
            ...{ from: '2026-01-01', policy: 'variable_allocation', decided_by: 'product', reason: null },
            explanations: [{ paragraph: 'IFRS 15.85' }],
          },
        ],
      },
    ])
  })

  it('remains as it is estimated and constrained, under IFRS 15 alone, and changes no revenue', async () => {
    // 300.00 of the fee, and 60.00 of calls.
    expect(await revenueOf('hybrid')).toBe(360_00n)
    const without = await rpo('as_of=2026-03-31&framework=IFRS15')
    expect(without.notes).toMatchObject([
      { paragraph: 'IFRS 15.121(b)', contract_refs: [] },
      { paragraph: 'IFRS 15.122', contract_refs: ['hybrid'] },
    ])
    const { status, json } = await state('hybrid', '2026-01-01', estimate)
    expect([status, json.body.until]).toEqual([201, '2026-12-31'])
    expect((await state('hybrid', '2026-01-01', estimate)).status).toBe(200)
    await moveTo('2026-04-03')

    expect(await revenueOf('hybrid')).toBe(360_00n)
    // 9 fees of 100.00 from April on. 365.00 over 365 days: 275 of them are to come.
    expect(await figures('hybrid', 'as_of=2026-03-31')).toEqual(['900.00', '0.00', '0.00', '900.00'])
    expect(await figures('hybrid', 'as_of=2026-03-31&framework=IFRS15')).toEqual([
      ...['900.00', '0.00', '275.00', '1175.00'],
    ])
    const [primary, other] = await Promise.all([
      rpo('as_of=2026-03-31'),
      rpo('as_of=2026-03-31&framework=IFRS15'),
    ])
    expect([primary.entities, other.entities]).toEqual([
      [{ entity_ref: 'seller', framework: 'ASC606' }],
      [{ entity_ref: 'seller', framework: 'IFRS15' }],
    ])
    const cited = ({ notes }: { notes: { paragraph: string }[] }) => notes.map(({ paragraph }) => paragraph)
    expect(cited(primary)).toEqual(['ASC 606-10-50-14(b)', 'ASC 606-10-50-14A'])
    expect(cited(other)).toEqual(['IFRS 15.121(b)', 'IFRS 15.122'])
  })

  it('is explained with its estimate', async () => {
    const { usage } = await ok('GET', '/api/revenue/contracts/hybrid')
    expect(usage[0].estimates).toMatchObject([
      {
        ...{ key: 'calls', from: '2026-01-01', until: '2026-12-31', estimate: '620.5', included: '365.00' },
        explanations: [{ paragraph: 'ASC 606-10-32-8' }, { paragraph: 'ASC 606-10-32-11' }],
      },
    ])
  })

  it('is estimated anew from a day on', async () => {
    const anew = { kind: 'estimate', key: 'calls', target: 'calls', amount: '368' }
    expect((await state('hybrid', '2026-07-01', anew)).status).toBe(201)
    // At the end of June 184 of 365 days are to come of the first; at the end of July 153 of the 184 of the second.
    const [, , june] = await figures('hybrid', 'as_of=2026-06-30&framework=IFRS15')
    const [, , july] = await figures('hybrid', 'as_of=2026-07-31&framework=IFRS15')
    expect([june, july]).toEqual(['184.00', '306.00'])
  })

  it('is judged for the contract alone', async () => {
    const judged = { kind: 'usage_policy', product_ref: 'calls', policy: 'right_to_invoice' }
    expect((await state('hybrid', '2026-08-01', judged)).status).toBe(201)
    const [, , july] = await figures('hybrid', 'as_of=2026-07-31&framework=IFRS15')
    const [, , august] = await figures('hybrid', 'as_of=2026-08-31&framework=IFRS15')
    expect([july, august]).toEqual(['306.00', '0.00'])
    const { usage } = await ok('GET', '/api/revenue/contracts/hybrid')
    expect(usage[0].policies).toMatchObject([
      { policy: 'variable_allocation' },
      {
        ...{ from: '2026-08-01', policy: 'right_to_invoice', decided_by: 'judgement' },
        ...{ reason: 'Calls of the year before', explanations: [{ paragraph: 'ASC 606-10-55-18' }] },
      },
    ])
  })
})

describe('a minimum that is committed', () => {
  it.each(['ASC606', 'IFRS15'])('remains as far as nothing has filled it, under %s', async (framework) => {
    // 9 fees of 20.00 are in the report already: what is earned and what remains come to 1,200.00.
    const [unbilled, minimum, estimated, total] = await figures(
      'minimum',
      `as_of=2026-03-31&framework=${framework}`,
    )
    expect([unbilled, estimated]).toEqual(['180.00', '0.00'])
    expect(cents(minimum) + 180_00n).toBe(cents(total))
    expect((await revenueOf('minimum')) + cents(total)).toBe(1_200_00n)
  })

  it('says what the right to invoice depends on', async () => {
    const { usage } = await ok('GET', '/api/revenue/contracts/minimum')
    expect(usage).toMatchObject([
      { policies: [{ policy: 'right_to_invoice', decided_by: 'default', explanations: [{}, {}] }] },
    ])
  })
})

it.each(['ASC606', 'IFRS15'] as const)('opens each figure into its parts, under %s', async (framework) => {
  const view = await readReport(openDb(env.DB), 'rpo', {
    ...{ asOf: '2026-03-31', now: 0, scope: { entityRef: 'seller' }, by: framework },
  })
  expect(view.choices?.now).toBe(framework)
  expect(view.rows).toHaveLength(2)
  for (const row of view.rows)
    for (const figure of view.figures) {
      const parts = (await view.parts?.(row, figure)) ?? []
      expect([figure, sum(parts.map(({ amount }) => amount))]).toEqual([figure, amountOf(row, figure)])
    }
})

it('makes the books again from the facts, and refuses what is not kept', async () => {
  expect(await differencesFromFacts()).toEqual([])
  await ok('POST', '/api/entities', {
    ...{ entity_ref: 'other', name: 'Other', currency: 'USD', timezone: 'UTC' },
    framework: 'ASC606',
    invoice_series: 'O',
  })
  const { status, json } = await api('GET', '/api/revenue/rpo?entity_ref=other&framework=IFRS15')
  expect([status, json.code]).toEqual([422, 'framework_not_kept'])
  const all = await ok('GET', '/api/revenue/rpo?framework=IFRS15')
  expect(all.entities).toEqual([{ entity_ref: 'seller', framework: 'IFRS15' }])
})
