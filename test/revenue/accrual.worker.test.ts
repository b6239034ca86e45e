import { beforeAll, describe, expect, it } from 'vitest'
import { contracts } from '../../src/contracts/contracts.schema.ts'
import { findContract } from '../../src/contracts/contracts.store.ts'
import type { Env } from '../../src/env.ts'
import { accrueEntities, accrueRevenue } from '../../src/revenue/accrual/accrue.job.ts'
import { accrueContracts } from '../../src/revenue/accrual/accrue-contracts.job.ts'
import { recogniseRevenue } from '../../src/revenue/recognition.job.ts'
import { commit, insertRows, openDb } from '../../src/storage/db.store.ts'
import { flat } from '../invoicing/closing.ts'
import { sold } from '../support/contract-terms.ts'
import { differencesFromFacts } from '../support/recomputed.ts'
import { api, env } from '../support/worker.ts'

/**
 * A quarter from 1 January 2026 (90 days), billed in arrears: calls at 1.00, support for 90.00, so 1.00 a day. Used are
 * 10 in January, 7 in February, 5 in March; 4 more of January are reported when its books are locked.
 */
async function ok(method: string, path: string, body?: unknown) {
  const answer = await api(method, path, { body })
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
  return answer.json
}

const db = openDb(env.DB)
const at = (iso: string) => Date.parse(iso)
const moveTo = (instant: string) => ok('POST', '/api/sandbox/clock', { advance_to: instant })
const sign = (customer: string, products: object[], more: object = {}) =>
  ok('POST', '/api/contracts', {
    contract_ref: `${customer}-2026`,
    customer_ref: customer,
    entity_ref: 'lumen',
    currency: 'USD',
    timezone: 'UTC',
    start_date: '2026-01-01',
    grace_hours: 0,
    products,
    ...more,
  })
const use = (customer_ref: string, timestamp: string, quantity: number) =>
  ok('POST', '/api/usage/event', {
    customer_ref,
    usage_product_ref: 'calls',
    event_id: `${timestamp} ${quantity}`,
    timestamp,
    quantity,
  })

type Entry = {
  posting_date: string
  belongs_to?: string
  postings: { account: string; credit: string; debit: string; contract_ref: string; product_ref: string }[]
}

/** The revenue entries of a product: posting date, the day that they belong to, and the amount. */
const revenueOf = async (product: string, customer = 'acme') => {
  const { data } = await ok('GET', `/api/ledger/entries?entity_ref=lumen&account=revenue&limit=100`)
  const isOwn = ({ postings: [one] }: Entry) =>
    one?.contract_ref === `${customer}-2026` && one.product_ref === product
  return (data as Entry[])
    .filter(isOwn)
    .map(({ posting_date, belongs_to, postings }) => {
      const { credit, debit } = postings.find(({ account }) => account === 'revenue')!
      return [posting_date, belongs_to ?? '', credit === '0.00' ? `-${debit}` : credit]
    })
    .sort()
}

const byMonth = async () => (await ok('GET', '/api/revenue/waterfall?entity_ref=lumen')).totals[0].months

beforeAll(async () => {
  await moveTo('2026-01-01T00:00:00Z')
  await ok('POST', '/api/entities', { entity_ref: 'lumen', name: 'Lumen', currency: 'USD', timezone: 'UTC' })
  await ok('POST', '/api/customers', { customer_ref: 'acme', name: 'Acme' })
  await ok('POST', '/api/products', { product_ref: 'calls', name: 'Calls', kind: 'usage' })
  await ok('POST', '/api/products', { product_ref: 'support', name: 'Support', kind: 'recurring' })
  await sign(
    'acme',
    [
      { product_ref: 'calls', model: { type: 'unit', unit_amount: '1' } },
      { product_ref: 'support', model: { type: 'flat', amount: '90', term: 'in_arrears' } },
    ],
    { billing_cycle: { unit: 'QUARTERLY', cycle: 1 } },
  )
  await moveTo('2026-01-11T00:00:00Z')
  await use('acme', '2026-01-10T12:00:00Z', 10)
})

describe('a quarter in arrears', () => {
  it('is revenue of each month when the month is over, half a day later', async () => {
    await moveTo('2026-02-01T11:59:00Z')
    expect(await revenueOf('calls')).toEqual([])
    await moveTo('2026-02-01T12:00:00Z')
    expect(await revenueOf('calls')).toEqual([['2026-01-31', '', '10.00']])
    expect(await revenueOf('support')).toEqual([['2026-01-31', '', '31.00']])
    const { totals } = await ok('GET', '/api/revenue/unbilled?entity_ref=lumen&as_of=2026-01-31')
    expect(totals).toMatchObject([{ accrued: '10.00', billed_ahead: '0.00', unbilled: '10.00' }])
    const balances = await ok('GET', '/api/revenue/contract-balances?entity_ref=lumen&as_of=2026-01-31')
    expect(balances.totals).toMatchObject([{ contract_asset: '31.00', unbilled: '10.00', net: '-41.00' }])
  })

  it('leaves a locked month as it was, and posts late usage of it in the first open one', async () => {
    await moveTo('2026-02-05T00:00:00Z')
    expect(await accrueEntities(env, at('2026-02-05T00:00:00Z'), ['lumen'])).toBe('done')
    expect(await revenueOf('calls')).toEqual([['2026-01-31', '', '10.00']])
    await ok('POST', '/api/accounting-periods/2026-01/lock', { entity_ref: 'lumen' })
    await moveTo('2026-02-11T00:00:00Z')
    await use('acme', '2026-01-20T12:00:00Z', 4)
    await use('acme', '2026-02-10T12:00:00Z', 7)
    await moveTo('2026-03-02T00:00:00Z')
    expect(await revenueOf('calls')).toEqual([
      ['2026-01-31', '', '10.00'],
      ['2026-02-01', '2026-01-31', '4.00'],
      ['2026-02-28', '', '7.00'],
    ])
    expect(await byMonth()).toEqual([
      { month: '2026-01', recognised: '45.00', scheduled: '0.00' },
      { month: '2026-02', recognised: '35.00', scheduled: '0.00' },
    ])
    await accrueRevenue(env, at('2026-03-02T00:00:00Z'))
    expect(await revenueOf('calls')).toHaveLength(3)
    expect(await differencesFromFacts()).toEqual([])
  })

  it('gives way to the lines of its invoice, each month keeping what is of it', async () => {
    await moveTo('2026-03-11T00:00:00Z')
    await use('acme', '2026-03-10T12:00:00Z', 5)
    await moveTo('2026-04-02T00:00:00Z')
    const [invoice] = (await ok('GET', '/api/invoices?customer_ref=acme')).data
    expect(invoice.total).toBe('116.00')
    // 14 + 31, 7 + 28, 5 + 31.
    expect(await byMonth()).toEqual([
      { month: '2026-01', recognised: '45.00', scheduled: '0.00' },
      { month: '2026-02', recognised: '35.00', scheduled: '0.00' },
      { month: '2026-03', recognised: '36.00', scheduled: '0.00' },
    ])
    const { rows } = await ok('GET', '/api/revenue/waterfall?entity_ref=lumen')
    expect(rows.map(({ booking_month }: { booking_month: string }) => booking_month)).toEqual(['2026-04'])
    const balances = await ok('GET', '/api/revenue/contract-balances?entity_ref=lumen&as_of=2026-04-02')
    expect(balances).toMatchObject({ rows: [], tied: true })
    const january = await ok('GET', '/api/ledger/trial-balance?entity_ref=lumen&as_of=2026-01-31')
    expect(january.accounts).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ account: 'revenue', credit: '41.00' })]),
    )
    expect(await differencesFromFacts()).toEqual([])
  })
})

describe('a cycle that ends without an invoice', () => {
  it('takes back what was accrued of it', async () => {
    await ok('POST', '/api/customers', { customer_ref: 'globex', name: 'Globex' })
    await sign('globex', [{ product_ref: 'calls', model: { type: 'unit', unit_amount: '1' } }], {
      start_date: '2026-04-15',
    })
    await moveTo('2026-04-21T00:00:00Z')
    const { event_ref } = await use('globex', '2026-04-20T12:00:00Z', 3)
    await moveTo('2026-05-02T00:00:00Z')
    expect(await revenueOf('calls', 'globex')).toEqual([['2026-04-30', '', '3.00']])
    await ok('DELETE', `/api/usage/event/${event_ref}`)
    await moveTo('2026-05-16T00:00:00Z')
    expect(await revenueOf('calls', 'globex')).toEqual([
      ['2026-04-30', '', '-3.00'],
      ['2026-04-30', '', '3.00'],
    ])
    expect(await differencesFromFacts()).toEqual([])
    // Somebody puts a cent back.
    const forged = `UPDATE revenue_schedule_entries SET amount = amount + 1
      WHERE amount = -300 AND line_id IN (SELECT line_id FROM revenue_schedules WHERE accrual = 'settled')`
    await env.DB.prepare(forged).run()
    expect(await differencesFromFacts()).toMatchObject(
      expect.arrayContaining([{ kind: 'accrued_revenue', id: expect.any(String), content: { amount: '1' } }]),
    )
    await env.DB.prepare(forged.replace('+ 1', '- 1').replace('-300', '-299')).run()
  })
})

describe('a run', () => {
  it('that a close overtakes accrues nothing for what is billed by then', async () => {
    await use('globex', '2026-05-15T12:00:00Z', 2)
    const before = (await findContract(db, 'globex-2026'))!
    await moveTo('2026-06-16T00:00:00Z')
    const may = { lastDay: '2026-05-31', timezone: 'UTC' }
    await accrueContracts(env, db, [before], may, at('2026-06-16T00:00:00Z'))
    await moveTo('2026-06-16T00:01:00Z')
    expect((await revenueOf('calls', 'globex')).slice(2)).toEqual([['2026-05-31', '', '2.00']])
  })

  it('reads 1,000 contracts without anything to accrue in pages, and nothing until the next month', async () => {
    const { terms, ...one } = (await findContract(db, 'globex-2026'))!
    const inAdvance = { ...terms, products: [sold('seats', flat('1'))] }
    const many = Array.from({ length: 1_000 }, (_, place) => ({
      ...one,
      ref: `many-${place}`,
      number: `many-${place}`,
      entityRef: 'many',
      nextCloseAt: at('2027-01-01T00:00:00Z'),
      terms: inAdvance,
    }))
    await ok('POST', '/api/entities', { entity_ref: 'many', name: 'Many', currency: 'USD', timezone: 'UTC' })
    await commit(db, insertRows(db, contracts, many))
    const counted = counting(env)
    // Entities with their passes; 5 pages of 200 and an empty one; how far it came.
    await accrueRevenue(counted.env, at('2026-06-16T00:00:00Z'))
    expect(counted.reads()).toBe(1 + 6 + 1)
    await accrueRevenue(counted.env, at('2026-06-16T00:01:00Z'))
    expect(counted.reads()).toBe(8 + 1)
  })
})

describe('900 contracts', () => {
  const june = at('2026-06-16T00:00:00Z')
  const accrued = () =>
    env.DB.prepare(
      `SELECT COUNT(*) AS count, SUM(amount) AS sum FROM revenue_schedules JOIN revenue_schedule_entries
        USING (line_id, amount) WHERE accrual = 'open' AND entity_ref = 'crowd'`,
    ).first()

  it('are accrued in pages, go on by a message, and lose nothing where a run is killed', async () => {
    await ok('POST', '/api/entities', {
      entity_ref: 'crowd',
      name: 'Crowd',
      currency: 'USD',
      timezone: 'UTC',
    })
    const one = (await findContract(db, 'globex-2026'))!
    // 31.00 from 15 May to 15 June: 17.00 are of May.
    const support = sold('support', { type: 'flat', amount: '31', term: 'in_arrears' })
    const dates = { start_date: '2026-05-15', anchor_date: '2026-05-15' }
    const many = Array.from({ length: 900 }, (_, place) => ({
      ...one,
      ref: `crowd-${String(place).padStart(3, '0')}`,
      number: `crowd-${place}`,
      entityRef: 'crowd',
      nextCycle: 1,
      nextCloseAt: at('2026-06-20T00:00:00Z'),
      terms: { ...one.terms, ...dates, products: [support] },
    }))
    await commit(db, insertRows(db, contracts, many))
    await recogniseRevenue(env, june)
    const sent: unknown[] = []
    const CYCLES = { send: async (message: unknown) => void sent.push(message) } as unknown as Env['CYCLES']
    await expect(accrueEntities(killedAt(env, 2), june, ['crowd'])).rejects.toThrow('killed')
    expect(await accrued()).toEqual({ count: 200, sum: 200 * 17_00 })

    const counted = counting({ ...env, CYCLES })
    expect(await accrueEntities(counted.env, june, ['crowd'])).toBe('more')
    expect(await accrued()).toEqual({ count: 800, sum: 800 * 17_00 })
    // A quarter of a statement for a contract; posting is among them.
    expect(counted.reads()).toBeLessThan(600 / 4)
    expect(sent).toEqual([{ accruals: 'go on' }])
    await accrueRevenue({ ...env, CYCLES }, june)
    expect(await accrued()).toEqual({ count: 900, sum: 900 * 17_00 })
    expect(sent).toHaveLength(1)
    expect(await accrueEntities({ ...env, CYCLES }, june, ['crowd'])).toBe('done')
    // Asked anew, two at the same time find nothing to add.
    const again = [1, 2].map(() => accrueEntities({ ...env, CYCLES }, june, ['crowd']))
    await Promise.all(again)
    expect(await accrued()).toEqual({ count: 900, sum: 900 * 17_00 })
  })
})

/** A database whose commits fail from one of them on. */
function killedAt(of: Env, commitNo: number): Env {
  let commits = 0
  const DB = new Proxy(of.DB, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...given: unknown[]) => {
        if (name === 'batch') commits += 1
        if (name === 'batch' && commits >= commitNo) throw new Error('killed')
        return value.apply(target, given)
      }
    },
  })
  return { ...of, DB }
}

/** Counts the statements that a database is asked for. */
function counting(of: Env): { env: Env; reads: () => number } {
  let reads = 0
  const DB = new Proxy(of.DB, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...given: unknown[]) => {
        if (name === 'prepare') reads += 1
        return value.apply(target, given)
      }
    },
  })
  return { env: { ...of, DB }, reads: () => reads }
}
