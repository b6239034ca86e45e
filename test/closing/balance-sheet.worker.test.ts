import { beforeAll, describe, expect, it } from 'vitest'
import { differencesFromFacts } from '../support/recomputed.ts'
import { balances, moveTo, ok } from '../support/scenario.ts'
import { api } from '../support/worker.ts'

/**
 * January 2026 of a seller in US dollars, who reports under both frameworks:
 *
 *   evergreen  Seats 310.00 a month from 15 January, which can be left on any day; 341.00 with tax, not paid.
 *             170.00 are earned
 *   begun     Seats 31.00 a month from 15 January, without an end, not paid: the month is owed. 17.00 are earned
 *   metered    300 calls at 1.00 in January, invoiced on 1 February
 *   doubtful   1,200.00 for the year, of which 720.00 are paid; collection is likely at 60 %
 *   rebated    1,200.00 for the year, of which 120.00 are expected to go back; 90.00 are earned
 */
const fee = (product_ref: string, amount: string) => ({
  product_ref,
  model: { type: 'flat', amount, term: 'in_advance' },
})

const year = {
  start_date: '2026-01-01',
  end_date: '2027-01-01',
  billing_cycle: { unit: 'YEARLY', cycle: 1 },
  products: [fee('plan', '1200.00')],
}

const sign = (contract_ref: string, terms: object) =>
  ok('POST', '/api/contracts', {
    ...{ contract_ref, customer_ref: 'acme', entity_ref: 'lumen', currency: 'USD', timezone: 'UTC' },
    ...{ net_terms: 30, grace_hours: 0 },
    ...terms,
  })

const state = (contract: string, fact: object) =>
  ok('POST', `/api/revenue/contracts/${contract}/facts`, {
    effective_date: '2026-01-01',
    reason: 'As judged at inception',
    ...fact,
  })

async function pay(contract: string, amount: string, received_on: string) {
  const { data } = await ok('GET', `/api/invoices?contract_ref=${contract}`)
  const invoice = data.at(-1).invoice_ref
  await ok('POST', '/api/invoices/reconcile', { invoice_ref: invoice, amount, currency: 'USD', received_on })
}

beforeAll(async () => {
  await moveTo('2026-01-20')
  const entity = { entity_ref: 'lumen', name: 'Lumen', currency: 'USD', timezone: 'UTC', framework: 'both' }
  await ok('POST', '/api/entities', entity)
  await ok('POST', '/api/customers', { customer_ref: 'acme', name: 'ACME' })
  await ok('POST', '/api/products', { product_ref: 'seats', name: 'Seats', kind: 'recurring' })
  await ok('POST', '/api/products', {
    ...{ product_ref: 'plan', name: 'Plan', kind: 'recurring' },
    revenue: { recognition: 'month_even' },
  })
  await ok('POST', '/api/products', {
    ...{ product_ref: 'calls', name: 'Calls', kind: 'usage', metric: { type: 'sum' } },
  })
  await ok('POST', '/api/revenue/ssp', {
    ...{ entity_ref: 'lumen', effective_date: '2026-01-01', approved_by: 'Controller' },
    entries: [
      {
        ...{ product_ref: 'plan', currency: 'USD', per: 'year', price: { amount: '1200' } },
        ...{ method: 'observed', evidence: 'Price list' },
      },
    ],
  })
  await sign('evergreen', {
    ...{ start_date: '2026-01-15', termination_notice_days: 0 },
    ...{ tax: '10', products: [fee('seats', '310.00')] },
  })
  await sign('begun', { start_date: '2026-01-15', products: [fee('seats', '31.00')] })
  await sign('metered', {
    start_date: '2026-01-01',
    products: [{ product_ref: 'calls', model: { type: 'unit', unit_amount: '1.00' } }],
  })
  await sign('doubtful', year)
  await sign('rebated', year)
  await state('doubtful', { kind: 'criteria', collection_probability: '0.6' })
  await state('rebated', { kind: 'estimate', key: 'rebate', method: 'amount', amount: '-120' })
  await ok('POST', '/api/usage/event', {
    ...{ event_id: 'u-1', timestamp: '2026-01-09T12:00:00Z', quantity: 300 },
    ...{ customer_ref: 'acme', customer_name: 'ACME' },
    ...{ usage_product_ref: 'calls', usage_product_name: 'Calls' },
  })
  await moveTo('2026-01-20T12:00:00Z')
  await pay('doubtful', '720.00', '2026-01-20')
  await moveTo('2026-02-05')
})

const MONTH = '/api/accounting-periods/2026-01'
const closeEntries = () => ok('POST', `${MONTH}/close-entries`, { entity_ref: 'lumen' })
const on = (day: string, query = '') => balances(`entity_ref=lumen&as_of=${day}${query}`)
const positions = () => ok('GET', '/api/revenue/contract-balances?as_of=2026-01-31&entity_ref=lumen')

async function notPresented(): Promise<number> {
  const { items } = await ok('GET', `${MONTH}/checklist?entity_ref=lumen`)
  return items.find(({ code }: { code: string }) => code === 'positions_not_presented').count
}

// 341.00 + 31.00 + 480.00 + 1,200.00; 170.00 + 17.00 + 300.00 + 90.00
const OTHERS = {
  accounts_receivable: '2052.00',
  manual_clearing: '720.00',
  tax_payable: '-31.00',
  revenue: '-577.00',
}

describe('the balance sheet at the end of a month', () => {
  it('is what the entries of the close make of one account for each contract', async () => {
    // 140.00 + 14.00 + 1,200.00 + 1,110.00 in credit, and 300.00 in debit.
    expect(await on('2026-01-31')).toEqual({ ...OTHERS, contract_position: '-2164.00' })
    expect(await notPresented()).toBe(4)
    const before = await positions()
    expect((await closeEntries()).presented).toEqual([
      {
        ...{ entity_ref: 'lumen', currency: 'USD', contracts: 4 },
        // 14 of 31 days that nobody is bound to, and what is open of the doubtful contract.
        advances_not_due: '-620.00',
        unbilled_receivable: '300.00',
        contract_asset: '0.00',
        deposit_liability: '-720.00',
        // One twelfth of the rebate.
        refund_liability: '-10.00',
      },
    ])
    expect(await on('2026-01-31')).toEqual({
      ...OTHERS,
      contract_position: '-1114.00',
      advances_not_due: '-620.00',
      unbilled_receivable: '300.00',
      deposit_liability: '-720.00',
      refund_liability: '-10.00',
    })
    expect(await positions()).toEqual(before)
    expect(before).toMatchObject({
      tied: true,
      on_trial_balance: null,
      // As the entries have it: 2,464.00 in credit less 620.00, 720.00 and 10.00.
      totals: [
        {
          contract_liability: '1114.00',
          deposit_liability: '720.00',
          refund_liability: '10.00',
          advances_not_due: '620.00',
          unbilled: '300.00',
          net: '2164.00',
        },
      ],
    })
    const ageing = await ok('GET', '/api/reports/ar-aging?as_of=2026-01-31&entity_ref=lumen')
    expect(ageing).toMatchObject({ tied: true, totals: [{ total: '2052.00', ledger: '2052.00' }] })
  })

  it('is one account for each contract again on the next day', async () => {
    const next = await on('2026-02-01')
    for (const account of [
      'advances_not_due',
      'unbilled_receivable',
      'deposit_liability',
      'refund_liability',
    ])
      expect(next).not.toHaveProperty(account)
  })

  it('has in the second book what IFRS 15 shows otherwise', async () => {
    // There the contract is one: 100.00 are revenue, 1,100.00 a contract liability, and no deposit.
    expect(await on('2026-01-31', '&book=secondary')).toEqual({
      revenue: '-100.00',
      contract_position: '-1100.00',
      advances_not_due: '480.00',
      deposit_liability: '720.00',
    })
  })

  it('changes with a late entry by what that one brings, and by nothing without', async () => {
    expect((await closeEntries()).presented).toEqual([])
    expect(await notPresented()).toBe(0)
    await pay('evergreen', '341.00', '2026-01-20')
    expect(await notPresented()).toBe(1)
    // The seats are paid: 140.00 are a contract liability.
    expect((await closeEntries()).presented).toMatchObject([{ contracts: 1, advances_not_due: '140.00' }])
    expect(await on('2026-01-31')).toMatchObject({
      contract_position: '-1254.00',
      advances_not_due: '-480.00',
    })
  })

  it('is kept by a lock, follows from the facts, and goes into the exports', async () => {
    await ok('POST', `${MONTH}/lock`, { entity_ref: 'lumen' })
    const refused = await api('POST', `${MONTH}/close-entries`, { body: { entity_ref: 'lumen' } })
    expect(refused.json.code).toBe('period_locked')
    expect(await positions()).toMatchObject({ tied: true, on_trial_balance: true })
    expect(await differencesFromFacts()).toEqual([])
    const file = await api('GET', '/api/ledger/export?format=quickbooks&entity_ref=lumen&limit=500')
    const unbilled = file.text.split('\r\n').filter((line) => line.includes('Unbilled receivable'))
    expect(unbilled.map((line) => line.split(',').slice(1, 5))).toEqual([
      ['01/31/2026', 'Unbilled receivable', '300.00', ''],
      ['02/01/2026', 'Unbilled receivable', '', '300.00'],
    ])
  })
})
