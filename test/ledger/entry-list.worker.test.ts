import { beforeAll, describe, expect, it } from 'vitest'
import { readStatement } from '../../src/ledger/account-statement.store.ts'
import { NOTHING_CLOSED } from '../../src/ledger/accounting-period.ts'
import type { EntryFilter } from '../../src/ledger/entry-filter.ts'
import { listEntries } from '../../src/ledger/entry-list.store.ts'
import { entriesTotal } from '../../src/ledger/entry-total.store.ts'
import { credit, debit, journalEntry } from '../../src/ledger/journal-entry.ts'
import { postEntries } from '../../src/ledger/ledger.store.ts'
import { commit, openDb } from '../../src/storage/db.store.ts'
import { ok } from '../support/scenario.ts'
import { env } from '../support/worker.ts'

const db = openDb(env.DB)

/** More than are read as a whole: receivables are a common account here, and bank fees a rare one. */
const ENTRIES = 1_100
const day = (place: number) => `2026-0${1 + (place % 3)}-${10 + ((place * 7) % 19)}`
const accountOf = (place: number) => (place % 50 === 0 ? 'bank_fees' : 'unapplied_cash')

const entry = (place: number) =>
  journalEntry({
    ...{ entityRef: place % 4 === 0 ? 'lumen' : 'aurora', postingDate: day(place), sourceId: `s-${place}` },
    ...{ event: place % 100 === 0 ? 'bank_fee_borne' : 'payment_allocated', currency: 'USD' },
    ...{ description: 'Test', recordedAt: place % 10 },
    postings: [
      debit('accounts_receivable', BigInt(place + 1), { invoiceId: `i-${place % 90}`, customerRef: 'c' }),
      credit(accountOf(place), BigInt(place + 1), { contractRef: `k-${place % 7}` }),
    ],
  })

beforeAll(async () => {
  for (const entity_ref of ['lumen', 'aurora'])
    await ok('POST', '/api/entities', { entity_ref, name: entity_ref, currency: 'USD', timezone: 'UTC' })
  const entries = Array.from({ length: ENTRIES }, (_, place) => entry(place))
  await commit(db, postEntries(db, entries, NOTHING_CLOSED))
})

/** The same by its plain meaning: every entry of which one posting fits, sorted. */
async function plainly(entries: string, lines: string): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT source_id FROM journal_entries WHERE ${entries}
       AND EXISTS (SELECT 1 FROM postings WHERE entry_id = id AND ${lines})
     ORDER BY posting_date DESC, rowid DESC`,
  ).all<{ source_id: string }>()
  return results.map(({ source_id }) => source_id)
}

async function paged(filter: EntryFilter): Promise<string[]> {
  const all: string[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await listEntries(db, { ...filter, limit: 100, cursor })
    all.push(...page.rows.map(({ sourceId }) => sourceId))
    if (page.nextCursor === null) return all
    cursor = page.nextCursor
  }
}

const CASES: [string, EntryFilter, string, string][] = [
  ['nothing', {}, 'true', 'true'],
  ['an entity', { entityRef: 'lumen' }, "entity_ref = 'lumen'", 'true'],
  ['a common account', { account: 'accounts_receivable' }, 'true', "account = 'accounts_receivable'"],
  ['a rare account', { account: 'bank_fees' }, 'true', "account = 'bank_fees'"],
  ['a rare event', { event: 'bank_fee_borne' }, "event = 'bank_fee_borne'", 'true'],
  [
    'a rare event and a common account of an entity',
    { event: 'bank_fee_borne', account: 'unapplied_cash', entityRef: 'lumen' },
    "event = 'bank_fee_borne' AND entity_ref = 'lumen'",
    "account = 'unapplied_cash'",
  ],
  ['a common event', { event: 'payment_allocated' }, "event = 'payment_allocated'", 'true'],
  ['an invoice', { invoiceId: 'i-7' }, 'true', "invoice_id = 'i-7'"],
  [
    'a customer',
    { customerRef: 'c', from: '2026-03-01' },
    "posting_date >= '2026-03-01'",
    "customer_ref = 'c'",
  ],
  [
    'one posting that is of a contract and on receivables, which none is',
    { contractRef: 'k-1', account: 'accounts_receivable' },
    'false',
    'true',
  ],
  ['a source', { sourceId: 's-42' }, "source_id = 's-42'", 'true'],
  ['another book', { book: 'ifrs' as never }, 'false', 'true'],
]

describe('the journal', () => {
  it.each(CASES)(
    'by %s lists what the plain meaning does, in its order',
    async (_, filter, entries, lines) => {
      expect(await paged(filter)).toEqual(await plainly(entries, lines))
    },
  )

  it('adds up to what the postings that are asked for have', async () => {
    const sum = async (filter: EntryFilter) => (await entriesTotal(db, filter)).get('USD')
    // 1 + 2 + … + 1,100; places 0, 50, …, 1,050 have 1 + 51 + … + 1,051 = 22 × 526.
    expect(await sum({ account: 'accounts_receivable' })).toBe(605_550n)
    expect(await sum({ account: 'bank_fees' })).toBe(-11_572n)
    // Place 42 alone.
    expect(await sum({ sourceId: 's-42', account: 'accounts_receivable' })).toBe(43n)
    // Places 7, 97, …, 1,087: 13 of them, 8 + 98 + … + 1,088 = 13 × 548.
    expect(await sum({ invoiceId: 'i-7', account: 'accounts_receivable' })).toBe(7_124n)
  })

  it.each(['accounts_receivable', 'bank_fees'] as const)('states %s line by line', async (account) => {
    const { results } = await env.DB.prepare(
      `SELECT source_id FROM journal_entries JOIN postings ON entry_id = id
       WHERE account = ? AND posting_date >= '2026-02-15' ORDER BY posting_date, journal_entries.rowid, line_no`,
    )
      .bind(account)
      .all<{ source_id: string }>()
    const { lines } = await readStatement(db, { account, from: '2026-02-15', limit: 2_000 })
    expect(lines.map(({ sourceId }) => sourceId)).toEqual(results.map(({ source_id }) => source_id))
  })
})
