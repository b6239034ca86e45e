import { beforeAll, describe, expect, it } from 'vitest'
import { openInvoices } from '../../src/invoicing/invoicing.store.ts'
import { NOTHING_CLOSED } from '../../src/ledger/accounting-period.ts'
import { credit, type Dimensions, debit, journalEntry } from '../../src/ledger/journal-entry.ts'
import { postEntries, trialBalance } from '../../src/ledger/ledger.store.ts'
import { CHECK_NAMES } from '../../src/reports/audit/checks.job.ts'
import { commit, openDb } from '../../src/storage/db.store.ts'
import { api, env } from '../support/worker.ts'

/**
 * Two contracts of one seller, in UTC, net 30, 10 % tax, as of 10 March 2026:
 *
 *   acme    Seats 310.00 a month in advance, a year from 1 January; setup 500.00 once
 *   globex  Seats 1,200.00 a year in advance, three years from 1 March
 *
 *   1 January    acme    310.00 + 500.00 = 810.00, with tax 891.00, due 31 January; 500.00 of it are paid on 5 March
 *   1 February   acme    310.00, with tax 341.00, due 3 March
 *   1 March      acme    310.00, with tax 341.00, due 31 March
 *   1 March      globex  1,200.00, with tax 1,320.00, due 31 March
 */
const db = openDb(env.DB)

async function ok(method: string, path: string, body?: unknown, headers?: Record<string, string>) {
  const answer = await api(method, path, { body, ...(headers && { headers }) })
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
  return answer.json
}

type Surplus = { kind: string; content: Record<string, string> }

const csv = (path: string) => api('GET', path, { headers: { accept: 'text/csv' } })
const moveTo = (instant: string) => ok('POST', '/api/sandbox/clock', { advance_to: instant })
const flat = (product_ref: string, amount: string) => ({
  product_ref,
  model: { type: 'flat', amount, term: 'in_advance' },
})

beforeAll(async () => {
  await moveTo('2026-01-01T00:00:00Z')
  await ok('POST', '/api/entities', {
    entity_ref: 'seller',
    name: 'Seller',
    currency: 'USD',
    timezone: 'UTC',
  })
  for (const customer_ref of ['acme', 'globex'])
    await ok('POST', '/api/customers', { customer_ref, name: customer_ref.toUpperCase(), tax: '10' })
  await ok('POST', '/api/products', { product_ref: 'seats', name: 'Seats', kind: 'recurring' })
  await ok('POST', '/api/products', { product_ref: 'setup', name: 'Setup', kind: 'one_time' })
  const common = { entity_ref: 'seller', currency: 'USD', timezone: 'UTC', net_terms: 30, grace_hours: 0 }
  await ok('POST', '/api/contracts', {
    ...common,
    contract_ref: 'monthly',
    customer_ref: 'acme',
    start_date: '2026-01-01',
    end_date: '2027-01-01',
    early_payment_discount: { percent: '2', within_days: 10 },
    products: [flat('seats', '310.00'), flat('setup', '500.00')],
  })
  await ok('POST', '/api/contracts', {
    ...common,
    contract_ref: 'yearly',
    customer_ref: 'globex',
    start_date: '2026-03-01',
    end_date: '2029-03-01',
    billing_cycle: { unit: 'YEARLY', cycle: 1 },
    products: [flat('seats', '1200.00')],
  })
  await moveTo('2026-03-05T00:05:00Z')
  const { data } = await ok('GET', '/api/invoices?customer_ref=acme')
  const first = data.find(({ issue_date }: { issue_date: string }) => issue_date === '2026-01-01')
  const statement = `date,amount,currency,reference,payer,id\n2026-03-05,500.00,USD,${first.document_number},ACME,w1`
  await ok('POST', '/api/bank-statements?entity_ref=seller', statement, { 'content-type': 'text/csv' })
  await moveTo('2026-03-11T00:05:00Z')
})

describe('GET /api/reports/tax', () => {
  it('says what each tax is on, and ties to tax payable', async () => {
    const report = await ok('GET', '/api/reports/tax?from=2026-01-01&to=2026-03-10')
    // 810.00 + 310.00 + 310.00 + 1,200.00 = 2,630.00 at 10 %
    expect(report.rows).toEqual([
      {
        ...{ entity_ref: 'seller', tax_name: 'Tax', percent: '10', reason: '' },
        ...{ currency: 'USD', taxable: '2630.00', tax: '263.00' },
      },
    ])
    const ledger = await trialBalance(db, { asOf: '2026-03-10' })
    expect(ledger.find(({ account }) => account === 'tax_payable')?.net).toBe(-263_00n)
    const january = await csv('/api/reports/tax?from=2026-01-01&to=2026-01-31')
    expect(january.text.split('\r\n').slice(0, 2)).toEqual([
      'entity_ref,tax_name,percent,reason,currency,taxable,tax',
      'seller,Tax,10,,USD,810.00,81.00',
    ])
  })
})

it('an invoice says until when paying it early takes how much off: 2 % of 891.00 are 17.82', async () => {
  const { data } = await ok('GET', '/api/invoices?contract_ref=monthly')
  expect(data.at(-1).early_payment).toEqual({ percent: '2', until: '2026-01-11', discount: '17.82' })
  expect((await ok('GET', '/api/contracts/monthly')).early_payment_discount).toEqual({
    percent: '2',
    within_days: 10,
  })
})

describe('GET /api/reports/ar-aging', () => {
  it('ages what is open, and ties it to the ledger and to the invoices', async () => {
    const report = await ok('GET', '/api/reports/ar-aging?as_of=2026-03-10')
    // 31 January is 38 days ago: 891.00 − 500.00 = 391.00; 3 March is 7 days ago: 341.00.
    expect(report).toEqual({
      as_of: '2026-03-10',
      rows: [
        {
          customer_ref: 'acme',
          customer_name: 'ACME',
          currency: 'USD',
          current: '341.00',
          days_1_30: '341.00',
          days_31_60: '391.00',
          days_61_90: '0.00',
          days_over_90: '0.00',
          total: '1073.00',
        },
        expect.objectContaining({ customer_ref: 'globex', current: '1320.00', total: '1320.00' }),
      ],
      totals: [expect.objectContaining({ currency: 'USD', total: '2393.00', ledger: '2393.00' })],
      tied: true,
    })
    const ledger = await trialBalance(db, { asOf: '2026-03-10' })
    expect(ledger.find(({ account }) => account === 'accounts_receivable')?.net).toBe(2393_00n)
    const open = await openInvoices(db, {})
    expect(open.reduce((sum, { total, allocated }) => sum + total - allocated, 0n)).toBe(2393_00n)
  })

  it('knows any day before: on 4 March the 500.00 were not paid', async () => {
    const report = await ok('GET', '/api/reports/ar-aging?as_of=2026-03-04&entity_ref=seller')
    expect(report.totals).toMatchObject([{ days_31_60: '891.00', total: '2893.00', ledger: '2893.00' }])
  })

  it('answers CSV', async () => {
    const answer = await csv('/api/reports/ar-aging?as_of=2026-03-10')
    expect(answer.text.split('\r\n').slice(0, 2)).toEqual([
      'customer_ref,customer_name,currency,current,days_1_30,days_31_60,days_61_90,days_over_90,total',
      'acme,ACME,USD,341.00,341.00,391.00,0.00,0.00,1073.00',
    ])
  })
})

describe('GET /api/reports/mrr', () => {
  it('says what recurs and why it moved', async () => {
    const report = await ok('GET', '/api/reports/mrr?from=2026-01&to=2026-03')
    // 1,200.00 a year are 100.00 a month; 410.00 x 12 = 4,920.00.
    expect(report.rows).toMatchObject([
      { month: '2026-01', opening: '0.00', new: '310.00', closing: '310.00', arr: '3720.00' },
      { month: '2026-02', opening: '310.00', new: '0.00', closing: '310.00' },
      { month: '2026-03', opening: '310.00', new: '100.00', closing: '410.00', arr: '4920.00' },
    ])
    const answer = await csv('/api/reports/mrr?from=2027-01&to=2027-01')
    expect(answer.text.split('\r\n').slice(0, 2)).toEqual([
      'currency,month,opening,new,expansion,contraction,churn,reactivation,closing,arr',
      'USD,2027-01,410.00,0.00,0.00,0.00,-310.00,0.00,100.00,1200.00',
    ])
  })
})

describe('GET /api/reports/cash-forecast', () => {
  it('says when money is due', async () => {
    // Overdue 391.00 + 341.00 = 732.00; 31 March 341.00 + 1,320.00. Invoiced on 1 April and due on 1 May, 341.00; that
    // of 1 May is due on 31 May.
    const report = await ok('GET', '/api/reports/cash-forecast?periods=3')
    expect(report).toEqual({
      as_of: '2026-03-11',
      rows: [
        { currency: 'USD', period: 'overdue', invoiced: '732.00', upcoming: '0.00', total: '732.00' },
        { currency: 'USD', period: '2026-03', invoiced: '1661.00', upcoming: '0.00', total: '1661.00' },
        { currency: 'USD', period: '2026-04', invoiced: '0.00', upcoming: '0.00', total: '0.00' },
        { currency: 'USD', period: '2026-05', invoiced: '0.00', upcoming: '682.00', total: '682.00' },
        { currency: 'USD', period: 'later', invoiced: '0.00', upcoming: '0.00', total: '0.00' },
      ],
    })
    const answer = await csv('/api/reports/cash-forecast?by=week&periods=1')
    expect(answer.text.split('\r\n').slice(0, 3)).toEqual([
      'currency,period,invoiced,upcoming,total',
      'USD,overdue,732.00,0.00,732.00',
      'USD,2026-03-09,0.00,0.00,0.00',
    ])
  })
})

describe('GET /api/revenue/rpo', () => {
  const NO_USAGE = { minimum_commitments: '0.00', estimated_usage: '0.00' }

  it('is what is billed and not recognised, and what the terms still bill', async () => {
    const report = await ok('GET', '/api/revenue/rpo?as_of=2026-03-10')
    // acme: 21 of 31 days of March, 210.00, and nine months to come, 2,790.00.
    // globex: billed 1,200.00 less 10 of 365 days, 32.88 (32.876…): 1,167.12. The year from March 2027 has 366 days, ten
    // of them 32.79 (32.786…); that from March 2028 has 365. Within: 1,167.12 + 32.79 = 1,199.91. Then
    // 1,200.00 − 32.79 + 32.88 = 1,200.09, and beyond 1,167.12.
    expect(report.rows).toEqual([
      {
        contract_ref: 'monthly',
        customer_ref: 'acme',
        currency: 'USD',
        billed: '210.00',
        unbilled: '2790.00',
        ...NO_USAGE,
        within_12_months: '3000.00',
        months_13_to_24: '0.00',
        beyond: '0.00',
        total: '3000.00',
      },
      {
        contract_ref: 'yearly',
        customer_ref: 'globex',
        currency: 'USD',
        billed: '1167.12',
        unbilled: '2400.00',
        ...NO_USAGE,
        within_12_months: '1199.91',
        months_13_to_24: '1200.09',
        beyond: '1167.12',
        total: '3567.12',
      },
    ])
    // 3,000.00 + 3,567.12 = 6,567.12.
    expect(report.totals).toMatchObject([{ billed: '1377.12', unbilled: '5190.00', total: '6567.12' }])
    expect((await csv('/api/revenue/rpo?as_of=2026-03-10')).text).toContain(
      'monthly,acme,USD,210.00,2790.00,',
    )
  })

  it('knows a day before: on 15 February globex had not been billed', async () => {
    const report = await ok('GET', '/api/revenue/rpo?as_of=2026-02-15')
    // acme: 13 of 28 days of February, 310.00 − 166.07 (166.071…) = 143.93, and ten months; globex: all three years.
    expect(report.rows).toMatchObject([
      { contract_ref: 'monthly', billed: '143.93', unbilled: '3100.00' },
      { contract_ref: 'yearly', billed: '0.00', unbilled: '3600.00' },
    ])
  })
})

describe('GET /api/revenue/rollforward', () => {
  it('closes with what is billed and not recognised, as the ledger has it', async () => {
    const report = await ok('GET', '/api/revenue/rollforward?from=2026-03-01&to=2026-03-10')
    // Opening 0: January and February are over. Billed 310.00 + 1,200.00. Recognised 100.00 + 32.88.
    const figures = {
      currency: 'USD',
      opening: '0.00',
      billed: '1510.00',
      recognised: '132.88',
      other: '0.00',
      closing: '1377.12',
      contract_liability: '1377.12',
      unbilled: '0.00',
    }
    expect(report).toEqual({
      from: '2026-03-01',
      to: '2026-03-10',
      rows: [{ entity_ref: 'seller', ...figures }],
      totals: [{ ...figures, ledger: '1377.12' }],
      tied: true,
    })
    const answer = await csv('/api/revenue/rollforward?from=2026-01-01&to=2026-01-31')
    expect(answer.text.split('\r\n').slice(0, 2)).toEqual([
      'entity_ref,currency,opening,billed,recognised,other,closing,contract_liability,unbilled',
      'seller,USD,0.00,810.00,810.00,0.00,0.00,0.00,0.00',
    ])
  })
})

/**
 * Entries of another seller in EUR, posted as jobs do:
 *
 *   1 April   k1  acme     Seats billed 1,200.00
 *   10 April  k1  acme     Calls 300.00 (usage)
 *   12 April  k2  initech  Setup 50.00 (point in time; initech is in Germany)
 *   20 April  k2  initech  Calls 20.00, which belong to 31 March
 */
describe('revenue in the books', () => {
  const span = 'entity_ref=other&from=2026-04-01&to=2026-04-30'
  const row = (contract_ref: string, customer_ref: string) => ({
    contract_ref,
    customer_ref,
    entity_ref: 'other',
    currency: 'EUR',
  })

  beforeAll(async () => {
    await ok('POST', '/api/entities', {
      entity_ref: 'other',
      name: 'other',
      currency: 'EUR',
      timezone: 'UTC',
    })
    await ok('POST', '/api/customers', { customer_ref: 'initech', name: 'Initech', country: 'DE' })
    await ok('POST', '/api/products', {
      product_ref: 'calls',
      name: 'Calls',
      kind: 'usage',
      metric: { type: 'sum' },
    })
    const earned = (postingDate: string, amount: bigint, of: Dimensions, belongsTo?: string) =>
      journalEntry({
        entityRef: 'other',
        postingDate,
        ...(belongsTo && { belongsTo }),
        event: 'revenue_recognised',
        sourceId: `other-${postingDate}`,
        currency: 'EUR',
        description: 'Revenue',
        recordedAt: 0,
        postings: [debit('contract_position', amount, of), credit('revenue', amount, of)],
      })
    const [k1, k2] = [
      { contractRef: 'k1', customerRef: 'acme' },
      { contractRef: 'k2', customerRef: 'initech' },
    ]
    const seats = { ...k1, productRef: 'seats' }
    const billed = {
      ...earned('2026-04-01', 1_200_00n, seats),
      id: 'je_other_billed',
      event: 'invoice_issued' as const,
      postings: [
        debit('accounts_receivable', 1_200_00n, seats),
        credit('contract_position', 1_200_00n, seats),
      ],
    }
    const entries = [
      billed,
      earned('2026-04-10', 300_00n, { ...k1, productRef: 'calls' }),
      earned('2026-04-12', 50_00n, { ...k2, productRef: 'setup' }),
      earned('2026-04-20', 20_00n, { ...k2, productRef: 'calls' }, '2026-03-31'),
    ]
    await commit(db, postEntries(db, entries, NOTHING_CLOSED))
  })

  it('shows each contract as what it is, and ties them to the account', async () => {
    const report = await ok('GET', '/api/revenue/contract-balances?as_of=2026-04-30&entity_ref=other')
    // k1: 1,200 - 300 = 900 owed. k2: 70 earned and not billed, 20 of it usage.
    const k1 = { contract_liability: '900.00', contract_asset: '0.00', unbilled: '0.00', net: '900.00' }
    const k2 = { contract_liability: '0.00', contract_asset: '50.00', unbilled: '20.00', net: '-70.00' }
    expect(report).toMatchObject({
      rows: [
        { ...row('k1', 'acme'), ...k1 },
        { ...row('k2', 'initech'), ...k2 },
      ],
      totals: [{ contract_liability: '900.00', contract_asset: '50.00', unbilled: '20.00', net: '830.00' }],
      tied: true,
    })
    const before = await ok('GET', '/api/revenue/contract-balances?as_of=2026-04-09&entity_ref=other')
    expect(before.rows).toMatchObject([{ contract_liability: '1200.00' }])
  })

  it('names usage that is on no invoice, and splits what is deferred', async () => {
    const unbilled = await csv('/api/revenue/unbilled?as_of=2026-04-30&entity_ref=other')
    expect(unbilled.text.split('\r\n').slice(0, 3)).toEqual([
      'contract_ref,customer_ref,entity_ref,currency,accrued,billed_ahead,unbilled',
      'k1,acme,other,EUR,300.00,-300.00,0.00',
      'k2,initech,other,EUR,20.00,0.00,20.00',
    ])
    // 10 March 2026: globex has paid for a year from 1 March; nothing lies beyond 10 March 2027.
    const deferred = await ok('GET', '/api/revenue/deferred?as_of=2026-03-10')
    expect(deferred.totals).toEqual([
      { currency: 'USD', current: '1377.12', non_current: '0.00', contract_liability: '1377.12' },
    ])
  })

  it('takes contracts that are accounted for as one as one', async () => {
    const accounted = `(ref, entity_ref, customer_ref, currency, signed_version, group_ref, products, covers, stale, step)
      VALUES (?, 'other', 'acme', 'EUR', 1, 'k1', '[]', '[]', 0, 0)`
    const insert = env.DB.prepare(`INSERT INTO revenue_contracts ${accounted}`)
    await env.DB.batch([insert.bind('k1'), insert.bind('k2')])
    const report = await ok('GET', '/api/revenue/contract-balances?as_of=2026-04-30&entity_ref=other')
    // 900 owed less 70 earned and not billed.
    expect(report).toMatchObject({
      rows: [{ ...row('k1', 'acme'), contract_liability: '830.00', current: '830.00', unbilled: '0.00' }],
      tied: true,
    })
    const { totals } = await ok('GET', `/api/revenue/rollforward?${span}`)
    expect(totals).toMatchObject([{ closing: '830.00', contract_liability: '830.00', unbilled: '0.00' }])
    await env.DB.prepare(`DELETE FROM revenue_contracts WHERE entity_ref = 'other'`).run()
  })

  it('tells revenue apart by day, product, country and timing', async () => {
    const days = await csv('/api/revenue/by-day?entity_ref=other&from=2026-04-10&to=2026-04-12')
    expect(days.text).toBe(
      'day,currency,revenue\r\n2026-04-10,EUR,300.00\r\n2026-04-11,EUR,0.00\r\n2026-04-12,EUR,50.00\r\n',
    )
    const by = async (group: string) =>
      (await ok('GET', `/api/revenue/disaggregation?${span}&by=${group}`)).rows.map(
        ({ key, name, revenue }: Record<string, string>) => `${key}|${name}|${revenue}`,
      )
    expect(await by('product')).toEqual(['calls|Calls|320.00', 'setup|Setup|50.00'])
    expect(await by('country')).toEqual(['||300.00', 'DE|DE|70.00'])
    expect(await by('timing')).toEqual(['over_time|Over time|320.00', 'point_in_time|Point in time|50.00'])
    expect(await by('entity')).toEqual(['other|other|370.00'])
  })

  it('names revenue of service that was given before the span', async () => {
    const report = await ok('GET', `/api/revenue/prior-period?${span}`)
    expect(report.rows).toEqual([
      {
        contract_ref: 'k2',
        customer_ref: 'initech',
        product_ref: 'calls',
        service_month: '2026-03',
        currency: 'EUR',
        revenue: '20.00',
      },
    ])
    expect((await ok('GET', '/api/revenue/prior-period?entity_ref=other&to=2026-03-31')).rows).toEqual([])
  })
})

describe('GET /api/accounting-periods/<month>/checklist', () => {
  type Item = { code: string; state: string; count: number; amounts: unknown[]; link: string }
  const checklist = (month: string, entity = 'seller') =>
    ok('GET', `/api/accounting-periods/${month}/checklist?entity_ref=${entity}`)
  const open = ({ items }: { items: Item[] }) =>
    items
      .filter(({ state }) => state === 'open')
      .map(({ code, count, amounts }) => ({ code, count, amounts }))

  it('is clear when all of the month is billed, posted, matched and tied', async () => {
    const february = await checklist('2026-02')
    expect(open(february)).toEqual([])
    expect(february).toMatchObject({
      entity_ref: 'seller',
      month: '2026-02',
      status: 'open',
      over: true,
      ready: true,
    })
    expect(await checklist('2026-03')).toMatchObject({ over: false, ready: false })
  })

  it('names money that no invoice took, and sums that do not agree', async () => {
    const statement = 'date,amount,currency,reference,payer,id\n2026-02-20,40.00,USD,Thanks,Somebody,w2'
    await ok('POST', '/api/bank-statements?entity_ref=seller', statement, { 'content-type': 'text/csv' })
    // Without an invoice and without a contract: both accounts hold 5.00 that no detail has.
    const stray = journalEntry({
      entityRef: 'seller',
      postingDate: '2026-02-20',
      event: 'opening_balance',
      sourceId: 'stray',
      currency: 'USD',
      description: 'Stray',
      recordedAt: 0,
      postings: [debit('accounts_receivable', 5_00n), credit('contract_position', 5_00n)],
    })
    await commit(db, postEntries(db, [stray], NOTHING_CLOSED))
    // Receivables and billed: 5.00 less than the account. Positions: 0 less the account's −5.00 credit.
    const usd = (amount: string) => [{ currency: 'USD', amount }]
    expect(open(await checklist('2026-02'))).toEqual([
      { code: 'unapplied_cash', count: 1, amounts: usd('40.00') },
      { code: 'receivables', count: 1, amounts: usd('-5.00') },
      { code: 'positions', count: 1, amounts: usd('5.00') },
      { code: 'billed', count: 1, amounts: usd('-5.00') },
    ])
    expect(open(await checklist('2026-01')).map(({ code }) => code)).not.toContain('unapplied_cash')
  })

  it('refuses a month that is none, and an entity that nobody knows', async () => {
    const status = async (path: string) => (await api('GET', `/api/accounting-periods/${path}`)).status
    expect(await status('2026-13/checklist?entity_ref=seller')).toBe(422)
    expect(await status('9999-12/checklist?entity_ref=seller')).toBe(422)
    expect(await status('2026-02/checklist')).toBe(422)
    expect(await status('2026-02/checklist?entity_ref=nobody')).toBe(404)
  })
})

describe('GET /api/ledger/recomputed', () => {
  it('leads through all facts, and tells what was posted without any', async () => {
    const kinds: string[] = []
    const surplus: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query = cursor === '' ? '' : `?cursor=${encodeURIComponent(cursor)}`
      const page = await ok('GET', `/api/ledger/recomputed${query}`)
      kinds.push(page.facts)
      surplus.push(...page.surplus.map(({ kind, content }: Surplus) => `${kind} ${content.source_id}`))
      expect([page.missing, page.different]).toEqual([[], []])
      cursor = page.next_cursor
    }
    expect(new Set(kinds)).toEqual(new Set(CHECK_NAMES))
    // What the tests above have posted by hand.
    expect(surplus).toContain('opening_balance stray')
    expect(surplus.every((found) => /stray|other/.test(found))).toBe(true)
  })

  it('is for finance alone', async () => {
    expect((await api('GET', '/api/ledger/recomputed', { key: 'sandbox_ingest_key' })).status).toBe(403)
  })
})

describe('any report', () => {
  it.each([
    '/api/reports/ar-aging?as_of=2026-02-30',
    '/api/reports/ar-aging?as_of=9999-12-31',
    '/api/reports/mrr?from=2026-13',
    '/api/reports/mrr?from=2026-05&to=2026-04',
    '/api/reports/mrr?from=1900-01&to=2999-12',
    '/api/reports/cash-forecast?periods=1e9',
    '/api/reports/cash-forecast?by=day',
    '/api/revenue/rpo?as_of=NaN',
    '/api/revenue/rollforward?from=2026-05-02&to=2026-05-01',
    '/api/revenue/by-day?from=2024-01-01&to=2025-01-01',
    '/api/revenue/disaggregation?by=mood',
    '/api/ledger/recomputed?cursor=invoices',
    '/api/ledger/recomputed?cursor=everything:',
    '/api/ledger/recomputed?cursor=functional_amounts:abc',
  ])('refuses %s', async (path) => {
    expect((await api('GET', path)).status).toBe(422)
  })

  it('reads dates of all years that terms may name', async () => {
    for (const as_of of ['1900-01-01', '2999-12-31'])
      for (const path of ['/api/reports/ar-aging', '/api/revenue/rpo', '/api/revenue/deferred'])
        expect((await api('GET', `${path}?as_of=${as_of}`)).status).toBe(200)
    expect((await api('GET', '/api/reports/mrr?from=2999-01&to=2999-12')).status).toBe(200)
  })
})

it('reads of each entry of a span its own postings, not those of the whole account', async () => {
  const { results } = await env.DB.prepare(
    `EXPLAIN QUERY PLAN SELECT SUM(amount) FROM journal_entries CROSS JOIN postings
     WHERE entry_id = id AND account = 'revenue' AND entity_ref = 'lumen' AND posting_date >= '2026-01-01'`,
  ).all<{ detail: string }>()
  expect(results.map(({ detail }) => detail).join()).toContain('(account=? AND entry_id=?)')
})
