import { beforeAll, describe, expect, it } from 'vitest'
import { changePeriod } from '../../src/closing/close-period.job.ts'
import { closedPeriodsOf, NOTHING_CLOSED } from '../../src/ledger/accounting-period.ts'
import { remeasurementsDue } from '../../src/ledger/fx/closing.store.ts'
import { measureForeignEntries } from '../../src/ledger/fx/measure.job.ts'
import {
  credit,
  debit,
  type JournalEntry,
  journalEntry,
  type Posting,
} from '../../src/ledger/journal-entry.ts'
import { postEntries, trialBalance } from '../../src/ledger/ledger.store.ts'
import { isPeriodClosed, type PeriodRow, writePeriod } from '../../src/ledger/periods.store.ts'
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

const ANN = { id: 'ann', label: 'Ann', scopes: ['admin'] as const }

const lockedJanuary = (entityRef: string): PeriodRow => ({
  entityRef,
  month: '2020-01',
  status: 'locked',
  reason: null,
  changedAt: 0,
  changedBy: 'Ann',
})

/** A database that somebody locks January of an entity in, after a job has planned and before it commits. */
function lockingDatabase(entityRef: string): D1Database {
  let isLocked = false
  const batch: D1Database['batch'] = async (statements) => {
    if (!isLocked) await commit(db, [writePeriod(db, lockedJanuary(entityRef))])
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
    event: 'payment_received',
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

  it('is not softened by a close that began before the lock', async () => {
    await seller('p-softer')
    const actor = { principal: ANN, requestId: 'test', now: Date.UTC(2020, 2, 1) }
    const softer = { month: '2020-01', status: 'soft_locked', entityRef: 'p-softer' } as const
    await expect(changePeriod(env, lockingMeanwhile('p-softer'), actor, softer)).rejects.toMatchObject({
      code: 'period_locked',
    })
    const { json } = await api('GET', '/api/accounting-periods?entity_ref=p-softer')
    expect(json.data).toMatchObject([{ month: '2020-01', status: 'locked' }])
  })

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

describe('books in another currency', () => {
  /** Books in US dollars of a seller that invoices in euros. */
  const sellerInEuros = async (entityRef: string) => {
    const body = {
      entity_ref: entityRef,
      name: entityRef,
      currency: 'EUR',
      functional_currency: 'USD',
      fx_source: entityRef,
    }
    expect((await api('POST', '/api/entities', { body })).status).toBe(201)
  }
  const rates = (entityRef: string, text: string) =>
    api('POST', `/api/fx-rates?source=${entityRef}`, {
      body: `date,base,quote,rate\n${text}`,
      headers: { 'content-type': 'text/csv' },
    })
  const post = (...entries: JournalEntry[]) => commit(db, postEntries(db, entries, NOTHING_CLOSED))
  const balances = async (entityRef: string, asOf: string) => {
    const { json } = await api(
      'GET',
      `/api/ledger/trial-balance?entity_ref=${entityRef}&as_of=${asOf}&currency=functional`,
    )
    expect(json.balanced).toBe(true)
    const nets = json.accounts.map(({ account, currency, debit, credit }: Record<string, string>) => [
      account,
      `${credit === '0.00' ? debit : `-${credit}`} ${currency}`,
    ])
    return { ...Object.fromEntries(nets), waiting: json.waiting }
  }
  const entryIn = (entityRef: string, sourceId: string, postingDate: string, postings: Posting[]) =>
    journalEntry({ ...entryOf(entityRef, `${entityRef} ${sourceId}`, postingDate), postings })
  /** 1,000.00 EUR on 10 January, paid on 10 February. */
  const invoiced = (entityRef: string) =>
    entryIn(entityRef, 'invoiced', '2020-01-10', [
      debit('accounts_receivable', 100_000n, { invoiceId: `i-${entityRef}`, customerRef: 'c' }),
      credit('contract_position', 100_000n, { contractRef: `k-${entityRef}`, customerRef: 'c' }),
    ])
  const paid = (entityRef: string) =>
    entryIn(entityRef, 'paid', '2020-02-10', [
      debit('bank_clearing', 100_000n),
      credit('accounts_receivable', 100_000n, { invoiceId: `i-${entityRef}`, customerRef: 'c' }),
    ])
  type Shown = { account: string; debit: string; credit: string }
  /** What lines have on receivables, in cents. */
  const sumOf = (lines: Shown[]) =>
    lines
      .filter(({ account }) => account === 'accounts_receivable')
      .reduce((total, { debit: plus, credit: minus }) => total + Math.round((+plus - +minus) * 100), 0)
  const measure = () => measureForeignEntries(env, Date.parse('2020-06-01'))
  const due = (month: string) => remeasurementsDue(db, { now: 0, month, entityRefs: ['fx-close'] })

  it('wait for a rate, and are completed when it comes; what is measured stays', async () => {
    await sellerInEuros('fx-wait')
    await post(
      invoiced('fx-wait'),
      entryIn('fx-wait', 'later', '2020-03-01', [debit('cash', 1n), credit('bank_clearing', 1n)]),
    )
    await measure()
    expect(await balances('fx-wait', '2020-12-31')).toEqual({
      waiting: [{ entity_ref: 'fx-wait', currency: 'EUR', entries: 2, first_day: '2020-01-10' }],
    })
    expect((await rates('fx-wait', '2020-01-09,EUR,USD,1.10')).json).toEqual({
      source: 'fx-wait',
      imported: 1,
      known: 0,
    })
    await Promise.all([measure(), measure()])
    expect(await balances('fx-wait', '2020-01-31')).toEqual({
      accounts_receivable: '1100.00 USD',
      contract_position: '-1100.00 USD',
      waiting: [],
    })
    for (const statement of [
      'UPDATE functional_amounts SET functional_amount = 1',
      'DELETE FROM measurements',
      'DELETE FROM fx_rates',
    ]) {
      await expect(env.DB.prepare(statement).run()).rejects.toThrow(/append-only|never changes/)
    }
  })

  it('take open balances to the closing rate when the month is locked, and a settlement to what was invoiced', async () => {
    await sellerInEuros('fx-close')
    // Invoiced at 1.10, closed at 1.13, paid at 1.15: a gain of 30.00 in January and of 20.00 in February.
    await rates(
      'fx-close',
      '2020-01-10,EUR,USD,1.10\n2020-01-31,EUR,USD,1.13\n2020-02-10,EUR,USD,1.15\n2020-02-28,EUR,USD,1.2',
    )
    await post(invoiced('fx-close'))
    const closing = () =>
      api('POST', '/api/accounting-periods/2020-01/close-entries', { body: { entity_ref: 'fx-close' } })
    expect((await closing()).json.remeasured).toEqual([
      {
        entity_ref: 'fx-close',
        currency: 'EUR',
        functional_currency: 'USD',
        rate: '1.13',
        rate_date: '2020-01-31',
        gain: '30.00',
      },
    ])
    expect((await closing()).json.remeasured[0].gain).toBe('0.00')
    await change('lock', '2020-01', { entity_ref: 'fx-close' })
    expect((await closing()).json.code).toBe('period_locked')
    await post(paid('fx-close'))
    await change('lock', '2020-02', { entity_ref: 'fx-close' })
    expect(await balances('fx-close', '2020-01-31')).toEqual({
      accounts_receivable: '1130.00 USD',
      contract_position: '-1100.00 USD',
      fx_gain_loss: '-30.00 USD',
      waiting: [],
    })
    expect(await balances('fx-close', '2020-02-29')).toEqual({
      bank_clearing: '1150.00 USD',
      accounts_receivable: '0.00 USD',
      contract_position: '-1100.00 USD',
      fx_gain_loss: '-50.00 USD',
      waiting: [],
    })
    const asPosted = await api('GET', '/api/ledger/trial-balance?entity_ref=fx-close&as_of=2020-02-29')
    expect(asPosted.json.accounts.map(({ account }: { account: string }) => account)).not.toContain(
      'fx_gain_loss',
    )
  })

  it('take what stands at Stripe to the closing rate, so that a payout of everything leaves nothing', async () => {
    await sellerInEuros('fx-stripe')
    await rates('fx-stripe', '2020-01-10,EUR,USD,1.10\n2020-01-30,EUR,USD,1.20\n2020-02-25,EUR,USD,1.15')
    const moved = (sourceId: string, day: string, amount: bigint, customerRef?: string) =>
      entryIn('fx-stripe', sourceId, day, [
        debit('stripe_clearing', amount, customerRef === undefined ? {} : { customerRef }),
        credit('cash', amount),
      ])
    // 70.00 and 30.00 of two customers, less 60.00 that are paid out: 40.00 at 1.20 on 31 January.
    await post(
      moved('c', '2020-01-10', 7_000n, 'c'),
      moved('d', '2020-01-10', 3_000n, 'd'),
      moved('po-1', '2020-01-30', -6_000n),
    )
    await change('lock', '2020-01', { entity_ref: 'fx-stripe' })
    // 110.00 - 72.00 = 38.00 at the rates of their days: a gain of 48.00 - 38.00.
    expect(await balances('fx-stripe', '2020-01-31')).toMatchObject({
      stripe_clearing: '48.00 USD',
      fx_gain_loss: '-10.00 USD',
    })
    await post(moved('po-2', '2020-02-25', -4_000n))
    await change('lock', '2020-02', { entity_ref: 'fx-stripe' })
    // 38.00 came in with the rest, and 46.00 left: a gain of 8.00 in all.
    expect(await balances('fx-stripe', '2020-02-29')).toMatchObject({
      stripe_clearing: '0.00 USD',
      fx_gain_loss: '-8.00 USD',
    })
  })

  it('carry each open item at its own rate, and together what the account has', async () => {
    await sellerInEuros('fx-items')
    await rates('fx-items', '2020-01-10,EUR,USD,1.10\n2020-01-20,EUR,USD,1.20\n2020-01-31,EUR,USD,1.30')
    const receivable = (sourceId: string, day: string, amount: bigint, invoiceId: string) =>
      entryIn('fx-items', sourceId, day, [
        debit('accounts_receivable', amount, { invoiceId, customerRef: 'c' }),
        credit(amount > 0n ? 'contract_position' : 'bank_clearing', amount, { contractRef: 'k-items' }),
      ])
    await post(
      receivable('first', '2020-01-10', 100_000n, 'i-1'),
      receivable('second', '2020-01-20', 50_000n, 'i-2'),
      receivable('third', '2020-01-20', 20_000n, 'i-3'),
      receivable('a part', '2020-01-31', -40_000n, 'i-1'),
      receivable('all', '2020-01-31', -20_000n, 'i-3'),
    )
    await measure()
    // 600.00 at 1.10, 500.00 at 1.20, nothing; and 1,500.00 + 200.00 EUR less 600.00 are open at 1,260.00 USD.
    const carried = await Promise.all(
      ['i-1', 'i-2', 'i-3'].map(async (invoice) => {
        const { json } = await api(
          'GET',
          `/api/ledger/entries?entity_ref=fx-items&invoice=${invoice}&currency=functional`,
        )
        return sumOf(json.data.flatMap(({ postings }: { postings: Shown[] }) => postings))
      }),
    )
    expect(carried).toEqual([66_000, 60_000, 0])
    expect(await balances('fx-items', '2020-01-31')).toMatchObject({ accounts_receivable: '1260.00 USD' })
  })

  it('are read line by line: entries, statement and export', async () => {
    const listed = await api(
      'GET',
      '/api/ledger/entries?entity_ref=fx-close&account=fx_gain_loss&currency=functional',
    )
    expect(
      listed.json.data.map(({ event, currency, postings }: Record<string, unknown>) => [
        event,
        currency,
        (postings as unknown[]).length,
      ]),
    ).toEqual([
      ['payment_received', 'USD', 3],
      ['fx_remeasurement_reversed', 'USD', 2],
      ['fx_remeasured', 'USD', 2],
    ])
    const path = '/api/ledger/accounts/accounts_receivable/entries?entity_ref=fx-close&currency=functional'
    const statement = await api('GET', path)
    expect(statement.json.data.map(({ balance }: { balance: string }) => balance)).toEqual([
      '1100.00',
      '1130.00',
      '1100.00',
      '0.00',
    ])
    expect(statement.json.closing).toEqual([{ currency: 'USD', balance: '0.00' }])
    const file = await api(
      'GET',
      '/api/ledger/export?entity_ref=fx-close&currency=functional&format=quickbooks',
    )
    expect(
      file.text
        .trim()
        .split('\r\n')
        .filter((line) => line.includes('FX gain loss')),
    ).toHaveLength(3)
    // The first entry has its rate, and the second, of March, waits: the file ends before it.
    const partly = await api('GET', '/api/ledger/export?entity_ref=fx-wait&currency=functional')
    expect(partly.text.trim().split('\r\n')).toHaveLength(3)
  })

  it('keep the currency that they are measured in', async () => {
    const edit = await api('POST', '/api/entities/edit/fx-close', { body: { functional_currency: 'GBP' } })
    expect(edit.json).toMatchObject({ status: 409, code: 'entity_has_books' })
  })

  it.each([
    ['another rate for the same day', '2020-01-09,EUR,USD,1.11', 409, 'fx_rate_differs'],
    ['a text that is no rate', '2020-01-09,EUR,USD,x', 422, 'invalid_fx_rate'],
  ])('refuse %s', async (_, text, status, code) => {
    expect((await rates('fx-wait', text)).json).toMatchObject({ status, code })
  })

  it('say which closing rate they miss', async () => {
    const { json } = await api('POST', '/api/accounting-periods/2020-04/close-entries', {
      body: { entity_ref: 'fx-close' },
    })
    expect(json).toMatchObject({ status: 409, code: 'fx_rate_missing' })
    expect(await due('2020-04')).toEqual([{ entityRef: 'fx-close', currency: 'EUR', isRateKnown: false }])
    expect(await due('2020-01')).toEqual([])
    expect(json.detail).toContain('from EUR to USD of "fx-close" for 2020-04-30')
  })

  it('list the rates that they are measured with, part by part', async () => {
    const first = await api('GET', '/api/fx-rates?source=fx-close&limit=3')
    expect(first.json.data.map(({ date }: { date: string }) => date)).toEqual([
      '2020-02-28',
      '2020-02-10',
      '2020-01-31',
    ])
    const rest = await api('GET', `/api/fx-rates?source=fx-close&limit=3&cursor=${first.json.next_cursor}`)
    expect(rest.json).toMatchObject({ data: [{ base: 'EUR', quote: 'USD', rate: '1.1' }], next_cursor: null })
  })

  it('are not taken of a day in the future, since none could be put right', async () => {
    const refused = await rates('fx-close', '2020-05-01,EUR,USD,1.1\n2099-01-01,EUR,USD,1.1')
    expect(refused.json).toMatchObject({ status: 422, code: 'invalid_fx_rate', errors: [{ path: 'row 3' }] })
    const sent = { rates: [{ base: 'EUR', quote: 'USD', date: '2099-01-01', rate: '1.1' }] }
    const { json } = await api('POST', '/api/fx-rates?source=fx-close', { body: sent })
    expect(json).toMatchObject({ status: 422, code: 'invalid_fx_rate', errors: [{ path: 'rates.0' }] })
    expect((await api('GET', '/api/fx-rates?source=fx-close&from=2020-05-01')).json.data).toEqual([])
  })
})
