import { beforeAll, expect, it } from 'vitest'
import { accrueEntities } from '../../../src/revenue/accrual/accrue.job.ts'
import { sellCalls, useCalls } from '../../support/calls.ts'
import { differencesFromFacts } from '../../support/recomputed.ts'
import { moveTo, ok } from '../../support/scenario.ts'
import { env } from '../../support/worker.ts'

const close = async (now: string) => {
  await moveTo(now)
  expect(await accrueEntities(env, Date.parse(`${now}T00:00:00Z`), ['lumen'])).toBe('done')
}

type Months = { months: { month: string; recognised: string }[] }[]
const byMonth = async (): Promise<string[]> => {
  const { totals } = await ok('GET', '/api/revenue/waterfall?entity_ref=lumen')
  return (totals as Months).flatMap(({ months }) =>
    months.map(({ month, recognised }) => `${month} ${recognised}`),
  )
}

type Entry = {
  posting_date: string
  belongs_to: string | null
  postings: { account: string; credit: string }[]
}
const revenue = async (): Promise<string[]> => {
  const { data } = await ok('GET', '/api/ledger/entries?entity_ref=lumen&account=revenue&limit=100')
  return (data as Entry[])
    .map(({ posting_date, belongs_to, postings }) => {
      const { credit } = postings.find(({ account }) => account === 'revenue')!
      return [posting_date, belongs_to ?? posting_date, credit].join(' ')
    })
    .sort()
}

/** 90 of May are invoiced on 1 June; the other days of May are reported afterwards. */
beforeAll(async () => {
  await moveTo('2026-05-01')
  await sellCalls('2026-05-01')
  await moveTo('2026-05-21')
  await useCalls('2026-05-10T12:00:00Z', 90)
  await moveTo('2026-06-01T13:00:00Z')
})

it('is revenue of its month while that is open, though the month is invoiced', async () => {
  expect(await byMonth()).toEqual(['2026-05 90.00'])
  const { event_ref } = await useCalls('2026-05-20T12:00:00Z', 6)
  await close('2026-06-03')
  expect(await byMonth()).toEqual(['2026-05 96.00'])
  await ok('DELETE', `/api/usage/event/${event_ref}`)
  await useCalls('2026-05-21T12:00:00Z', 4)
  await close('2026-06-04')
  expect(await byMonth()).toEqual(['2026-05 94.00'])
  expect((await ok('GET', '/api/invoices?customer_ref=acme')).data).toHaveLength(1)
  expect(await differencesFromFacts()).toEqual([])
})

it('gives way to the line of the next invoice that bills it', async () => {
  await moveTo('2026-06-26')
  await useCalls('2026-06-05T12:00:00Z', 20)
  await moveTo('2026-07-01T13:00:00Z')
  const invoices = (await ok('GET', '/api/invoices?customer_ref=acme')).data as { total: string }[]
  expect(invoices.map(({ total }) => total).sort()).toEqual(['24.00', '90.00'])
  expect(await byMonth()).toEqual(['2026-05 94.00', '2026-06 20.00'])
  expect(await differencesFromFacts()).toEqual([])
})

it('is posted in the first open month, with its own day, where its own is locked', async () => {
  await ok('POST', '/api/accounting-periods/2026-05/lock', { entity_ref: 'lumen' })
  const before = await revenue()
  await useCalls('2026-05-25T12:00:00Z', 3)
  await useCalls('2026-06-25T12:00:00Z', 1)
  await close('2026-07-03')
  const posted = [...(await revenue())]
  for (const one of before) posted.splice(posted.indexOf(one), 1)
  expect(posted).toEqual(['2026-06-01 2026-05-31 3.00', '2026-06-30 2026-06-30 1.00'])
  expect(await differencesFromFacts()).toEqual([])
})

it('falls below zero where it lowers the price of what is invoiced', async () => {
  // 97 + 63 of May cost 80.00 in all, of which 94.00 are billed and 3.00 accrued.
  await useCalls('2026-05-26T12:00:00Z', 63)
  await close('2026-07-04')
  expect(await byMonth()).toEqual(['2026-05 80.00', '2026-06 21.00'])
  expect(await differencesFromFacts()).toEqual([])
})

it('measures none of those contracts whose usage comes in time', async () => {
  const rows = () => env.DB.prepare('SELECT contract_ref, received_on FROM late_usage ORDER BY 1').all()
  await ok('POST', '/api/customers', { customer_ref: 'globex', name: 'Globex' })
  await ok('POST', '/api/contracts', {
    ...{ contract_ref: 'globex', customer_ref: 'globex', entity_ref: 'lumen', currency: 'USD' },
    ...{ start_date: '2026-07-01', grace_hours: 6 },
    products: [{ product_ref: 'calls', model: { type: 'unit', unit_amount: '1' } }],
  })
  await moveTo('2026-08-01T05:59:00Z')
  await useCalls('2026-07-31T23:00:00Z', 1, 'globex')
  expect((await rows()).results).toEqual([{ contract_ref: 'acme', received_on: '2026-07-03' }])
  await moveTo('2026-08-01T06:00:00Z')
  await useCalls('2026-07-31T23:01:00Z', 1, 'globex')
  expect((await rows()).results).toEqual([
    { contract_ref: 'acme', received_on: '2026-07-03' },
    { contract_ref: 'globex', received_on: '2026-08-01' },
  ])
})
