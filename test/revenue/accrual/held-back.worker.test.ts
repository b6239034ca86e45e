import { beforeAll, expect, it } from 'vitest'
import { sellCalls, useCalls } from '../../support/calls.ts'
import { differencesFromFacts } from '../../support/recomputed.ts'
import { balances, moveTo } from '../../support/scenario.ts'

/** 100 calls of May are billed at 1.00; with 60 more, which come after the invoice, all cost 0.50: 20.00 less. */
beforeAll(async () => {
  await moveTo('2026-05-01')
  await sellCalls('2026-05-01')
  await moveTo('2026-05-21')
  await useCalls('2026-05-10T12:00:00Z', 100)
  await moveTo('2026-06-02')
  await useCalls('2026-05-20T12:00:00Z', 60)
})

it('a correction that no invoice is large enough for lowers revenue once, while months go by', async () => {
  for (const day of ['2026-07-02', '2026-08-02']) {
    await moveTo(day)
    expect(await balances()).toEqual({
      accounts_receivable: '100.00',
      contract_position: '-20.00',
      revenue: '-80.00',
    })
  }
  expect(await differencesFromFacts()).toEqual([])
})
