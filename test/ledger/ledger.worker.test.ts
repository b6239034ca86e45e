import { describe, expect, it } from 'vitest'
import { NOTHING_CLOSED } from '../../src/ledger/accounting-period.ts'
import { type Book, credit, debit, entryId, journalEntry } from '../../src/ledger/journal-entry.ts'
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
    const attempts = [1, 2, 3].map(() => outcome(commit(db, postEntries(db, [entry], NOTHING_CLOSED))))
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
    await outcome(commit(db, postEntries(db, [issued('e-kept', 'kept', '2026-01-31')], NOTHING_CLOSED)))
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
    await commit(db, postEntries(db, entries, NOTHING_CLOSED))
    const nets = await trialBalance(db, { entityRef: 'e-huge' })
    expect(nets.map(({ net }) => net).sort()).toEqual([-3n * huge, 3n * huge])
  })
})

describe('the books', () => {
  const inBook = (book: Book) => journalEntry({ ...issued('e-book', 'booked', '2026-01-31'), book })
  const receivable = async (book: string) => {
    const { json } = await api('GET', `/api/ledger/trial-balance?entity_ref=e-book&as_of=2026-12-31${book}`)
    return json.accounts.map(({ debit }: { debit: string }) => debit)[0]
  }

  it('hold an event once each, and are read apart', async () => {
    await commit(db, postEntries(db, [inBook('primary'), inBook('secondary')], NOTHING_CLOSED))
    expect([await receivable(''), await receivable('&book=secondary')]).toEqual(['105.00', '105.00'])
    const lists = ['', '&book=secondary'].map((book) =>
      api('GET', `/api/ledger/entries?entity_ref=e-book${book}`),
    )
    const [primary, secondary] = (await Promise.all(lists)).map(({ json }) => json.data)
    expect([primary.length, secondary.length]).toEqual([1, 1])
    expect(primary[0].entry_id).not.toBe(secondary[0].entry_id)
  })

  it('take an entry back once', async () => {
    const taken = issued('e-back', 'back', '2026-01-31')
    const back = (sourceId: string) =>
      journalEntry({
        ...issued('e-back', sourceId, '2026-02-01'),
        reverses: entryId('invoice_issued', 'back'),
      })
    await commit(db, postEntries(db, [taken, back('back-1')], NOTHING_CLOSED))
    expect(await outcome(commit(db, postEntries(db, [back('back-2')], NOTHING_CLOSED)))).toBe('there already')

    // The latest first: what takes it back, and the entry itself. Each says which one it takes back.
    const { json } = await api('GET', `/api/ledger/entries?entry_id=${taken.id}`)
    expect(json.data.map(({ entry_id, reverses }: Record<string, string>) => [entry_id, reverses])).toEqual([
      [back('back-1').id, taken.id],
      [taken.id, null],
    ])
    const rows = await api('GET', `/api/ledger/entries?entry_id=${back('back-1').id}`, {
      headers: { accept: 'text/csv' },
    })
    expect(rows.text).toMatch(new RegExp(`belongs_to,reverses\r\n.*,${taken.id}\r\n`))
  })
})

describe('GET /api/ledger/trial-balance', () => {
  it('counts what was posted up to a date, that date included', async () => {
    await commit(
      db,
      postEntries(
        db,
        [issued('e-date', 'jan', '2026-01-31'), issued('e-date', 'feb', '2026-02-01')],
        NOTHING_CLOSED,
      ),
    )
    const january = await api('GET', '/api/ledger/trial-balance?as_of=2026-01-31&entity_ref=e-date')
    expect(january.json).toEqual({
      as_of: '2026-01-31',
      accounts: [
        {
          account: 'accounts_receivable',
          number: '1200',
          name: 'Accounts receivable',
          debit: '105.00',
          credit: '0.00',
        },
        {
          account: 'contract_position',
          number: '2400',
          name: 'Contract position',
          debit: '0.00',
          credit: '100.00',
        },
        { account: 'tax_payable', number: '2500', name: 'Tax payable', debit: '0.00', credit: '5.00' },
      ].map((row) => ({ ...row, currency: 'USD' })),
      totals: [{ currency: 'USD', debit: '105.00', credit: '105.00' }],
      balanced: true,
    })
    const february = await api('GET', '/api/ledger/trial-balance?as_of=2026-02-01&entity_ref=e-date')
    expect(february.json.totals).toEqual([{ currency: 'USD', debit: '210.00', credit: '210.00' }])
  })

  it('is also a CSV file', async () => {
    await commit(db, postEntries(db, [issued('e-csv', 'csv', '2026-01-31')], NOTHING_CLOSED))
    const answer = await api('GET', '/api/ledger/trial-balance?as_of=2026-12-31&entity_ref=e-csv', {
      headers: { accept: 'text/csv' },
    })
    expect(answer.headers.get('content-type')).toContain('text/csv')
    expect(answer.text.trim().split('\r\n')).toEqual([
      'account,number,name,currency,debit,credit',
      'accounts_receivable,1200,Accounts receivable,USD,105.00,0.00',
      'contract_position,2400,Contract position,USD,0.00,100.00',
      'tax_payable,2500,Tax payable,USD,0.00,5.00',
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
        NOTHING_CLOSED,
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
    await outcome(commit(db, postEntries(db, entries, NOTHING_CLOSED)))
    const answer = await api('GET', `/api/ledger/entries?entity_ref=e-filter&${filter}`)
    expect(answer.json.data.map((entry: { source_id: string }) => entry.source_id).sort()).toEqual(found)
  })

  it('makes text harmless that a spreadsheet would run', async () => {
    await commit(db, postEntries(db, [issued('e-formula', 'formula', '2026-01-31')], NOTHING_CLOSED))
    const answer = await api('GET', '/api/ledger/entries?entity_ref=e-formula', {
      headers: { accept: 'text/csv' },
    })
    const [, ...lines] = answer.text.trim().split('\r\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toContain(`"'=HYPERLINK(""http://evil.test"")",USD,accounts_receivable,105.00,0.00`)
  })
})

describe('the chart of accounts', () => {
  const named = { account: 'accounts_receivable', number: '1200', name: 'Trade debtors' }

  it('calls accounts what their entity calls them, in the balance, too', async () => {
    await api('POST', '/api/entities', {
      body: { entity_ref: 'e-chart', name: 'Chart', currency: 'USD', timezone: 'UTC' },
    })
    await commit(db, postEntries(db, [issued('e-chart', 'chart', '2026-01-31')], NOTHING_CLOSED))
    const answer = await api('POST', '/api/ledger/accounts', {
      body: { entity_ref: 'e-chart', accounts: [named] },
    })
    expect(answer.json.data).toContainEqual({ ...named, dimensions: {} })
    expect(answer.json.data).toContainEqual({
      account: 'revenue',
      number: '4000',
      name: 'Revenue',
      dimensions: {},
    })
    expect((await api('GET', '/api/ledger/accounts?entity_ref=e-chart')).json).toEqual(answer.json)
    expect((await api('GET', '/api/ledger/accounts')).json.data[5].name).toBe('Accounts receivable')
    const balance = await api('GET', '/api/ledger/trial-balance?entity_ref=e-chart&as_of=2026-12-31')
    expect(balance.json.accounts[0]).toEqual({ ...named, currency: 'USD', debit: '105.00', credit: '0.00' })
    const log = await api('GET', '/api/audit-log?subject=e-chart')
    expect(log.json.data.map(({ action }: { action: string }) => action)).toContain('account.name')
  })

  it('gives accounts dimensions, which stay until they are given others', async () => {
    const give = (account: object) =>
      api('POST', '/api/ledger/accounts', {
        body: { entity_ref: 'e-chart', accounts: [{ ...named, ...account }] },
      })
    const dimensions = { Class: 'Trade', Region: { from: 'customer_field', field: 'region' } }
    await give({ dimensions })
    await api('POST', '/api/customers', {
      body: { customer_ref: 'c-1', name: 'One', custom_fields: { region: 'EMEA' } },
    })
    const statement = (accept: string) =>
      api('GET', '/api/ledger/accounts/accounts_receivable/entries?entity_ref=e-chart', {
        headers: { accept },
      })
    expect((await statement('application/json')).json.data[0].dimensions).toEqual({
      Class: 'Trade',
      Region: 'EMEA',
    })
    const [header, line] = (await statement('text/csv')).text.trim().split('\r\n')
    expect([header?.endsWith(',dimension:Class,dimension:Region'), line?.endsWith(',Trade,EMEA')]).toEqual([
      true,
      true,
    ])
    expect((await give({ name: 'Debtors' })).json.data[5]).toMatchObject({ name: 'Debtors', dimensions })
    expect((await give({ dimensions: {} })).json.data[5].dimensions).toEqual({})
  })

  it.each([
    ['a field of a source that has none', { Class: { from: 'product_ref', field: 'x' } }],
    ['a custom field without its name', { Class: { from: 'customer_field' } }],
    ['a name that is no column', { __proto__x: 'x' }],
  ])('refuses %s', async (_, dimensions) => {
    const body = { entity_ref: 'e-chart', accounts: [{ ...named, dimensions }] }
    expect((await api('POST', '/api/ledger/accounts', { body })).json.code).toBe('invalid_request')
  })

  it.each([
    ['an unknown entity', { entity_ref: 'nobody', accounts: [named] }, 404],
    ['an account twice', { entity_ref: 'e-chart', accounts: [named, named] }, 422],
    ['an account that there is not', { entity_ref: 'e-chart', accounts: [{ ...named, account: 'x' }] }, 422],
  ])('refuses %s', async (_, body, status) => {
    expect((await api('POST', '/api/ledger/accounts', { body })).status).toBe(status)
  })
})

describe('GET /api/ledger/accounts/{account}/entries', () => {
  const statement = (query: string, accept = 'application/json') =>
    api('GET', `/api/ledger/accounts/accounts_receivable/entries?entity_ref=e-stmt&${query}`, {
      headers: { accept },
    })
  type Line = { posting_date: string; balance: string }
  const balances = (lines: Line[]) => lines.map(({ posting_date, balance }) => [posting_date, balance])

  // Posted out of order; each is 105.00, the payment 40.00: 105 / 210 / 170 / 275.
  const post = async () => {
    const paid = journalEntry({
      ...issued('e-stmt', 's-paid', '2026-02-10'),
      event: 'payment_allocated',
      postings: [debit('unapplied_cash', 4000n), credit('accounts_receivable', 4000n)],
    })
    const invoices = ['2026-03-05', '2026-01-31', '2026-02-10'].map((date) =>
      issued('e-stmt', `s-${date}`, date),
    )
    await outcome(commit(db, postEntries(db, [...invoices, paid], NOTHING_CLOSED)))
  }

  it('shows the balance after each movement, by date and within a day as posted', async () => {
    await post()
    const { json } = await statement('')
    expect([json.opening, json.next_cursor]).toEqual([[], null])
    expect(balances(json.data)).toEqual([
      ['2026-01-31', '105.00'],
      ['2026-02-10', '210.00'],
      ['2026-02-10', '170.00'],
      ['2026-03-05', '275.00'],
    ])
    expect(json.closing).toEqual([{ currency: 'USD', balance: '275.00' }])
    expect(json.data[2]).toMatchObject({ event: 'payment_allocated', debit: '0.00', credit: '40.00' })
  })

  it('begins with what was there before the first day, and ends with the last', async () => {
    await post()
    const { json } = await statement('from=2026-02-01&to=2026-02-28')
    expect(json.opening).toEqual([{ currency: 'USD', balance: '105.00' }])
    expect(balances(json.data)).toEqual([
      ['2026-02-10', '210.00'],
      ['2026-02-10', '170.00'],
    ])
  })

  it('goes on, part by part, with the balance that the part before it ended with', async () => {
    await post()
    const first = await statement('from=2026-02-01&limit=1')
    expect(balances(first.json.data)).toEqual([['2026-02-10', '210.00']])
    const cursor = encodeURIComponent(first.json.next_cursor)
    const second = await statement(`from=2026-02-01&limit=2&cursor=${cursor}`, 'text/csv')
    const [header, ...lines] = second.text.trim().split('\r\n')
    expect(header).toMatch(/^posting_date,belongs_to,.*,currency,debit,credit,balance,/)
    expect(lines.map((line) => /USD,[^c]*?,(?=,|c-1)/.exec(line)?.[0])).toEqual([
      'USD,0.00,40.00,170.00,',
      'USD,105.00,0.00,275.00,',
    ])
  })
})

describe('GET /api/ledger/export', () => {
  const file = async (query: string) => {
    const { text, headers } = await api('GET', `/api/ledger/export?entity_ref=e-export&${query}`)
    const [header, ...lines] = text.trim().split('\r\n')
    return { header, lines, text, cursor: headers.get('x-next-cursor') }
  }
  const posted = (sourceId: string, date: string) =>
    commit(db, postEntries(db, [issued('e-export', sourceId, date)], NOTHING_CLOSED))

  it('gives each entry once, in the order of posting, and the same file for the same cursors', async () => {
    await posted('x-1', '2026-03-01')
    await posted('x-2', '2026-01-01')
    const first = await file('limit=1')
    // Three postings each.
    expect(first.lines).toHaveLength(3)
    expect(first.text).toContain('x-1')
    const second = await file(`limit=1000&after=${first.cursor}`)
    expect(second.lines.filter((line) => line.includes('invoice_issued,x-2'))).toHaveLength(3)
    await posted('x-3', '2026-02-01')
    const again = await file(`limit=1000&after=${first.cursor}&through=${second.cursor}`)
    expect(again.text).toBe(second.text)
    const third = await file(`after=${second.cursor}`)
    expect(third.lines.every((line) => line.includes('invoice_issued,x-3'))).toBe(true)
    const nothing = await file(`after=${third.cursor}`)
    expect([nothing.lines, nothing.cursor]).toEqual([[], third.cursor])
  })

  it.each([
    ['after=x', 422, 'invalid_cursor'],
    ['format=sage', 422, 'invalid_request'],
  ])('refuses %s', async (query, status, code) => {
    await outcome(posted('x-refused', '2026-01-01'))
    const answer = await api('GET', `/api/ledger/export?entity_ref=e-export&${query}`)
    expect(answer.json).toMatchObject({ status, code })
  })

  it('names accounts by their numbers for Xero, and refuses where the entity took one away', async () => {
    await outcome(posted('x-numbers', '2026-01-01'))
    expect((await file('format=xero&limit=1')).lines[0]).toContain(',1200,')
    await api('POST', '/api/entities', {
      body: { entity_ref: 'e-export', name: 'Export', currency: 'USD', timezone: 'UTC' },
    })
    await api('POST', '/api/ledger/accounts', {
      body: { entity_ref: 'e-export', accounts: [{ account: 'tax_payable', number: null, name: 'VAT' }] },
    })
    const answer = await api('GET', '/api/ledger/export?entity_ref=e-export&format=xero')
    expect(answer.json).toMatchObject({ status: 409, code: 'account_number_missing' })
  })
})
