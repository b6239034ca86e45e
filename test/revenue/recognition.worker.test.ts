import { beforeAll, describe, expect, it } from 'vitest'
import { trialBalance } from '../../src/ledger/ledger.store.ts'
import { recogniseRevenue } from '../../src/revenue/recognition.job.ts'
import { nextRevenueDueAt } from '../../src/revenue/revenue.store.ts'
import { openDb } from '../../src/storage/db.store.ts'
import { api, env } from '../support/worker.ts'
import { writeEntity, writeInvoice, writeProduct } from './billed.ts'

const db = openDb(env.DB)
const at = (iso: string) => Date.parse(iso)

const revenueOf = async (entityRef: string) =>
  (await trialBalance(db, { entityRef })).find(({ account }) => account === 'revenue')?.net ?? 0n

/** 31.00 for 15 January to 14 February: 17.00 and 14.00. */
const subscription = {
  productRef: 'seats',
  amount: 3100n,
  serviceStart: '2026-01-15',
  serviceEnd: '2026-02-15',
}

beforeAll(async () => {
  await writeProduct(db, 'seats', 'recurring', 'daily')
  await writeProduct(db, 'setup', 'one_time', 'point_in_time')
  await writeProduct(db, 'calls', 'usage', 'usage')
})

describe('recognition', () => {
  it('posts a month when its last day of service is over where the seller is, and not before', async () => {
    // Auckland is 13 hours ahead in January: 1 February begins there at 11:00 UTC on 31 January.
    await writeEntity(db, 'auckland', 'Pacific/Auckland')
    await writeInvoice(db, { entityRef: 'auckland', issueDate: '2026-01-15', lines: [subscription] })
    await recogniseRevenue(env, at('2026-01-31T10:59:59.999Z'))
    expect(await revenueOf('auckland')).toBe(0n)
    await recogniseRevenue(env, at('2026-01-31T11:00:00.000Z'))
    expect(await revenueOf('auckland')).toBe(-1700n)
    await recogniseRevenue(env, at('2026-03-01T00:00:00Z'))
    expect(await revenueOf('auckland')).toBe(-3100n)
  })

  it('books what was served before it was billed under the dates of service', async () => {
    await writeEntity(db, 'arrears', 'UTC')
    const invoice = await writeInvoice(db, {
      entityRef: 'arrears',
      issueDate: '2026-02-15',
      lines: [subscription],
    })
    await recogniseRevenue(env, at('2026-02-15T00:00:00Z'))
    const { json } = await api('GET', `/api/ledger/entries?invoice=${invoice}&account=revenue`)
    expect(json.data).toMatchObject([
      { posting_date: '2026-02-14', event: 'revenue_recognised', source_id: `${invoice}-line-0:2026-02` },
      { posting_date: '2026-01-31', source_id: `${invoice}-line-0:2026-01` },
    ])
  })

  it('follows the method of the product, and the kind of the line where there is no such product', async () => {
    await writeEntity(db, 'methods', 'UTC')
    const invoice = await writeInvoice(db, {
      entityRef: 'methods',
      issueDate: '2026-02-15',
      lines: [
        { ...subscription, productRef: 'setup', kind: 'one_time' },
        { ...subscription, productRef: 'calls', kind: 'usage', usageByMonth: { '2026-02': '3100' } },
        { ...subscription, productRef: 'unheard-of', kind: 'one_time' },
      ],
    })
    await recogniseRevenue(env, at('2026-02-15T00:00:00Z'))
    const { json } = await api('GET', `/api/revenue/schedule?invoice=${invoice}`)
    expect(
      json.data.map((line: { method: string; months: { posting_date: string }[] }) => [
        line.method,
        ...line.months.map((month) => month.posting_date),
      ]),
    ).toEqual([
      ['point_in_time', '2026-01-15'],
      ['usage', '2026-02-14'],
      ['point_in_time', '2026-01-15'],
    ])
  })

  it('mirrors a negative line, so that revenue goes down', async () => {
    await writeEntity(db, 'negative', 'UTC')
    await writeInvoice(db, {
      entityRef: 'negative',
      issueDate: '2026-03-01',
      lines: [subscription, { ...subscription, amount: -100n }],
    })
    await recogniseRevenue(env, at('2026-03-01T00:00:00Z'))
    expect(await revenueOf('negative')).toBe(-3000n)
  })

  it('posts once, however many runs there are and however they overlap', async () => {
    await writeEntity(db, 'overlap', 'UTC')
    const lines = Array.from({ length: 250 }, () => ({ ...subscription, amount: 100n }))
    await writeInvoice(db, { entityRef: 'overlap', issueDate: '2026-01-15', lines })
    const now = at('2026-03-01T00:00:00Z')
    await Promise.all([1, 2, 3, 4].map(() => recogniseRevenue(env, now)))
    await recogniseRevenue(env, now)
    // 250 lines of 1.00, whole pages and a rest.
    expect(await revenueOf('overlap')).toBe(-25000n)
    const balance = await api('GET', '/api/ledger/trial-balance?as_of=2026-12-31&entity_ref=overlap')
    expect(balance.json).toMatchObject({
      balanced: true,
      totals: [{ currency: 'USD', debit: '250.00', credit: '250.00' }],
    })
  })

  it('tells when it is next needed', async () => {
    await recogniseRevenue(env, at('2027-01-01T00:00:00Z'))
    expect(await nextRevenueDueAt(db)).toBeNull()
    await writeEntity(db, 'next', 'America/New_York')
    const service = { ...subscription, serviceStart: '2027-02-01', serviceEnd: '2027-04-01' }
    await writeInvoice(db, { entityRef: 'next', issueDate: '2027-02-01', lines: [service] })
    // Not yet scheduled: due since the invoice was issued.
    expect(await nextRevenueDueAt(db)).toBe(at('2027-02-01T00:00:00Z'))
    await recogniseRevenue(env, at('2027-02-01T06:00:00Z'))
    // 1 March begins at 05:00 UTC in New York, and 1 April at 04:00, in summer time.
    expect(await nextRevenueDueAt(db)).toBe(at('2027-03-01T05:00:00Z'))
    await recogniseRevenue(env, at('2027-03-01T05:00:00Z'))
    expect(await nextRevenueDueAt(db)).toBe(at('2027-04-01T04:00:00Z'))
  })
})

describe('GET /api/revenue', () => {
  it('waterfall: what is posted and what is to come, by month of billing', async () => {
    await writeEntity(db, 'waterfall', 'UTC')
    await writeInvoice(db, { entityRef: 'waterfall', issueDate: '2028-01-15', lines: [year(2028)] })
    await writeInvoice(db, { entityRef: 'waterfall', issueDate: '2028-02-01', lines: [year(2028)] })
    await recogniseRevenue(env, at('2028-02-01T00:00:00Z'))
    // 366.00 over 366 days: 1.00 a day.
    const path = '/api/revenue/waterfall?entity_ref=waterfall&from=2028-01&to=2028-02'
    const { json } = await api('GET', path)
    expect(json.rows).toEqual([row('2028-01', '31.00', '29.00'), row('2028-02', '31.00', '29.00')])
    expect(json.totals[0].months).toEqual([
      { month: '2028-01', recognised: '62.00', scheduled: '0.00' },
      { month: '2028-02', recognised: '0.00', scheduled: '58.00' },
    ])
    const csv = await api('GET', path, { headers: { accept: 'text/csv' } })
    expect(csv.text.split('\r\n').slice(0, 3)).toEqual([
      'currency,booking_month,month,recognised,scheduled',
      'USD,2028-01,2028-01,31.00,0.00',
      'USD,2028-01,2028-02,0.00,29.00',
    ])
  })

  it('schedule: the lines of an invoice by its id or number, or of a contract, part by part', async () => {
    await writeEntity(db, 'schedule', 'UTC')
    const id = await writeInvoice(db, {
      entityRef: 'schedule',
      issueDate: '2029-01-01',
      lines: [subscription, { ...subscription, amount: 6200n }],
    })
    await recogniseRevenue(env, at('2026-02-01T00:00:00Z'))
    const byId = await api('GET', `/api/revenue/schedule?invoice=${id}`)
    expect(byId.json.data).toHaveLength(2)
    expect(byId.json.data[0]).toMatchObject({
      amount: '31.00',
      months: [
        {
          month: '2026-01',
          posting_date: '2026-01-31',
          amount: '17.00',
          posted_at: '2026-02-01T00:00:00.000Z',
        },
        { month: '2026-02', posting_date: '2026-02-14', amount: '14.00', posted_at: null },
      ],
    })
    const number = byId.json.data[0].invoice_number
    expect((await api('GET', `/api/revenue/schedule?invoice=${number}`)).json).toEqual(byId.json)
    const path = `/api/revenue/schedule?contract_ref=contract-${id}&limit=1`
    const first = await api('GET', path)
    const rest = await api('GET', `${path}&cursor=${encodeURIComponent(first.json.next_cursor)}`)
    expect([...first.json.data, ...rest.json.data]).toEqual(byId.json.data)
    expect(rest.json.next_cursor).toBeNull()
    expect((await api('GET', '/api/revenue/schedule')).json).toMatchObject({
      status: 422,
      errors: [{ path: 'contract_ref' }],
    })
  })
})

const year = (of: number) => ({
  productRef: 'seats',
  amount: 36600n,
  serviceStart: `${of}-01-01`,
  serviceEnd: `${of + 1}-01-01`,
})

const row = (bookingMonth: string, january: string, february: string) => ({
  currency: 'USD',
  booking_month: bookingMonth,
  recognised: january,
  scheduled: february,
  months: [
    { month: '2028-01', recognised: january, scheduled: '0.00' },
    { month: '2028-02', recognised: '0.00', scheduled: february },
  ],
})
