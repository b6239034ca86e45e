import { beforeAll, describe, expect, it } from 'vitest'
import { differencesFromFacts } from '../support/recomputed.ts'
import { balances, moveTo, ok } from '../support/scenario.ts'
import { api } from '../support/worker.ts'

/**
 * Sellers in US dollars who report under both frameworks, and contracts whose criteria are not met for a while (ASC
 * 606-10-25-1 to 25-8, IFRS 15.9 to 16). None of them has selling prices: revenue follows invoice lines.
 *
 *   doubtful  Seats 310.00 a month ahead, and 100, 200 and 300 calls at 1.00 in January to March. Collection is likely at
 *             60 %: a contract under IFRS 15 alone, until it is 90 % from 1 April on. Only January's seats are paid
 *   halves    10, 7 and 5 calls, billed by the half-year; 60 % and 90 % from 1 March on
 *   dealer    120.00 a half-year ahead for three years, of which the first one is paid; 30 %. In July the seller stops,
 *             in August it terminates the contract (example 1)
 *   lost      Seats 310.00 a month ahead, of which nothing is ever paid; 60 % from 10 January on, 90 % from 1 April on.
 *             January's invoice is written off on 10 February
 *   licence   50 and 60 calls; from March on the customer has no credit, and uses 70 more (example 4)
 */
const fee = (product_ref: string, amount: string) => ({
  product_ref,
  model: { type: 'flat', amount, term: 'in_advance' },
})
const halfYearly = { billing_cycle: { unit: 'MONTHLY', cycle: 6 } }
const calls = { product_ref: 'calls', model: { type: 'unit', unit_amount: '1.00' } }

const sign = (contract: string, terms: object) =>
  ok('POST', '/api/contracts', {
    ...{ contract_ref: contract, customer_ref: contract, entity_ref: `${contract}-seller` },
    ...{ currency: 'USD', timezone: 'UTC', start_date: '2026-01-01', grace_hours: 0, net_terms: 30 },
    ...terms,
  })

const state = (contract: string, effective_date: string, fact: object) =>
  api('POST', `/api/revenue/contracts/${contract}/facts`, {
    body: { effective_date, reason: 'What is known of the customer', ...fact },
  })

const judge = async (contract: string, from: string, collection_probability: string) =>
  expect((await state(contract, from, { kind: 'criteria', collection_probability })).status).toBe(201)

const keep = (event: string, amount: string, date: string) =>
  state('dealer', date, { kind: 'non_refundable', key: 'paid', event, amount, product_ref: 'seats' })

const use = (customer_ref: string, day: string, quantity: number) =>
  ok('POST', '/api/usage/event', {
    ...{ event_id: `${customer_ref} ${day}`, timestamp: `${day}T09:00:00Z`, quantity },
    ...{ customer_ref, usage_product_ref: 'calls' },
  })

/** Pays the latest invoice of a contract. */
async function pay(contract: string, amount: string, received_on: string) {
  const { data } = await ok('GET', `/api/invoices?contract_ref=${contract}`)
  const invoice_ref = data.toSorted((a: Invoice, b: Invoice) => (a.issue_date < b.issue_date ? 1 : -1))[0]
    .invoice_ref
  await ok('POST', '/api/invoices/reconcile', { invoice_ref, amount, currency: 'USD', received_on })
}

/** Gives up the earliest invoice of a contract. */
async function writeOffFirst(contract: string) {
  const { data } = await ok('GET', `/api/invoices?contract_ref=${contract}`)
  const [first] = data.toSorted((a: Invoice, b: Invoice) => (a.issue_date < b.issue_date ? -1 : 1))
  await ok('POST', `/api/invoices/${first.invoice_ref}/write_off`, { reason: 'Insolvent' })
}

type Invoice = { issue_date: string; invoice_ref: string }

const on = (contract: string, day: string, query = '') =>
  balances(`entity_ref=${contract}-seller&as_of=${day}${query}`)
const other = (contract: string, day: string) => on(contract, day, '&book=secondary')

beforeAll(async () => {
  await moveTo('2026-01-01')
  await ok('POST', '/api/products', { product_ref: 'seats', name: 'Seats', kind: 'recurring' })
  await ok('POST', '/api/products', {
    ...{ product_ref: 'calls', name: 'Calls', kind: 'usage', metric: { type: 'sum' } },
  })
  for (const name of ['doubtful', 'halves', 'dealer', 'licence', 'lost']) {
    const entity_ref = `${name}-seller`
    const books = { name, currency: 'USD', timezone: 'UTC', framework: 'both' }
    await ok('POST', '/api/entities', {
      entity_ref,
      ...books,
      invoice_series: name.slice(0, 3).toUpperCase(),
    })
    await ok('POST', '/api/customers', { customer_ref: name, name, entity_ref })
  }
  await sign('doubtful', { products: [fee('seats', '310.00'), calls] })
  await sign('halves', { products: [calls], ...halfYearly })
  await sign('dealer', { products: [fee('seats', '120.00')], end_date: '2029-01-01', ...halfYearly })
  await sign('licence', { products: [calls] })
  await sign('lost', { products: [fee('seats', '310.00')] })
  await judge('doubtful', '2026-01-01', '0.6')
  await judge('halves', '2026-01-01', '0.6')
  await judge('dealer', '2026-01-01', '0.3')
})

// What happened, in two hooks: each has its own time.
beforeAll(async () => {
  for (const [month, doubtful, halves, licence] of USED) {
    await moveTo(`${month}-10T12:00:00Z`)
    await use('doubtful', `${month}-10`, doubtful)
    await use('halves', `${month}-10`, halves)
    await use('licence', `${month}-10`, licence)
    if (month === '2026-01') await pay('dealer', '120.00', '2026-01-10')
    if (month === '2026-01') await pay('doubtful', '310.00', '2026-01-10')
    if (month === '2026-01') await judge('lost', '2026-01-10', '0.6')
    if (month === '2026-02') await writeOffFirst('lost')
    if (month === '2026-02') await pay('licence', '50.00', '2026-02-10')
    if (month === '2026-02') await close('doubtful', '2026-01')
    if (month === '2026-03') await judge('licence', '2026-03-01', '0.1')
    if (month === '2026-03') await judge('halves', '2026-03-01', '0.9')
  }
})

beforeAll(async () => {
  await moveTo('2026-04-02')
  await judge('doubtful', '2026-04-01', '0.9')
  await judge('lost', '2026-04-01', '0.9')
  await moveTo('2026-08-02')
  for (const [event, day] of [
    ['stopped', '2026-07-01'],
    ['terminated', '2026-08-01'],
  ] as const)
    expect((await keep(event, '120.00', day)).status).toBe(201)
  await moveTo('2026-08-03')
})

const USED = [
  ['2026-01', 100, 10, 50],
  ['2026-02', 200, 7, 60],
  ['2026-03', 300, 5, 70],
] as const

const close = (contract: string, month: string) =>
  ok('POST', `/api/accounting-periods/${month}/lock`, { entity_ref: `${contract}-seller` })

describe('fees and usage of a contract that is none yet', () => {
  it('are a deposit as far as they are paid, and nothing as far as they are not', async () => {
    expect(await on('doubtful', '2026-01-31')).toEqual({
      manual_clearing: '310.00',
      deposit_liability: '-310.00',
    })
    // Billed on 1 February and 1 March: 310.00 + 100.00 and 310.00 + 200.00.
    expect(await on('doubtful', '2026-03-31')).toEqual({
      manual_clearing: '310.00',
      accounts_receivable: '920.00',
      contract_position: '-1230.00',
    })
  })

  it('stand so in the contract balances of any day', async () => {
    const february = await ok(
      'GET',
      '/api/revenue/contract-balances?as_of=2026-02-28&entity_ref=doubtful-seller',
    )
    // Of 310.00 + 410.00 that are billed, 310.00 are paid.
    expect(february.totals).toMatchObject([
      { deposit_liability: '310.00', advances_not_due: '410.00', contract_liability: '0.00' },
    ])
  })

  it('are revenue in the books of the framework that has a contract', async () => {
    // In January 310.00 and 100.00, of which 310.00 are billed.
    expect(await other('doubtful', '2026-01-31')).toEqual({
      revenue: '-410.00',
      deposit_liability: '310.00',
      unbilled_receivable: '100.00',
    })
    // 410.00 + 510.00 + 610.00
    expect(await other('doubtful', '2026-03-31')).toEqual({
      revenue: '-1530.00',
      contract_position: '1530.00',
    })
  })

  it('are caught up on the day on which the criteria are met, and the closed month stays', async () => {
    // 1,530.00, and one day of thirty of the seats of April: 10.33. Billed are 1,840.00.
    expect(await on('doubtful', '2026-04-01')).toEqual({
      manual_clearing: '310.00',
      accounts_receivable: '1530.00',
      contract_position: '-299.67',
      revenue: '-1540.33',
    })
    expect(await other('doubtful', '2026-04-01')).toEqual({})
    const { data } = await ok('GET', '/api/revenue/schedule?contract_ref=doubtful')
    const [january] = data.filter((one: { service_start: string }) => one.service_start === '2026-01-01')
    expect(january.months).toEqual([{ month: '2026-04', recognised: january.amount, scheduled: '0.00' }])
  })

  it('say of which days there was no contract', async () => {
    const show = (query = '') => ok('GET', `/api/revenue/contracts/doubtful${query}`)
    expect(await show()).toMatchObject({
      basis: 'lines',
      criteria: { is_contract: true, unmet: [{ from: '2026-01-01', until: '2026-04-01' }] },
    })
    expect(await show('?framework=IFRS15')).toMatchObject({ criteria: { is_contract: true, unmet: [] } })
    const kept = { kind: 'non_refundable', key: 'x', event: 'completed', amount: '1', product_ref: 'seats' }
    expect((await state('doubtful', '2026-04-01', kept)).json).toMatchObject({ code: 'nothing_held_back' })
  })
})

describe('usage that is on no invoice yet', () => {
  it('is accrued from the day on which the criteria are met, with what was used before', async () => {
    // 10 + 7 on 1 March, and 5 at the end of the month.
    expect(await on('halves', '2026-02-28')).toEqual({})
    expect(await on('halves', '2026-03-01')).toEqual({ revenue: '-17.00', contract_position: '17.00' })
    expect(await on('halves', '2026-03-31')).toEqual({ revenue: '-22.00', contract_position: '22.00' })
    expect(await other('halves', '2026-02-28')).toEqual({ revenue: '-17.00', contract_position: '17.00' })
    expect(await other('halves', '2026-03-31')).toEqual({})
  })

  it('gives way to its invoice, and each day keeps what it had', async () => {
    const { data } = await ok('GET', '/api/revenue/schedule?contract_ref=halves')
    expect(data).toMatchObject([{ amount: '22.00', months: [{ month: '2026-03', recognised: '22.00' }] }])
    expect(await on('halves', '2026-07-31')).toEqual({
      accounts_receivable: '22.00',
      revenue: '-22.00',
    })
  })
})

describe('what was paid and need not be given back', () => {
  it('is revenue when the seller stops under ASC 606, and under IFRS 15 when the contract ends', async () => {
    const billed = { manual_clearing: '120.00', accounts_receivable: '120.00' }
    expect(await on('dealer', '2026-06-30')).toEqual({
      manual_clearing: '120.00',
      contract_position: '-120.00',
    })
    expect(await on('dealer', '2026-07-01')).toEqual({
      ...billed,
      revenue: '-120.00',
      contract_position: '-120.00',
    })
    expect(await other('dealer', '2026-07-31')).toEqual({ revenue: '120.00', contract_position: '-120.00' })
    expect(await other('dealer', '2026-08-01')).toEqual({})
  })

  it('is no more than was paid, and not what is no product of the contract', async () => {
    const sent = {
      kind: 'non_refundable',
      key: 'more',
      event: 'terminated',
      amount: '0.01',
      product_ref: 'seats',
    }
    expect((await state('dealer', '2026-08-01', sent)).json).toMatchObject({ code: 'more_than_received' })
    const unknown = { ...sent, product_ref: 'calls' }
    expect((await state('dealer', '2026-08-01', unknown)).json).toMatchObject({ code: 'product_not_sold' })
  })

  it('leaves nothing that remains to be performed', async () => {
    const remaining = await ok('GET', '/api/revenue/rpo?entity_ref=dealer-seller&as_of=2026-02-28')
    expect(remaining.rows).toEqual([])
  })
})

describe('a customer who loses its credit', () => {
  it('owes what was revenue before, and what it uses after that is no revenue', async () => {
    await ok('POST', '/api/accounting-periods/2026-04/close-entries', { entity_ref: 'licence-seller' })
    // 60.00 of February are a receivable; the 70.00 of March are billed, and nothing.
    expect(await on('licence', '2026-04-30')).toEqual({
      manual_clearing: '50.00',
      accounts_receivable: '130.00',
      advances_not_due: '-70.00',
      revenue: '-110.00',
    })
  })
})

describe('an invoice that is given up', () => {
  it('is a loss as far as it was revenue, and else no revenue any more', async () => {
    // 9 of 31 days of January were revenue: 90.00, which is lost. The other 220.00 leave the position, and February waits.
    expect(await on('lost', '2026-02-28')).toEqual({
      accounts_receivable: '310.00',
      contract_position: '-310.00',
      revenue: '-90.00',
      bad_debt_expense: '90.00',
    })
  })

  it('lowers revenue in the books of the framework that has a contract', async () => {
    // January and February, 620.00, less 220.00: 310.00 more than the 90.00 of the other framework.
    expect(await other('lost', '2026-02-28')).toEqual({ revenue: '-310.00', contract_position: '310.00' })
  })

  it('is not caught up when there is a contract', async () => {
    // On 1 April February, March and a day of April: 310.00 + 310.00 + 10.33, beside the 90.00.
    expect(await on('lost', '2026-04-01')).toEqual({
      accounts_receivable: '930.00',
      contract_position: '-299.67',
      revenue: '-720.33',
      bad_debt_expense: '90.00',
    })
    expect(await other('lost', '2026-04-01')).toEqual({})
  })
})

it('adds up, and follows from the facts', async () => {
  for (const name of ['doubtful', 'halves', 'dealer', 'licence', 'lost']) {
    const { items } = await ok('GET', `/api/accounting-periods/2026-07/checklist?entity_ref=${name}-seller`)
    const ties = items.filter(({ code }: { code: string }) => ['positions', 'billed'].includes(code))
    expect(ties).toMatchObject([{ state: 'clear' }, { state: 'clear' }])
    const balances = await ok(
      'GET',
      `/api/revenue/contract-balances?as_of=2026-07-31&entity_ref=${name}-seller`,
    )
    expect(balances.tied).toBe(true)
  }
  expect(await differencesFromFacts()).toEqual([])
})
