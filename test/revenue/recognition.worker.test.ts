import { beforeAll, describe, expect, it } from 'vitest'
import { trialBalance } from '../../src/ledger/ledger.store.ts'
import { recogniseRevenue } from '../../src/revenue/recognition.job.ts'
import { openDb } from '../../src/storage/db.store.ts'
import { tick } from '../invoicing/rows.ts'
import { api, env } from '../support/worker.ts'
import { flat, post, seller, sign } from './accounting/signed.ts'
import { writeEntity, writeInvoice, writeProduct } from './billed.ts'

const db = openDb(env.DB)
const at = (iso: string) => Date.parse(iso)

const revenueOf = async (entityRef: string, asOf?: string) =>
  (await trialBalance(db, { entityRef, asOf })).find(({ account }) => account === 'revenue')?.net ?? 0n

/** 31.00 for 15 January to 14 February: 1.00 a day. */
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

// Before there are other contracts, whose cycles would be closed too.
describe('a contract that is over', () => {
  // (2 × 100.00 + 10 × 80.00 + 600.00) less 10% are 1,440.00.
  it('leaves nothing on its position', async () => {
    await seller('over')
    await sign('over', 'C-over', { discounts: [{ type: 'percent', name: 'Launch', value: '10' }] })
    await post('/api/contracts/edit/C-over', {
      effective_date: '2025-03-01',
      products: [flat('over-seats', '80')],
    })
    for (const day of ['2025-01-01', '2025-05-01', '2026-01-02']) {
      await tick(`${day}T00:00:00Z`)
      await recogniseRevenue(env, at(`${day}T00:00:00Z`))
    }
    const { json } = await api('GET', '/api/ledger/trial-balance?entity_ref=over&as_of=2026-01-02')
    expect(json.accounts).toMatchObject([
      { account: 'accounts_receivable', debit: '1440.00', credit: '0.00' },
      { account: 'contract_position', debit: '0.00', credit: '0.00' },
      { account: 'revenue', debit: '0.00', credit: '1440.00' },
    ])
  })
})

describe('recognition', () => {
  it('posts a day when it is over where the seller is, and not before', async () => {
    // Auckland is 13 hours ahead in January: 16 January begins there at 11:00 UTC on the 15th.
    await writeEntity(db, 'auckland', 'Pacific/Auckland')
    await writeInvoice(db, { entityRef: 'auckland', issueDate: '2026-01-15', lines: [subscription] })
    await recogniseRevenue(env, at('2026-01-15T10:59:59.999Z'))
    expect(await revenueOf('auckland')).toBe(0n)
    await recogniseRevenue(env, at('2026-01-15T11:00:00.000Z'))
    expect(await revenueOf('auckland')).toBe(-100n)
    await recogniseRevenue(env, at('2026-01-31T11:00:00.000Z'))
    expect(await revenueOf('auckland')).toBe(-1700n)
    await recogniseRevenue(env, at('2026-03-01T00:00:00Z'))
    expect(await revenueOf('auckland')).toBe(-3100n)
  })

  it('keeps the books right on every day: 310.00 for January are 100.00 after ten days', async () => {
    await writeEntity(db, 'every-day', 'UTC')
    const january = { ...subscription, amount: 31000n, serviceStart: '2026-01-01', serviceEnd: '2026-02-01' }
    await writeInvoice(db, { entityRef: 'every-day', issueDate: '2026-01-01', lines: [january] })
    await recogniseRevenue(env, at('2026-01-11T00:00:00Z'))
    const revenueAsOf = async (date: string) =>
      (await api('GET', `/api/ledger/trial-balance?entity_ref=every-day&as_of=${date}`)).json.accounts.find(
        ({ account }: { account: string }) => account === 'revenue',
      ).credit
    expect(await revenueAsOf('2026-01-10')).toBe('100.00')
    expect(await revenueAsOf('2026-01-03')).toBe('30.00')
    await recogniseRevenue(env, at('2026-02-01T00:00:00Z'))
    expect(await revenueAsOf('2026-01-31')).toBe('310.00')
    expect(await revenueAsOf('2026-01-10')).toBe('100.00')
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
    expect(json.data).toHaveLength(31)
    expect(json.data[0]).toMatchObject({
      posting_date: '2026-02-14',
      event: 'revenue_recognised',
      source_id: `${invoice}-line-0:2026-02-14`,
      description: 'Revenue of 2026-02-14: seats',
    })
    expect(json.data.at(-1)).toMatchObject({ posting_date: '2026-01-15' })
    // 15 to 31 January are 17 days.
    expect(await revenueOf('arrears', '2026-01-31')).toBe(-1700n)
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
    expect(json.data.map(({ method }: { method: string }) => method)).toEqual([
      'point_in_time',
      'usage',
      'point_in_time',
    ])
    const entries = await api('GET', `/api/ledger/entries?invoice=${invoice}&account=revenue`)
    expect(
      entries.json.data.map((entry: { posting_date: string; description: string }) => [
        entry.posting_date,
        entry.description,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['2026-02-14', 'Revenue of 2026-02: calls'],
        ['2026-01-15', 'Revenue of 2026-01-15: setup'],
        ['2026-01-15', 'Revenue of 2026-01-15: unheard-of'],
      ]),
    )
    expect(entries.json.data).toHaveLength(3)
  })

  it('moves usage between months as it was sold: 10.00 less 20 % are 8.00', async () => {
    await writeEntity(db, 'moving', 'UTC')
    const calls = { ...subscription, productRef: 'calls' }
    const january = { ...calls, kind: 'usage' as const, amount: 10_000n, netAmount: 8_000n }
    const moved = { '2026-01': '-1000', '2026-02': '1000' }
    const lines = [
      { ...january, usageByMonth: { '2026-01': '10000' } },
      { ...calls, kind: 'usage_adjustment' as const, amount: 0n, usageByMonth: moved },
    ]
    await writeInvoice(db, { entityRef: 'moving', issueDate: '2026-03-01', lines })
    await recogniseRevenue(env, at('2026-03-01T00:00:00Z'))
    expect(await revenueOf('moving', '2026-01-31')).toBe(-7_200n)
    expect(await revenueOf('moving')).toBe(-8_000n)
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
    const tenDays = { ...subscription, amount: 100n, serviceEnd: '2026-01-25' }
    const lines = Array.from({ length: 230 }, () => tenDays)
    await writeInvoice(db, { entityRef: 'overlap', issueDate: '2026-01-15', lines })
    const now = at('2026-03-01T00:00:00Z')
    await Promise.all([1, 2, 3, 4].map(() => recogniseRevenue(env, now)))
    await recogniseRevenue(env, now)
    // 230 lines of 1.00 over 10 days: two whole pages and a rest, both of lines (100) and of days (1,000).
    expect(await revenueOf('overlap')).toBe(-23000n)
    const balance = await api('GET', '/api/ledger/trial-balance?as_of=2026-12-31&entity_ref=overlap')
    expect(balance.json).toMatchObject({
      balanced: true,
      totals: [{ currency: 'USD', debit: '230.00', credit: '230.00' }],
    })
  })

  it('catches up on a year of a dozen contracts in one run', async () => {
    await writeEntity(db, 'year', 'America/New_York')
    for (let contract = 0; contract < 12; contract++)
      await writeInvoice(db, { entityRef: 'year', issueDate: '2030-01-01', lines: [year(2030)] })
    expect(await recogniseRevenue(env, at('2031-01-02T00:00:00Z'))).toBe('done')
    // 12 x 366.00.
    expect(await revenueOf('year')).toBe(-439200n)
    expect(await revenueOf('year', '2030-12-30')).toBe(-439200n + 12n * 100n)
  })

  it('schedules a prepayment of many years in one piece', async () => {
    await writeEntity(db, 'prepaid', 'UTC')
    const decades = {
      ...subscription,
      amount: 1_095_800n,
      serviceStart: '2040-01-01',
      serviceEnd: '2070-01-01',
    }
    const invoice = await writeInvoice(db, {
      entityRef: 'prepaid',
      issueDate: '2040-01-01',
      lines: [decades],
    })
    expect(await recogniseRevenue(env, at('2040-01-02T00:00:00Z'))).toBe('done')
    const { json } = await api('GET', `/api/revenue/schedule?invoice=${invoice}`)
    // 30 years, eight of them leap years, are 10,958 days: 1.00 a day.
    expect(json.data[0].months).toHaveLength(360)
    expect(json.data[0].months[0]).toEqual({ month: '2040-01', recognised: '1.00', scheduled: '30.00' })
  })
})

describe('contracts that are accounted for as a whole', () => {
  const revenueEntries = async (entityRef: string) =>
    (await api('GET', `/api/ledger/entries?entity_ref=${entityRef}&account=revenue&limit=200`)).json.data.map(
      ({ recorded_at: _, ...entry }: { recorded_at: string }) => entry,
    )

  it('divides the price by selling prices, and posts by month', async () => {
    await seller('whole')
    await sign('whole', 'whole-1')
    await recogniseRevenue(env, at('2025-03-01T00:00:00Z'))
    // 1,800 × 300 / 1,500 = 360 at once, 1,440 / 12 = 120 a month.
    expect(await revenueOf('whole')).toBe(-(36_000n + 2n * 12_000n))
    const { json } = await api('GET', '/api/revenue/contracts/whole-1')
    expect(json).toMatchObject({
      basis: 'ssp',
      ssp_version: 1,
      framework: 'ASC606',
      problem: null,
      plan: {
        transaction_price: { total: '1800.00' },
        obligations: [
          { key: 'whole-seats', allocated: '1440.00', recognised: '240.00', remaining: '1200.00' },
          { key: 'whole-licence', allocated: '360.00', recognised: '360.00', remaining: '0.00' },
        ],
      },
      // Nothing is invoiced yet.
      position: { contract_asset: '600.00', contract_liability: '0.00' },
    })
  })

  it('leaves the lines of its fees to the position, and counts what remains once', async () => {
    await seller('lines')
    await sign('lines', 'lines-1')
    const invoice = await writeInvoice(db, {
      entityRef: 'lines',
      contractRef: 'lines-1',
      issueDate: '2025-01-01',
      lines: [
        { ...subscription, productRef: 'lines-seats', amount: 10_000n },
        { ...subscription, productRef: 'lines-licence', amount: 60_000n, kind: 'one_time' },
        {
          ...subscription,
          productRef: 'lines-calls',
          amount: 500n,
          kind: 'usage',
          usageByMonth: { '2025-01': '500' },
        },
      ],
    })
    await recogniseRevenue(env, at('2025-02-01T00:00:00Z'))
    const schedule = await api('GET', `/api/revenue/schedule?invoice=${invoice}`)
    expect(schedule.json.data).toMatchObject([{ product_ref: 'lines-calls', amount: '5.00' }])
    expect(await revenueOf('lines')).toBe(-(36_000n + 12_000n + 500n))
    // 1,800 less 480 earned; 700 billed of that, so 220 are billed and not earned.
    const rpo = await api('GET', '/api/revenue/rpo?entity_ref=lines&as_of=2025-01-31')
    expect(rpo.json.totals).toEqual([
      expect.objectContaining({ billed: '220.00', unbilled: '1100.00', total: '1320.00' }),
    ])
    const waterfall = await api('GET', '/api/revenue/waterfall?entity_ref=lines')
    expect(waterfall.json.rows).toMatchObject([
      { booking_month: '2025-01', recognised: '485.00', scheduled: '1320.00' },
    ])
  })

  it('keeps every entry through an amendment, a catch-up, repeats and a run from nothing', async () => {
    await seller('again')
    await sign('again', 'again-1')
    const run = () => recogniseRevenue(env, at('2025-09-01T00:00:00Z'))
    await recogniseRevenue(env, at('2025-06-01T00:00:00Z'))
    // From July 80.00 a month: 720 left, less 6 × 20 = 120, are 100 a month.
    await post('/api/contracts/edit/again-1', {
      effective_date: '2025-07-01',
      products: [flat('again-seats', '80'), flat('again-licence', '600')],
    })
    // 45 are given back for August: revenue falls at once.
    const credit = {
      kind: 'credit',
      credit_ref: 'outage',
      product_ref: 'again-seats',
      amount: '45',
      effective_date: '2025-08-15',
      reason: 'The service was down for a week',
    }
    await post('/api/revenue/contracts/again-1/facts', credit)
    for (const commits of [0, 1])
      await expect(recogniseRevenue(killedAfter(commits), at('2025-09-01T00:00:00Z'))).rejects.toThrow(
        'killed',
      )
    await Promise.all([run(), run(), run()])
    await post('/api/revenue/contracts/again-1/facts', credit)
    await run()
    // 360 + 6 × 120 + 2 × 100 − 45 = 1,235.
    expect(await revenueOf('again')).toBe(-123_500n)
    const { json } = await api('GET', '/api/revenue/contracts/again-1')
    expect(json.plan.modifications).toMatchObject([
      { version: 2, treatment: 'prospective', transaction_price: '1680.00' },
      { version: null, treatment: 'catch_up', transaction_price: '1635.00' },
    ])
    expect(json.facts).toHaveLength(1)
    const posted = await revenueEntries('again')
    await emptyLedger('again')
    expect(await revenueEntries('again')).toEqual([])
    await run()
    expect(await revenueEntries('again')).toEqual(posted)
  })

  it('posts the difference where a change comes late, and what it posted before stays', async () => {
    await seller('late')
    await sign('late', 'late-1')
    await recogniseRevenue(env, at('2025-09-01T00:00:00Z'))
    const before = await revenueEntries('late')
    await post('/api/contracts/edit/late-1', {
      effective_date: '2025-07-01',
      products: [flat('late-seats', '80'), flat('late-licence', '600')],
    })
    await recogniseRevenue(env, at('2025-09-01T00:00:00Z'))
    const after = await revenueEntries('late')
    expect(after).toEqual(expect.arrayContaining(before))
    // July and August were 120 and are 100.
    expect(after).toHaveLength(before.length + 2)
    expect(await revenueOf('late', '2025-06-30')).toBe(-(36_000n + 6n * 12_000n))
    expect(await revenueOf('late', '2025-07-31')).toBe(-(36_000n + 6n * 12_000n + 10_000n))
    expect(await revenueOf('late')).toBe(-(36_000n + 6n * 12_000n + 2n * 10_000n))
  })

  it('waits for deliveries, takes each in once, and says what it cannot take', async () => {
    await seller('build')
    await sign('build', 'build-1', { products: [flat('build-seats', '100'), flat('build-rollout', '800')] })
    const deliver = (more: object) =>
      api('POST', '/api/revenue/deliveries', {
        body: { contract_ref: 'build-1', product_ref: 'build-rollout', date: '2025-02-10', ...more },
      })
    await recogniseRevenue(env, at('2025-02-01T00:00:00Z'))
    // 2,000 over 1,200 and 400: 1,500 for the seats, 125 a month, and 500 for the rollout.
    expect(await revenueOf('build')).toBe(-12_500n)
    expect((await deliver({ milestone: 'Design' })).status).toBe(201)
    expect((await deliver({ milestone: 'Design' })).status).toBe(200)
    expect((await deliver({ milestone: 'Party' })).json).toMatchObject({ code: 'milestone_unknown' })
    expect((await deliver({ milestone: 'Go-live', date: '2199-01-01' })).json).toMatchObject({
      code: 'date_in_the_future',
    })
    expect((await deliver({ product_ref: 'build-seats' })).json).toMatchObject({
      code: 'not_earned_by_deliveries',
    })
    expect((await deliver({ product_ref: 'nothing' })).json).toMatchObject({ code: 'product_not_covered' })
    expect((await deliver({ contract_ref: 'nobody' })).status).toBe(404)
    await recogniseRevenue(env, at('2025-03-01T00:00:00Z'))
    // A quarter of the rollout: 125.
    expect(await revenueOf('build', '2025-02-09')).toBe(-12_500n)
    expect(await revenueOf('build')).toBe(-(2n * 12_500n + 12_500n))
  })

  it('keeps a second book with what the other framework has otherwise', async () => {
    await seller('two-books', 'both')
    await sign('two-books', 'two-books-1')
    // More likely than not, and not probable: a contract under IFRS 15 alone.
    await post('/api/revenue/contracts/two-books-1/facts', {
      kind: 'criteria',
      effective_date: '2025-01-01',
      collection_probability: '0.6',
      reason: 'The buyer has paid two of three earlier invoices',
    })
    await recogniseRevenue(env, at('2025-02-01T00:00:00Z'))
    expect(await revenueOf('two-books')).toBe(0n)
    const second = await api('GET', '/api/ledger/trial-balance?entity_ref=two-books&book=secondary')
    expect(second.json).toMatchObject({
      balanced: true,
      accounts: expect.arrayContaining([expect.objectContaining({ account: 'revenue', credit: '480.00' })]),
    })
    const other = await api('GET', '/api/revenue/contracts/two-books-1?framework=IFRS15')
    expect(other.json).toMatchObject({ framework: 'IFRS15', plan: { is_contract: true } })
    expect(other.json.differences.slice(0, 2)).toEqual([
      { period: '2025-01', key: 'two-books-seats', amount: '120.00' },
      { period: '2025-02', key: 'two-books-seats', amount: '120.00' },
    ])
  })

  it('takes a credit note for what its cause says, once', async () => {
    await seller('noted')
    await sign('noted', 'noted-1')
    const lines = [
      { ...subscription, productRef: 'noted-seats', amount: 120_000n },
      { ...subscription, productRef: 'noted-calls', amount: 5_000n, kind: 'usage' as const },
    ]
    const issue = { entityRef: 'noted', contractRef: 'noted-1', issueDate: '2025-01-01', lines }
    const invoice = await writeInvoice(db, issue)
    const run = () => recogniseRevenue(env, Date.now() + 2 * 86_400_000)
    const note = (cause: string, line: number, amount: string) =>
      post(`/api/invoices/${invoice}/credit_notes`, {
        ...{ reason: `For ${cause}`, external_id: cause, cause },
        lines: [{ line_ref: `${invoice}-line-${line}`, amount }],
      })
    await run()
    // All of the year is over: 360.00 and 1,440.00, and the calls.
    expect(await revenueOf('noted')).toBe(-(36_000n + 144_000n + 5_000n))
    const { document_number: number } = await note('service_level', 0, '45')
    await note('service_level', 0, '45')
    await note('billing_error', 0, '100')
    await note('concession', 1, '20')
    await Promise.all([run(), run()])
    // The calls follow their line; the billing error changes no promise.
    expect(await revenueOf('noted')).toBe(-(36_000n + 144_000n - 4_500n + 5_000n - 2_000n))
    const { json } = await api('GET', '/api/revenue/contracts/noted-1')
    expect(json.facts).toEqual([
      expect.objectContaining({
        kind: 'credit',
        reason: 'For service_level',
        body: expect.objectContaining({ product_ref: 'noted-seats', amount: '45.00', document: number }),
      }),
    ])
    expect(json.plan.modifications).toMatchObject([{ transaction_price: '1755.00' }])
  })

  it('takes a void for a cut of the price, unless the same is billed in another way', async () => {
    await seller('taken')
    const run = () => recogniseRevenue(env, Date.now() + 2 * 86_400_000)
    const voidOf = async (contractRef: string, body: object) => {
      await sign('taken', contractRef)
      const year = { serviceStart: '2025-01-01', serviceEnd: '2026-01-01' }
      const lines = [{ ...year, productRef: 'taken-seats', amount: 120_000n }]
      const issue = { entityRef: 'taken', contractRef, issueDate: '2025-01-01', lines }
      const invoice = await writeInvoice(db, issue)
      await run()
      await post(`/api/invoices/${invoice}/void`, {
        reason: 'Made out to a company that is no more',
        ...body,
      })
      await Promise.all([run(), run()])
      return (await api('GET', `/api/revenue/contracts/${contractRef}`)).json
    }
    // All of the year is over: 360.00 and 1,440.00 of each contract, less 1,200.00 that are not billed.
    const given = await voidOf('taken-1', {})
    expect(given.facts).toMatchObject([{ kind: 'credit', body: { amount: '1200.00', voided: true } }])
    expect(given.plan.modifications).toMatchObject([{ transaction_price: '600.00' }])
    expect(await revenueOf('taken')).toBe(-60_000n)
    const anew = await voidOf('taken-2', { cause: 'billing_error' })
    expect([anew.facts, anew.plan.modifications]).toEqual([[], []])
    expect(await revenueOf('taken')).toBe(-60_000n - 180_000n)
  })

  it('gives a discount to what is regularly sold together for less, and says by which evidence', async () => {
    await seller('bundle')
    const entry = (product: string, amount: string, per: string) => ({
      product_ref: `bundle-${product}`,
      currency: 'USD',
      per,
      price: { amount },
      method: 'observed',
      evidence: 'Price list of 2025',
    })
    const book = {
      entity_ref: 'bundle',
      effective_date: '2025-01-01',
      approved_by: 'Controller',
      entries: [
        entry('seats', '100', 'month'),
        entry('licence', '300', 'once'),
        entry('rollout', '400', 'once'),
      ],
      bundles: [
        {
          products: [{ product_ref: 'bundle-seats', quantity: '12' }, { product_ref: 'bundle-rollout' }],
          currency: 'USD',
          price: '1200',
          evidence: '41 of 48 orders of 2024',
        },
      ],
    }
    const unknown = { ...book.bundles[0], currency: 'EUR' }
    const refused = await api('POST', '/api/revenue/ssp', { body: { ...book, bundles: [unknown] } })
    expect(refused.json.errors).toMatchObject([
      { path: 'bundles.0.products.0.product_ref' },
      { path: 'bundles.0.products.1.product_ref' },
    ])
    // A slip that would keep every later version out.
    const slip = await api('POST', '/api/revenue/ssp', { body: { ...book, effective_date: '9999-12-31' } })
    expect(slip.json).toMatchObject({ status: 422, code: 'ssp_date_too_far' })
    expect(await post('/api/revenue/ssp', book)).toMatchObject({ version: 2, bundles: [{ price: '1200' }] })
    await sign('bundle', 'bundle-1', {
      products: [flat('bundle-seats', '75'), flat('bundle-rollout', '300'), flat('bundle-licence', '300')],
    })
    await recogniseRevenue(env, at('2025-02-01T00:00:00Z'))
    const { json } = await api('GET', '/api/revenue/contracts/bundle-1')
    // 1,900 alone and 1,500 here: the 400 off are those of 1,600 for 1,200, of which 1,200 / 1,600 are the seats'.
    expect(json.plan.allocation).toEqual({
      'bundle-seats': '900.00',
      'bundle-rollout': '300.00',
      'bundle-licence': '300.00',
    })
    const said = json.plan.explanations.filter(
      ({ paragraph }: { paragraph: string }) => paragraph === 'ASC 606-10-32-37',
    )
    expect(said.map(({ text }: { text: string }) => text)).toEqual([
      expect.stringContaining('(a) holds'),
      expect.stringContaining('75 % of that (41 of 48 orders of 2024)'),
      expect.stringContaining('(c) holds: the discount of the bundle is 100 %'),
      expect.stringContaining('The discount belongs to'),
    ])
    // 900 / 12 for January, and the licence.
    expect(await revenueOf('bundle')).toBe(-(7_500n + 30_000n))
  })

  it('takes contracts that were negotiated together as one', async () => {
    await seller('joint')
    await sign('joint', 'joint-1', { products: [flat('joint-licence', '100')] })
    await sign('joint', 'joint-2', { products: [flat('joint-seats', '100')] })
    await recogniseRevenue(env, at('2025-02-01T00:00:00Z'))
    await post('/api/revenue/contracts/joint-1/facts', {
      kind: 'combination',
      contract_refs: ['joint-2'],
      effective_date: '2025-01-01',
      reason: 'One negotiation: the licence was cheap because of the seats',
    })
    await recogniseRevenue(env, at('2025-02-01T00:00:00Z'))
    // 1,300 over 300 and 1,200: 260 for the licence, 1,040 / 12 = 86.67 for January.
    expect(await revenueOf('joint')).toBe(-(26_000n + 8_667n))
    const { json } = await api('GET', '/api/revenue/contracts/joint-2')
    expect(json.accounted_with).toEqual(['joint-1', 'joint-2'])
    expect(json.plan.allocation).toEqual({
      'joint-1/joint-licence': '260.00',
      'joint-2/joint-seats': '1040.00',
    })
    expect(json.plan.explanations[0]).toMatchObject({
      paragraph: 'ASC 606-10-25-9',
      text: expect.stringContaining('"joint-1", "joint-2" are accounted for as one'),
    })
    const asked = 'entity_ref=joint&as_of=2025-01-31'
    const { json: balances } = await api('GET', `/api/revenue/contract-balances?${asked}`)
    // 260.00 + 86.67 of which nothing is billed: one contract asset.
    expect(balances.rows).toMatchObject([
      { contract_ref: 'joint-1', contract_asset: '346.67', contract_liability: '0.00', net: '-346.67' },
    ])
    expect(balances).toMatchObject({ tied: true, on_trial_balance: null })
    const { json: moved } = await api(
      'GET',
      '/api/revenue/rollforward?entity_ref=joint&from=2025-01-01&to=2025-01-31',
    )
    expect(moved.totals).toMatchObject([{ contract_liability: '0.00', unbilled: '346.67' }])
    // 1,040.00 - 86.67 of seats.
    const { json: remaining } = await api('GET', `/api/revenue/rpo?${asked}`)
    expect(remaining.rows).toMatchObject([{ contract_ref: 'joint-1', billed: '0.00', unbilled: '953.33' }])
  })
})

/** Bindings whose database takes so many commits, and then is gone. */
function killedAfter(commits: number): typeof env {
  let left = commits
  const batch: D1Database['batch'] = (statements) => {
    if (left-- <= 0) throw new Error('killed')
    return env.DB.batch(statements)
  }
  const db = { batch, prepare: (query: string) => env.DB.prepare(query) }
  return { ...env, DB: db as unknown as D1Database }
}

/** Takes away all that was posted and planned for an entity, as if the books had never been kept. */
async function emptyLedger(entityRef: string): Promise<void> {
  const kept = ['journal_entries_are_kept', 'postings_are_kept']
  const { results } = await env.DB.prepare(
    `SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN ('${kept.join("', '")}')`,
  ).all<{ name: string; sql: string }>()
  await env.DB.batch([
    ...kept.map((name) => env.DB.prepare(`DROP TRIGGER ${name}`)),
    ...[
      'DELETE FROM postings WHERE entry_id IN (SELECT id FROM journal_entries WHERE entity_ref = ?)',
      'DELETE FROM journal_entries WHERE entity_ref = ?',
      'DELETE FROM revenue_schedule_entries WHERE line_id IN (SELECT line_id FROM revenue_schedules WHERE entity_ref = ?)',
      'DELETE FROM revenue_schedules WHERE entity_ref = ?',
      'UPDATE revenue_contracts SET stale = 1, step = step + 1 WHERE entity_ref = ?',
    ].map((statement) => env.DB.prepare(statement).bind(entityRef)),
    ...results.map(({ sql }) => env.DB.prepare(sql)),
  ])
}

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
    await recogniseRevenue(env, at('2026-02-02T00:00:00Z'))
    const byId = await api('GET', `/api/revenue/schedule?invoice=${id}`)
    expect(byId.json.data).toHaveLength(2)
    expect(byId.json.data[0]).toMatchObject({
      amount: '31.00',
      months: [
        // Posted up to 1 February; 13 days are to come.
        { month: '2026-01', recognised: '17.00', scheduled: '0.00' },
        { month: '2026-02', recognised: '1.00', scheduled: '13.00' },
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
