import { describe, expect, it } from 'vitest'
import { credit, debit, journalEntry } from '../../src/ledger/journal-entry.ts'
import { postEntries, trialBalance } from '../../src/ledger/ledger.store.ts'
import { commit, isUniqueViolation, openDb } from '../../src/storage/db.store.ts'
import { api, env } from '../support/worker.ts'

const db = openDb(env.DB)

/** An invoice of 100.00 and 5.00 tax for a contract of its own; each test has its own entity. */
const issued = (entityRef: string, sourceId: string, postingDate: string) =>
  journalEntry({
    entityRef,
    postingDate,
    event: 'invoice_issued',
    sourceId,
    currency: 'USD',
    description: '=HYPERLINK("http://evil.test")',
    recordedAt: Date.parse(`${postingDate}T12:00:00Z`),
    postings: [
      debit('accounts_receivable', 10500n, { invoiceId: sourceId, customerRef: 'c-1' }),
      credit('contract_position', 10000n, { invoiceId: sourceId, contractRef: `k-${sourceId}` }),
      credit('tax_payable', 500n, { invoiceId: sourceId }),
    ],
  })

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'written',
    (error) => (isUniqueViolation(error) ? 'there already' : error.message),
  )

describe('the journal', () => {
  it('takes each event of each thing once, even from two at the same time', async () => {
    const entry = issued('e-once', 'once', '2026-01-31')
    const attempts = [1, 2, 3].map(() => outcome(commit(db, postEntries(db, [entry]))))
    expect((await Promise.all(attempts)).sort()).toEqual(['there already', 'there already', 'written'])
    expect(await trialBalance(db, { entityRef: 'e-once' })).toContainEqual({
      account: 'accounts_receivable',
      currency: 'USD',
      net: 10500n,
    })
  })

  it.each([
    ['UPDATE journal_entries SET posting_date = ?', '2020-01-01'],
    ['UPDATE postings SET amount = amount + ?', 1],
    ['DELETE FROM journal_entries WHERE entity_ref <> ?', ''],
    ['DELETE FROM postings WHERE entry_id <> ?', ''],
  ])('refuses to be changed: %s', async (statement, value) => {
    await outcome(commit(db, postEntries(db, [issued('e-kept', 'kept', '2026-01-31')])))
    await expect(env.DB.prepare(statement).bind(value).run()).rejects.toThrow('append-only')
  })

  it('sums beyond 2^53 without losing a cent', async () => {
    const huge = BigInt(Number.MAX_SAFE_INTEGER)
    const entries = ['a', 'b', 'c'].map((sourceId) =>
      journalEntry({
        ...issued('e-huge', `huge-${sourceId}`, '2026-01-31'),
        postings: [debit('bank_clearing', huge), credit('unapplied_cash', huge)],
      }),
    )
    await commit(db, postEntries(db, entries))
    const nets = await trialBalance(db, { entityRef: 'e-huge' })
    expect(nets.map(({ net }) => net).sort()).toEqual([-3n * huge, 3n * huge])
  })
})

describe('GET /api/ledger/trial-balance', () => {
  it('counts what was posted up to a date, that date included', async () => {
    await commit(
      db,
      postEntries(db, [issued('e-date', 'jan', '2026-01-31'), issued('e-date', 'feb', '2026-02-01')]),
    )
    const january = await api('GET', '/api/ledger/trial-balance?as_of=2026-01-31&entity_ref=e-date')
    expect(january.json).toEqual({
      as_of: '2026-01-31',
      accounts: [
        { account: 'accounts_receivable', currency: 'USD', debit: '105.00', credit: '0.00' },
        { account: 'contract_position', currency: 'USD', debit: '0.00', credit: '100.00' },
        { account: 'tax_payable', currency: 'USD', debit: '0.00', credit: '5.00' },
      ],
      totals: [{ currency: 'USD', debit: '105.00', credit: '105.00' }],
      balanced: true,
    })
    const february = await api('GET', '/api/ledger/trial-balance?as_of=2026-02-01&entity_ref=e-date')
    expect(february.json.totals).toEqual([{ currency: 'USD', debit: '210.00', credit: '210.00' }])
  })

  it('is also a CSV file', async () => {
    await commit(db, postEntries(db, [issued('e-csv', 'csv', '2026-01-31')]))
    const answer = await api('GET', '/api/ledger/trial-balance?as_of=2026-12-31&entity_ref=e-csv', {
      headers: { accept: 'text/csv' },
    })
    expect(answer.headers.get('content-type')).toContain('text/csv')
    expect(answer.text.trim().split('\r\n')).toEqual([
      'account,currency,debit,credit',
      'accounts_receivable,USD,105.00,0.00',
      'contract_position,USD,0.00,100.00',
      'tax_payable,USD,0.00,5.00',
    ])
  })

  it('needs a key that may read', async () => {
    expect((await api('GET', '/api/ledger/trial-balance', { key: null })).status).toBe(401)
    const answer = await api('GET', '/api/ledger/trial-balance', { key: 'sandbox_ingest_key' })
    expect(answer.json).toMatchObject({ status: 403, code: 'scope_missing' })
  })
})

describe('GET /api/ledger/entries', () => {
  it('shows each entry whole, the latest posting date first, part by part', async () => {
    const dates = ['2026-03-01', '2026-03-02', '2026-03-03']
    await commit(
      db,
      postEntries(
        db,
        dates.map((date) => issued('e-list', `list-${date}`, date)),
      ),
    )
    const first = await api('GET', '/api/ledger/entries?entity_ref=e-list&limit=2')
    expect(first.json.data.map((entry: { posting_date: string }) => entry.posting_date)).toEqual([
      '2026-03-03',
      '2026-03-02',
    ])
    expect(first.json.data[0].postings).toEqual([
      expect.objectContaining({ account: 'accounts_receivable', debit: '105.00', customer_ref: 'c-1' }),
      expect.objectContaining({ account: 'contract_position', credit: '100.00', customer_ref: null }),
      expect.objectContaining({ account: 'tax_payable', credit: '5.00' }),
    ])
    const cursor = encodeURIComponent(first.json.next_cursor)
    const second = await api('GET', `/api/ledger/entries?entity_ref=e-list&limit=2&cursor=${cursor}`)
    expect(second.json).toMatchObject({ data: [{ posting_date: '2026-03-01' }], next_cursor: null })
  })

  it.each([
    ['account=tax_payable', ['f-1', 'f-2']],
    ['invoice=f-1', ['f-1']],
    ['contract_ref=k-f-2', ['f-2']],
    ['contract_ref=k-f-2&invoice=f-1', []],
    ['account=bank_clearing', []],
    ['from=2026-05-02', ['f-2']],
    ['to=2026-05-01', ['f-1']],
  ])('filters by %s', async (filter, found) => {
    const entries = [issued('e-filter', 'f-1', '2026-05-01'), issued('e-filter', 'f-2', '2026-05-02')]
    await outcome(commit(db, postEntries(db, entries)))
    const answer = await api('GET', `/api/ledger/entries?entity_ref=e-filter&${filter}`)
    expect(answer.json.data.map((entry: { source_id: string }) => entry.source_id).sort()).toEqual(found)
  })

  it('makes text harmless that a spreadsheet would run', async () => {
    await commit(db, postEntries(db, [issued('e-formula', 'formula', '2026-01-31')]))
    const answer = await api('GET', '/api/ledger/entries?entity_ref=e-formula', {
      headers: { accept: 'text/csv' },
    })
    const [, ...lines] = answer.text.trim().split('\r\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toContain(`"'=HYPERLINK(""http://evil.test"")",USD,accounts_receivable,105.00,0.00`)
  })
})
