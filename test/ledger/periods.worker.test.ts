import { beforeAll, describe, expect, it } from 'vitest'
import { closedPeriodsOf, NOTHING_CLOSED } from '../../src/ledger/accounting-period.ts'
import { credit, debit, journalEntry } from '../../src/ledger/journal-entry.ts'
import { postEntries, trialBalance } from '../../src/ledger/ledger.store.ts'
import { isPeriodClosed } from '../../src/ledger/periods.store.ts'
import { receivePayment } from '../../src/payments/receive.job.ts'
import { recogniseRevenue } from '../../src/revenue/recognition.job.ts'
import { commit, type Db, openDb } from '../../src/storage/db.store.ts'
import { writeEntity, writeInvoice, writeProduct } from '../revenue/billed.ts'
import { issueInvoice } from '../support/issued-invoice.ts'
import { api, env } from '../support/worker.ts'

const db = openDb(env.DB)

/** Months of 2020 are over whenever these tests run. */
async function seller(entityRef: string) {
  const body = { entity_ref: entityRef, name: entityRef, currency: 'EUR', timezone: 'Europe/Berlin' }
  const { status, text } = await api('POST', '/api/entities', { body })
  if (status !== 201) throw new Error(text)
}

const change = (verb: 'lock' | 'unlock', month: string, body: object, key?: string) =>
  api('POST', `/api/accounting-periods/${month}/${verb}`, { body, ...(key && { key }) })

/** A database that somebody locks January of an entity in, after a job has planned and before it commits. */
function lockingDatabase(entityRef: string): D1Database {
  let isLocked = false
  const batch: D1Database['batch'] = async (statements) => {
    if (!isLocked) await change('lock', '2020-01', { entity_ref: entityRef })
    isLocked = true
    return env.DB.batch(statements)
  }
  return { prepare: (query: string) => env.DB.prepare(query), batch } as unknown as D1Database
}

const lockingMeanwhile = (entityRef: string): Db => openDb(lockingDatabase(entityRef))

const entryOf = (entityRef: string, sourceId: string, postingDate: string, postedBy?: string) =>
  journalEntry({
    entityRef,
    postingDate,
    event: 'test',
    sourceId,
    currency: 'EUR',
    description: '',
    recordedAt: 0,
    ...(postedBy !== undefined && { postedBy }),
    postings: [debit('bank_clearing', 100n), credit('unapplied_cash', 100n)],
  })

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'posted',
    (error) => (isPeriodClosed(error) ? 'closed' : String(error)),
  )

describe('a closed month', () => {
  it('takes no entry, whoever planned it before the lock', async () => {
    await seller('p-race')
    await change('lock', '2020-01', { entity_ref: 'p-race' })
    await change('lock', '2020-02', { entity_ref: 'p-race', soft: true })
    const post = (sourceId: string, date: string, by?: string, closed = NOTHING_CLOSED) =>
      outcome(commit(db, postEntries(db, [entryOf('p-race', sourceId, date, by)], closed)))
    expect(await post('r-1', '2020-01-31')).toBe('closed')
    expect(await post('r-2', '2020-02-29')).toBe('posted')
    expect(await post('r-3', '2020-02-29', 'Ann')).toBe('closed')
    expect(await post('r-4', '2020-03-01', 'Ann')).toBe('posted')
    const locked = closedPeriodsOf([{ entityRef: 'p-race', month: '2020-01', status: 'locked' }])
    expect(await post('r-1', '2020-01-31', undefined, locked)).toBe('posted')
    const { json } = await api('GET', '/api/ledger/entries?entity_ref=p-race&from=2020-02-01&to=2020-02-01')
    expect(json.data).toMatchObject([{ source_id: 'r-1', belongs_to: '2020-01-31', posted_by: null }])
    // January stays empty; February has r-1 and r-2, March r-4: 1.00 each.
    const nets = await Promise.all(
      ['2020-01-31', '2020-02-29', '2020-03-31'].map((asOf) =>
        trialBalance(db, { asOf, entityRef: 'p-race' }),
      ),
    )
    expect(nets.map((rows) => rows.find(({ account }) => account === 'bank_clearing')?.net)).toEqual([
      undefined,
      200n,
      300n,
    ])
  })

  const payFor = async (entityRef: string, number: string, database: Db) => {
    const { id } = await issueInvoice(db, { number, entityRef, issueDate: '2020-01-01' })
    const facts = { customerRef: null, currency: 'EUR', amount: 10_000n, payer: {}, reference: '' }
    const money = {
      rail: 'wire' as const,
      externalKey: number,
      entityRef,
      receivedOn: '2020-01-20',
      ...facts,
    }
    return receivePayment(database, { ...money, invoiceId: id }, Date.UTC(2020, 1, 3))
  }
  const postedInFebruary = async (entityRef: string) =>
    (await api('GET', `/api/ledger/entries?entity_ref=${entityRef}&from=2020-02-01`)).json.data

  it('leaves the day of a payment as it was and posts it in the first open month', async () => {
    await seller('p-pay')
    await payFor('p-pay', 'PP-1', lockingMeanwhile('p-pay'))
    const entries = await postedInFebruary('p-pay')
    // Received, and allocated.
    expect(entries).toHaveLength(2)
    for (const entry of entries) {
      expect(entry).toMatchObject({ posting_date: '2020-02-01', belongs_to: '2020-01-20' })
    }
    const { json } = await api('GET', '/api/payments?limit=200')
    const payment = json.data.find(({ entity_ref }: { entity_ref: string }) => entity_ref === 'p-pay')
    expect(payment.received_on).toBe('2020-01-20')
  })

  it('has its late revenue in the first open month', async () => {
    await writeEntity(db, 'p-revenue', 'UTC')
    await writeProduct(db, 'seats', 'recurring', 'daily')
    // 31.00 for 15 January to 14 February, 1.00 a day: 17 days are January's, 14 February's.
    const days = { serviceStart: '2020-01-15', serviceEnd: '2020-02-15' }
    const line = { productRef: 'seats', amount: 3100n, ...days }
    await writeInvoice(db, { entityRef: 'p-revenue', issueDate: '2020-01-15', lines: [line] })
    await recogniseRevenue(env, Date.UTC(2020, 0, 15))
    const revenueAsOf = async (asOf: string) =>
      (await trialBalance(db, { asOf, entityRef: 'p-revenue' })).find(({ account }) => account === 'revenue')
        ?.net ?? 0n
    await recogniseRevenue({ ...env, DB: lockingDatabase('p-revenue') }, Date.UTC(2020, 2, 1))
    expect(await revenueAsOf('2020-01-31')).toBe(0n)
    expect(await revenueAsOf('2020-02-01')).toBe(-1800n)
    expect(await revenueAsOf('2020-02-29')).toBe(-3100n)
  })
})

describe('POST /api/accounting-periods', () => {
  beforeAll(() => seller('p-refuse'))

  it('locks, softens nothing, unlocks with a reason, and says so in the audit log', async () => {
    await seller('p-api')
    const locked = await change('lock', '2020-05', { entity_ref: 'p-api', reason: 'May is reported' })
    expect(locked.json.data).toMatchObject([
      { month: '2020-05', status: 'locked', reason: 'May is reported' },
    ])
    expect((await change('lock', '2020-05', { entity_ref: 'p-api' })).json).toEqual(locked.json)
    expect((await change('lock', '2020-05', { entity_ref: 'p-api', soft: true })).json).toMatchObject({
      status: 409,
      code: 'period_locked',
    })
    expect((await change('unlock', '2020-05', { entity_ref: 'p-api' })).status).toBe(422)
    const reopened = await change('unlock', '2020-05', {
      entity_ref: 'p-api',
      reason: 'A credit note was missing',
    })
    expect(reopened.json.data).toMatchObject([{ status: 'open', reason: 'A credit note was missing' }])
    const listed = await api('GET', '/api/accounting-periods?entity_ref=p-api')
    expect(listed.json).toMatchObject({ data: [{ month: '2020-05', status: 'open' }], next_cursor: null })
    const log = await api('GET', '/api/audit-log?subject=p-api%202020-05')
    expect(log.json.data.map(({ action }: { action: string }) => action)).toEqual([
      'period.unlock',
      'period.lock',
    ])
  })

  it.each([
    ['a month that still runs', 'lock', '9999-12', {}, 409, 'period_not_over'],
    ['no month', 'lock', '2020-13', {}, 422, undefined],
    ['an unknown entity', 'lock', '2020-01', { entity_ref: 'nobody' }, 404, 'entity_not_found'],
  ] as const)('refuses %s', async (_, verb, month, body, status, code) => {
    const answer = await change(verb, month, body)
    expect(answer.status).toBe(status)
    if (code) expect(answer.json.code).toBe(code)
  })

  it('lets finance lock, and only an admin unlock', async () => {
    const created = await api('POST', '/api/keys', { body: { name: 'books', scopes: ['finance'] } })
    const { secret } = created.json
    const locked = await change('lock', '2020-07', { entity_ref: 'p-refuse' }, secret)
    expect(locked.json.data).toMatchObject([{ status: 'locked' }])
    const answer = await change('unlock', '2020-07', { entity_ref: 'p-refuse', reason: 'x' }, secret)
    expect(answer.json).toMatchObject({ status: 403, code: 'scope_missing' })
  })
})
