import { beforeAll, describe, expect, it } from 'vitest'
import { differencesFromFacts } from '../support/recomputed.ts'
import { allEntries, balances, moveTo, netOf, ok } from '../support/scenario.ts'

/**
 * Quarters from 1 January 2026 (31, 28 and 31 days) whose months are closed; calls and texts at 1.00 each.
 *
 *   after    calls, and support of 900.00 in advance; 1,200.00 of credit for 1,000.00, after tax
 *   before   calls; 240.00 of credit for 200.00, before tax
 *   share    calls; 1,000.00 of credit until 1 April, of which 900.00 are expected to be used
 *   remote   calls, billed by the month; 100.00 of credit until 1 February
 *   two      two contracts, one of calls and one of texts, for one gift of 100.00
 *   plan     a year of seats for 365.00, and a rollout of 600.00 in two halves, with selling prices; gifts for both
 */
const quarter = { unit: 'QUARTERLY', cycle: 1 }
const sign = (contract_ref: string, products: object[], more: object = {}) =>
  ok('POST', '/api/contracts', {
    contract_ref,
    customer_ref: contract_ref.split('-')[0],
    entity_ref: 'lumen',
    currency: 'USD',
    timezone: 'UTC',
    start_date: '2026-01-01',
    grace_hours: 0,
    billing_cycle: quarter,
    products,
    ...more,
  })
const grant = (customer_ref: string, amount: string, more: object = {}) =>
  ok('POST', '/api/credits/grant', { customer_ref, currency: 'USD', amount, ...more })
const paid = (cost_basis: string) => ({ kind: 'paid', cost_basis, received_in: 'bank_clearing' })

const use = (customer_ref: string, day: string, quantity: number, usage_product_ref = 'calls') =>
  ok('POST', '/api/usage/event', {
    ...{ customer_ref, usage_product_ref, event_id: `${customer_ref} ${usage_product_ref} ${day}` },
    ...{ timestamp: `${day}T00:00:00Z`, quantity },
  })

/** Half a day after a month: what is not billed is accrued, and nothing of the next day is revenue yet. */
const closeAt = async (month: string, day: string) => {
  await moveTo(`${day}T12:30:00Z`)
  await ok('POST', `/api/accounting-periods/${month}/close-entries`, { entity_ref: 'lumen' })
}

const unit = (product_ref: string) => ({ product_ref, model: { type: 'unit', unit_amount: '1.00' } })
const fee = (product_ref: string, amount: string) => ({
  product_ref,
  model: { type: 'flat', amount, term: 'in_advance' },
})

/** What contracts have earned so far, in cents. */
async function revenueOf(...contracts: string[]): Promise<bigint> {
  const postings = (await allEntries('USD')).flatMap((entry) => entry.postings)
  return -netOf(
    postings.filter(
      ({ account, contract_ref }) => account === 'revenue' && contracts.includes(contract_ref ?? ''),
    ),
  )
}

/** Revenue and what is owed of a customer's credit, with what accruals will take of it. */
async function adding(customer: string): Promise<bigint> {
  const postings = (await allEntries('USD')).flatMap((entry) => entry.postings)
  const accounts = ['revenue', 'customer_credit', 'contract_position', 'accounts_receivable']
  return -netOf(
    postings.filter(({ account, customer_ref }) => customer_ref === customer && accounts.includes(account)),
  )
}

beforeAll(async () => {
  await moveTo('2026-01-01')
  const entity = { entity_ref: 'lumen', name: 'Lumen', currency: 'USD', timezone: 'UTC' }
  await ok('POST', '/api/entities', { ...entity, framework: 'both' })
  for (const customer_ref of ['after', 'before', 'share', 'remote', 'two', 'plan']) {
    await ok('POST', '/api/customers', { customer_ref, name: customer_ref, entity_ref: 'lumen' })
  }
  const product = (product_ref: string, kind: string, more: object = {}) =>
    ok('POST', '/api/products', { product_ref, name: product_ref, kind, ...more })
  for (const ref of ['calls', 'texts']) await product(ref, 'usage', { metric: { type: 'sum' } })
  for (const ref of ['support', 'seats']) await product(ref, 'recurring')
  const milestones = [
    { name: 'Half', weight: '1' },
    { name: 'Done', weight: '1' },
  ]
  await product('rollout', 'one_time', { revenue: { recognition: 'milestone', milestones } })
  await grant('after', '1200.00', { ...paid('1000.00'), before_tax: false })
  await grant('before', '240.00', { ...paid('200.00'), before_tax: true })
  const share = { expected_use: '900.00', expires_at: '2026-04-01T00:00:00Z' }
  await grant('share', '1000.00', { ...paid('1000.00'), ...share })
  await grant('remote', '100.00', { ...paid('100.00'), expires_at: '2026-02-01T00:00:00Z' })
  await grant('two', '100.00', { before_tax: false })
  await grant('plan', '73.00', { before_tax: false, product_refs: ['seats'] })
  await grant('plan', '120.00', { before_tax: false, product_refs: ['rollout'] })
  const price = (product_ref: string, per: string, amount: string) => ({
    ...{ product_ref, currency: 'USD', per, price: { amount }, method: 'observed', evidence: 'Prices' },
  })
  await ok('POST', '/api/revenue/ssp', {
    ...{ entity_ref: 'lumen', effective_date: '2026-01-01', approved_by: 'Ann' },
    entries: [price('seats', 'year', '365'), price('rollout', 'once', '600')],
  })
  await sign('after-q', [unit('calls'), fee('support', '900.00')])
  await sign('before-q', [unit('calls')])
  await sign('share-q', [unit('calls')])
  await sign('remote-m', [unit('calls')], { billing_cycle: { unit: 'MONTHLY', cycle: 1 } })
  await sign('two-a', [unit('calls')])
  await sign('two-b', [unit('texts')])
  const year = { billing_cycle: { unit: 'YEARLY', cycle: 1 }, end_date: '2027-01-01' }
  await sign('plan-y', [fee('seats', '365.00'), fee('rollout', '600.00')], year)
  await moveTo('2026-01-20')
  await use('after', '2026-01-15', 120)
  await use('before', '2026-01-15', 100)
  await use('share', '2026-01-15', 450)
  await use('remote', '2026-01-15', 60)
  await use('two', '2026-01-15', 80)
  await use('two', '2026-01-15', 60, 'texts')
  await closeAt('2026-01', '2026-02-01')
})

describe('the price of what credit pays for, at the end of each month', () => {
  it('falls for the lines that credit after tax pays, over their days and months', async () => {
    // 900.00 of credit paid for support: it has cost 750.00, of which 31 of 90 days are 258.33. 120.00 of usage cost 100.00.
    expect(await revenueOf('after-q')).toBe(35_833n)
    // Of the credit that nobody will use 450/900 are earned with the 450.00.
    expect(await revenueOf('share-q')).toBe(50_000n)
    await moveTo('2026-02-20')
    await use('after', '2026-02-15', 240)
    await use('share', '2026-02-15', 300)
    await closeAt('2026-02', '2026-03-01')
    // 59 of 90 days are 491.67. Of 360.00 of usage 300.00 are paid by what is left: 250.00, and 60.00 at full price.
    expect(await revenueOf('after-q')).toBe(80_167n)
  })

  it('has its part of what will never be used, and all of it when its time is over', async () => {
    // 1,000.00 × 750 ÷ 900.
    expect(await revenueOf('share-q')).toBe(83_333n)
    // 60.00 used, and 40.00 that lapsed on 8 February, and belong to the last day of January.
    expect(await adding('remote')).toBe(10_000n)
    const { data } = await ok('GET', '/api/ledger/entries?customer_ref=remote&event=credit_expired')
    type Posting = Record<'account' | 'credit', string>
    expect(
      (data as { posting_date: string; postings: Posting[] }[]).map(({ posting_date, postings }) => [
        posting_date,
        postings.find(({ account }) => account === 'revenue')?.credit,
      ]),
    ).toEqual([['2026-01-31', '40.00']])
  })

  it('has the cost of credit before tax in the month of use', async () => {
    await use('before', '2026-02-15', 50)
    await ok('POST', '/api/accounting-periods/2026-02/close-entries', { entity_ref: 'lumen' })
    // 150.00 of usage lower a later invoice to nothing, and have cost 150 × 200 ÷ 240.
    expect(await revenueOf('before-q')).toBe(12_500n)
  })

  it('counts credit of a customer once, whichever contract uses it', async () => {
    // 80.00 and 60.00 less 100.00.
    expect(await revenueOf('two-a', 'two-b')).toBe(4_000n)
    expect([await revenueOf('two-a'), await revenueOf('two-b')]).toEqual([0n, 4_000n])
  })

  it('of a contract that is planned follows days and milestones', async () => {
    // Seats 365.00 less 73.00 are 0.80 a day: 47.20. Nothing of the rollout is delivered.
    expect(await revenueOf('plan-y')).toBe(4_720n)
    const half = { contract_ref: 'plan-y', product_ref: 'rollout', milestone: 'Half', date: '2026-02-10' }
    await ok('POST', '/api/revenue/deliveries', half)
    await moveTo('2026-03-01T13:00:00Z')
    // Half of 600.00 less 120.00.
    expect(await revenueOf('plan-y')).toBe(4_720n + 24_000n)
  })

  it('leaves books that add up, also once the invoices are there', async () => {
    // Paid for credit: 1,000.00 and 200.00; gifts are nothing.
    const sums = async () => Promise.all(['after', 'before', 'share', 'remote', 'two', 'plan'].map(adding))
    expect(await sums()).toEqual([100_000n, 20_000n, 100_000n, 10_000n, 0n, 0n])
    await use('before', '2026-02-25', 150)
    await use('share', '2026-02-25', 100)
    await moveTo('2026-04-09')
    // Support of three months at 750.00, and 8 of 91 days of the next three at 900.00; usage as before.
    const support = 75_000n + 7_912n
    expect(await revenueOf('after-q')).toBe(support + 25_000n + 6_000n)
    // 300.00 less 240.00 are billed, and 200.00 were paid for the credit.
    expect(await revenueOf('before-q')).toBe(26_000n)
    expect(await revenueOf('two-a', 'two-b')).toBe(4_000n)
    // 850.00 are used: 944.44. The end of the rest, 150.00 of credit, has earned the last 55.56.
    expect(await revenueOf('share-q')).toBe(94_444n)
    expect(await sums()).toEqual([100_000n, 20_000n, 100_000n, 10_000n, 0n, 0n])
    const owed = await ok('GET', '/api/credits/balance?customer_ref=share')
    expect(owed.data).toEqual([])
    // Both frameworks see the same.
    expect(await balances('book=secondary')).toEqual({})
    await ok('POST', '/api/accounting-periods/2026-03/close-entries', { entity_ref: 'lumen' })
    const close = await ok('GET', '/api/accounting-periods/2026-03/checklist?entity_ref=lumen')
    type Item = { code: string; state: string }
    const open = (close.items as Item[]).filter(({ state }) => state !== 'clear')
    expect(open.map(({ code }) => code)).toEqual([])
    expect(await differencesFromFacts()).toEqual([])
  })
})
