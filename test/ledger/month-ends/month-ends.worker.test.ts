import { describe, expect, it } from 'vitest'
import type { LocalDate } from '../../../src/kernel/calendar.ts'
import { NOTHING_CLOSED } from '../../../src/ledger/accounting-period.ts'
import { credit, debit, journalEntry } from '../../../src/ledger/journal-entry.ts'
import { postEntries, trialBalance } from '../../../src/ledger/ledger.store.ts'
import { countMonthEnds } from '../../../src/ledger/month-ends/count-month-ends.job.ts'
import { commit, openDb } from '../../../src/storage/db.store.ts'
import { differencesFromFacts } from '../../support/recomputed.ts'
import { ok } from '../../support/scenario.ts'
import { env } from '../../support/worker.ts'

const db = openDb(env.DB)
let posted = 0

/** 1.00 of an invoice, posted under a day whenever that is. */
const post = (postingDate: LocalDate, invoiceId: string, amount = 100n) =>
  commit(
    db,
    postEntries(
      db,
      [
        journalEntry({
          ...{ entityRef: 'lumen', postingDate, event: 'payment_allocated', sourceId: `s-${posted++}` },
          ...{ currency: 'USD', description: 'Test', recordedAt: 0 },
          postings: [debit('accounts_receivable', amount, { invoiceId }), credit('unapplied_cash', amount)],
        }),
      ],
      NOTHING_CLOSED,
    ),
  )

/** What is on receivables at the end of a day. */
async function receivables(asOf?: LocalDate): Promise<bigint> {
  const balances = await trialBalance(db, { asOf, entityRef: 'lumen' })
  return balances.find(({ account }) => account === 'accounts_receivable')?.net ?? 0n
}

const kept = async () =>
  (
    await env.DB.prepare(
      "SELECT day, invoice_id, amount FROM month_end_balances WHERE account = 'accounts_receivable' AND amount <> 0 ORDER BY 1, 2",
    ).all()
  ).results

describe('month ends', () => {
  it('are counted a day later, from the one before on, and hold what is open', async () => {
    await ok('POST', '/api/entities', {
      entity_ref: 'lumen',
      name: 'Lumen',
      currency: 'USD',
      timezone: 'UTC',
    })
    await post('2026-01-10', 'a')
    await post('2026-01-31', 'b')
    await countMonthEnds(env, Date.parse('2026-02-01T23:59:59Z'))
    expect(await kept()).toEqual([])
    await countMonthEnds(env, Date.parse('2026-02-02T00:00:00Z'))
    await countMonthEnds(env, Date.parse('2026-02-02T00:01:00Z'))
    const january = [
      { day: '2026-01-31', invoice_id: 'a', amount: 100 },
      { day: '2026-01-31', invoice_id: 'b', amount: 100 },
    ]
    expect(await kept()).toEqual(january)
    // Under January, after January was counted; and a is paid in February.
    await post('2026-01-20', 'c')
    await post('2026-02-05', 'a', -100n)
    await countMonthEnds(env, Date.parse('2026-03-02T00:00:00Z'))
    expect((await kept()).slice(2)).toEqual([
      { day: '2026-02-28', invoice_id: 'b', amount: 100 },
      { day: '2026-02-28', invoice_id: 'c', amount: 100 },
    ])
  })

  it('say the same as all entries, whatever was posted late', async () => {
    await post('2025-12-31', 'd')
    await post('2026-03-15', 'e')
    // d; with a, c and b in January; a is paid on 5 February; e.
    expect(await receivables('2025-12-31')).toBe(100n)
    expect(await receivables('2026-01-15')).toBe(200n)
    expect(await receivables('2026-01-31')).toBe(400n)
    expect(await receivables('2026-02-04')).toBe(400n)
    expect(await receivables('2026-02-28')).toBe(300n)
    expect(await receivables('2026-03-15')).toBe(400n)
    expect(await receivables()).toBe(400n)
  })

  it('tell an account that holds nothing', async () => {
    await post('2026-03-20', 'e', -300n)
    await post('2026-03-20', 'e', -100n)
    await countMonthEnds(env, Date.parse('2026-04-02T00:00:00Z'))
    const april = await trialBalance(db, { asOf: '2026-04-30', entityRef: 'lumen' })
    expect(april).toEqual([
      { account: 'accounts_receivable', currency: 'USD', net: 0n },
      { account: 'unapplied_cash', currency: 'USD', net: 0n },
    ])
    const path = '/api/ledger/accounts/accounts_receivable/entries?entity_ref=lumen&from=2026-03-16'
    const first = await ok('GET', `${path}&limit=1`)
    // 4.00 up to 15 March; 3.00 and 1.00 are paid on the 20th.
    expect(first.opening).toMatchObject([{ currency: 'USD', balance: '4.00' }])
    const second = await ok('GET', `${path}&limit=1&cursor=${encodeURIComponent(first.next_cursor)}`)
    expect(second.data).toMatchObject([{ credit: '1.00', balance: '0.00' }])
  })

  it('say the same on every day, whatever was posted under days of earlier months', async () => {
    for (const day of ['2026-02-14', '2026-01-31', '2026-04-02']) await post(day, 'late')
    await countMonthEnds(env, Date.parse('2026-05-02T00:00:00Z'))
    for (const day of ['2025-11-30', '2026-03-31', '2026-04-30', '2026-05-01']) await post(day, 'later')
    const ends = await env.DB.prepare('SELECT day, earliest FROM month_ends ORDER BY day').all()
    expect(ends.results).toEqual([
      // The first look came before January was to be counted: a and b are in December's, under later days.
      { day: '2025-12-31', earliest: '2026-01-10' },
      { day: '2026-01-31', earliest: null },
      // c was posted after January was counted, d after February.
      { day: '2026-02-28', earliest: '2026-01-20' },
      { day: '2026-03-31', earliest: '2025-12-31' },
      { day: '2026-04-30', earliest: '2026-01-31' },
    ])
    for (const day of [
      '2025-12-30',
      '2026-01-30',
      '2026-01-31',
      '2026-02-27',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
    ]) {
      const plain = await env.DB.prepare(
        `SELECT SUM(amount) AS net FROM postings JOIN journal_entries ON id = entry_id
         WHERE account = 'accounts_receivable' AND posting_date <= ?`,
      )
        .bind(day)
        .first<number>('net')
      expect([day, await receivables(day)]).toEqual([day, BigInt(plain ?? 0)])
    }
  })

  it('are held against all entries', async () => {
    const ofMonthEnds = () => differencesFromFacts('?cursor=month_ends:')
    expect(await ofMonthEnds()).toEqual([])
    const forge = (amount: number) =>
      env.DB.prepare("UPDATE month_end_balances SET amount = ? WHERE day = '2026-02-28' AND invoice_id = 'c'")
        .bind(amount)
        .run()
    await forge(101)
    expect(JSON.stringify(await ofMonthEnds())).toContain('"recorded":"101","recomputed":"100"')
    await forge(100)
    await env.DB.prepare("DELETE FROM month_end_balances WHERE day = '2026-01-31' AND invoice_id = 'a'").run()
    expect(JSON.stringify(await ofMonthEnds())).toContain('"recorded":"0","recomputed":"100"')
  })
})
