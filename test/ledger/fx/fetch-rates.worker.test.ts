import { beforeAll, expect, it } from 'vitest'
import { invalid } from '../../../src/kernel/problem.ts'
import { fetchFrom } from '../../../src/ledger/fx/fetch-rates.job.ts'
import type { FxRate } from '../../../src/ledger/fx/rate.ts'
import type { RateSource } from '../../../src/ledger/fx/rate-source.ts'
import { credit, debit, journalEntry } from '../../../src/ledger/journal-entry.ts'
import { postEntries } from '../../../src/ledger/ledger.store.ts'
import { commit, openDb } from '../../../src/storage/db.store.ts'
import { api, env } from '../../support/worker.ts'

const db = openDb(env.DB)
const at = (day: string, time = '16:00') => Date.parse(`${day}T${time}:00Z`)
const dollar = (date: string, rate: string): FxRate => ({ base: 'EUR', quote: 'USD', date, rate })

/** A bank that publishes every day, and remembers what it was asked for. */
function bank(published: FxRate[], fails = false) {
  const asked: (string | undefined)[] = []
  const source: RateSource = {
    name: 'river-bank',
    lastDay: (now) => new Date(now).toISOString().slice(0, 10),
    async fetchRates({ after }) {
      asked.push(after)
      if (fails) throw invalid('flooded', 'The bank is under water.')
      return published
    },
  }
  return { asked, source }
}

const state = async () => (await api('GET', '/api/fx-rates/sources/river-bank')).json
const rates = async () =>
  (await api('GET', '/api/fx-rates?source=river-bank')).json.data.map(
    ({ date, rate }: { date: string; rate: string }) => [date, rate],
  )

const paid = (currency: string) =>
  journalEntry({
    entityRef: 'rowers',
    postingDate: '2026-11-20',
    event: 'payment_received',
    sourceId: currency,
    currency,
    description: 'A payment',
    recordedAt: at('2026-11-20'),
    postings: [debit('bank_clearing', 100n), credit('unapplied_cash', 100n)],
  })

beforeAll(async () => {
  await api('POST', '/api/entities', {
    body: {
      entity_ref: 'rowers',
      name: 'Rowers',
      currency: 'EUR',
      timezone: 'UTC',
      fx_source: 'river-bank',
    },
  })
})

it('asks nobody while all books are in their own currency', async () => {
  await commit(db, postEntries(db, [paid('EUR')], new Map()))
  const { asked, source } = bank([])
  await fetchFrom(db, source, at('2026-11-20'))
  expect(asked).toEqual([])
  expect(await state()).toEqual({ source: 'river-bank', latest_date: null, asked_at: null, failure: null })
})

it('keeps what went wrong, and asks again a quarter of an hour later', async () => {
  await commit(db, postEntries(db, [paid('USD')], new Map()))
  const { asked, source } = bank([], true)
  for (const time of ['16:00', '16:01', '16:15']) await fetchFrom(db, source, at('2026-11-20', time))
  expect(asked).toHaveLength(2)
  expect(await state()).toMatchObject({
    asked_at: '2026-11-20T16:15:00.000Z',
    failure: 'The bank is under water.',
  })
})

it('fetches what is missing once, then only later days, and never changes a rate', async () => {
  const first = bank([dollar('2026-11-19', '1.0841'), dollar('2026-11-20', '1.0853')])
  await fetchFrom(db, first.source, at('2026-11-20', '16:30'))
  await fetchFrom(db, first.source, at('2026-11-20', '17:30'))
  expect(first.asked).toEqual([undefined])
  expect(await state()).toMatchObject({ latest_date: '2026-11-20', failure: null })

  // The bank corrected the 20th: the first rate stays, and the 21st is added.
  const second = bank([dollar('2026-11-20', '9.9999'), dollar('2026-11-21', '1.0861')])
  await fetchFrom(db, second.source, at('2026-11-21'))
  expect(second.asked).toEqual(['2026-11-20'])
  expect(await rates()).toEqual([
    ['2026-11-21', '1.0861'],
    ['2026-11-20', '1.0853'],
    ['2026-11-19', '1.0841'],
  ])
})
