import { expect, it } from 'vitest'
import { differencesFromFacts } from '../support/recomputed.ts'
import { balances, moveTo, ok } from '../support/scenario.ts'

it('credit that lapses when its month is locked is revenue of the first open one, and keeps its day', async () => {
  await moveTo('2026-01-01')
  await ok('POST', '/api/entities', { entity_ref: 'lumen', name: 'Lumen', currency: 'USD', timezone: 'UTC' })
  await ok('POST', '/api/customers', { customer_ref: 'acme', name: 'ACME', entity_ref: 'lumen' })
  await ok('POST', '/api/credits/grant', {
    ...{ credit_ref: 'pack', customer_ref: 'acme', currency: 'USD', kind: 'paid', amount: '100.00' },
    ...{ received_in: 'bank_clearing', expires_at: '2026-02-01T00:00:00Z' },
  })
  await moveTo('2026-02-03')
  await ok('POST', '/api/accounting-periods/2026-01/lock', { entity_ref: 'lumen' })
  // It is good until 31 January, and invoices for that are waited for until 8 February.
  await moveTo('2026-02-09')
  const { data } = await ok('GET', '/api/ledger/entries?event=credit_expired')
  expect(data).toMatchObject([{ posting_date: '2026-02-01', belongs_to: '2026-01-31' }])
  const owed = { bank_clearing: '100.00', customer_credit: '-100.00' }
  expect(await balances('as_of=2026-01-31')).toEqual(owed)
  expect(await balances('as_of=2026-02-28')).toEqual({ bank_clearing: '100.00', revenue: '-100.00' })
  expect(await differencesFromFacts()).toEqual([])
})
