import { describe, expect, it } from 'vitest'
import { api } from '../support/worker.ts'

/**
 * One customer, one contract, three months, from the first usage event to closed books. All figures are worked out
 * here by hand from the contract; none is taken from the program.
 *
 *   Units       graduated: to 1,000 at 0.10, to 10,000 at 0.08, then 0.05; in arrears
 *   Platform    310.00 a month, in advance
 *   Onboarding  500.00 once
 *   Tax         10% on each invoice; net 30; 1 January to 31 March 2026, UTC
 */
const contract = {
  contract_ref: 'story',
  customer_ref: 'acme',
  entity_ref: 'seller',
  currency: 'USD',
  timezone: 'UTC',
  start_date: '2026-01-01',
  end_date: '2026-04-01',
  billing_cycle: { unit: 'MONTHLY', cycle: 1 },
  net_terms: 30,
  products: [
    {
      product_ref: 'units',
      model: {
        type: 'graduated',
        tiers: [
          { up_to: '1000', unit_amount: '0.10', flat_amount: '0' },
          { up_to: '10000', unit_amount: '0.08', flat_amount: '0' },
          { up_to: null, unit_amount: '0.05', flat_amount: '0' },
        ],
      },
    },
    { product_ref: 'platform', model: { type: 'flat', amount: '310.00', term: 'in_advance' } },
    { product_ref: 'onboarding', model: { type: 'flat', amount: '500.00', term: 'in_advance' } },
  ],
}

async function ok(method: string, path: string, body?: unknown, headers?: Record<string, string>) {
  const answer = await api(method, path, { body, ...(headers && { headers }) })
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
  return answer.json
}

const moveTo = (instant: string) => ok('POST', '/api/sandbox/clock', { advance_to: instant })

const use = (event_id: string, timestamp: string, quantity: string | number) =>
  ok('POST', '/api/usage/event', {
    event_id,
    timestamp,
    customer_ref: 'acme',
    customer_name: 'ACME',
    usage_product_ref: 'units',
    usage_product_name: 'Units',
    quantity,
  })

const invoice = (number: string) => ok('GET', `/api/invoices/${number}`)

const wire = (rows: string[]) =>
  ok(
    'POST',
    '/api/bank-statements?entity_ref=seller',
    ['date,amount,currency,reference,payer,id', ...rows].join('\n'),
    {
      'content-type': 'text/csv',
    },
  )

/** Account to net amount, debit positive, as text. */
async function balances(asOf?: string): Promise<Record<string, string>> {
  const answer = await ok('GET', `/api/ledger/trial-balance${asOf ? `?as_of=${asOf}` : ''}`)
  expect(answer.balanced).toBe(true)
  return Object.fromEntries(
    answer.accounts
      .map((row: { account: string; debit: string; credit: string }) => [
        row.account,
        Number(row.credit) === 0 ? row.debit : `-${row.credit}`,
      ])
      .filter(([, amount]: [string, string]) => Number(amount) !== 0),
  )
}

type Line = { kind: string; product_ref: string; amount: string }
const lines = (shown: { lines: Line[] }) =>
  shown.lines.map((line) => [line.product_ref, line.kind, line.amount]).sort()

describe('three months of a contract', () => {
  it('are billed, paid, matched and recognised to the cent', async () => {
    await moveTo('2026-01-01T00:00:00Z')
    await ok('POST', '/api/entities', {
      entity_ref: 'seller',
      name: 'Seller',
      currency: 'USD',
      timezone: 'UTC',
    })
    await ok('POST', '/api/customers', {
      customer_ref: 'acme',
      name: 'ACME',
      email: 'ap@acme.example',
      tax: '10',
    })
    await ok('POST', '/api/products', {
      product_ref: 'units',
      name: 'Units',
      kind: 'usage',
      metric: { type: 'sum' },
    })
    await ok('POST', '/api/products', { product_ref: 'platform', name: 'Platform', kind: 'recurring' })
    await ok('POST', '/api/products', { product_ref: 'onboarding', name: 'Onboarding', kind: 'one_time' })
    await ok('POST', '/api/contracts', contract)

    // 1 January: 310.00 for January in advance + 500.00 once = 810.00; tax 81.00.
    const started = await moveTo('2026-01-01T00:05:00Z')
    expect(started.happened).toMatchObject({ invoices: 1, mails: 1 })
    const first = await invoice('INV000001')
    expect(lines(first)).toEqual([
      ['onboarding', 'one_time', '500.00'],
      ['platform', 'recurring', '310.00'],
    ])
    expect(first).toMatchObject({
      sub_total: '810.00',
      total_tax: '81.00',
      total: '891.00',
      issue_date: '2026-01-01',
      due_date: '2026-01-31',
      state: 'ISSUED',
    })

    // It is paid in full by wire; the bank sends the statement twice.
    await moveTo('2026-01-10T12:00:00Z')
    const row = `2026-01-10,891.00,USD,${first.payment_reference},ACME,bank-1`
    expect(await wire([row])).toMatchObject({ new: 1, matched: 1 })
    expect(await wire([row])).toMatchObject({ new: 0, already_known: 1 })
    expect((await invoice('INV000001')).state).toBe('PAID')

    // January: 600 + 900 = 1,500 units. 1,000 x 0.10 + 500 x 0.08 = 140.00. One event is sent three times.
    await moveTo('2026-01-20T12:00:00Z')
    await use('jan-1', '2026-01-05T10:00:00Z', 600)
    for (const outcome of ['accepted', 'duplicate', 'duplicate']) {
      expect((await use('jan-2', '2026-01-20T10:00:00Z', 900)).outcome).toBe(outcome)
    }

    // 1 February: 140.00 + 310.00 = 450.00; tax 45.00.
    expect((await moveTo('2026-02-01T00:05:00Z')).happened.invoices).toBe(1)
    const second = await invoice('INV000002')
    expect(lines(second)).toEqual([
      ['platform', 'recurring', '310.00'],
      ['units', 'usage', '140.00'],
    ])
    expect(second).toMatchObject({ sub_total: '450.00', total_tax: '45.00', total: '495.00' })

    // It is paid by 200.00, recorded by hand, and by a wire of 300.00: 295.00 were open, 5.00 are kept for ACME.
    await moveTo('2026-02-10T12:00:00Z')
    await ok('POST', '/api/invoices/reconcile', {
      invoice_ref: second.invoice_ref,
      amount: '200.00',
      currency: 'USD',
      received_on: '2026-02-10',
      external_id: 'cheque 17',
    })
    expect(await invoice('INV000002')).toMatchObject({ state: 'PARTIALLY_PAID', amount_due: '295.00' })
    await wire([`2026-02-10,300.00,USD,for ${second.document_number} with thanks,ACME,bank-2`])
    expect(await invoice('INV000002')).toMatchObject({ state: 'PAID', amount_due: '0.00' })

    // February: 10,250.5 units. 100.00 + 9,000 x 0.08 + 250.5 x 0.05 = 832.525, rounded 832.53.
    // 100 units of January come late: 1,600 units are 148.00, 140.00 were billed, 8.00 are left.
    await moveTo('2026-02-25T12:00:00Z')
    await use('feb-1', '2026-02-03T00:00:00Z', '10250.5')
    await use('late', '2026-01-31T23:59:59.999Z', 100)

    // 1 March: 832.53 + 8.00 + 310.00 = 1,150.53; tax 115.053, rounded 115.05. ACME's 5.00 pay for a part of it.
    await moveTo('2026-03-01T00:05:00Z')
    const third = await invoice('INV000003')
    expect(lines(third)).toEqual([
      ['platform', 'recurring', '310.00'],
      ['units', 'usage', '832.53'],
      ['units', 'usage_adjustment', '8.00'],
    ])
    expect(third).toMatchObject({
      sub_total: '1150.53',
      total_tax: '115.05',
      total: '1265.58',
      credits_amount: '5.00',
      amount_due: '1260.58',
    })

    // 1 April: no usage in March, and the contract is over. Nothing is left to bill.
    expect((await moveTo('2026-04-02T00:05:00Z')).happened.invoices).toBe(0)
    expect((await ok('GET', '/api/contracts/story')).status).toBe('ended')

    // Debit: 1,260.58 owed + 1,191.00 by wire + 200.00 by hand = 2,651.58.
    // Credit: revenue 500.00 + 3 x 310.00 + 140.00 + 832.53 + 8.00 = 2,410.53; tax 241.05.
    expect(await balances()).toEqual({
      accounts_receivable: '1260.58',
      bank_clearing: '1191.00',
      manual_clearing: '200.00',
      tax_payable: '-241.05',
      revenue: '-2410.53',
    })

    // After 15 of the 31 days of January: 500.00 + 15 x 10.00. Of the 810.00 billed, 160.00 are yet to be served.
    expect(await balances('2026-01-15')).toEqual({
      bank_clearing: '891.00',
      contract_position: '-160.00',
      tax_payable: '-81.00',
      revenue: '-650.00',
    })

    // At the end of January: 500.00 + 310.00 + 140.00 and the late 8.00, in the period of use.
    // 810.00 were billed by then, so that 148.00 of it is unbilled.
    expect(await balances('2026-01-31')).toEqual({
      bank_clearing: '891.00',
      contract_position: '148.00',
      tax_payable: '-81.00',
      revenue: '-958.00',
    })
  })

  it('change nothing when a second passes, and the clock never goes back', async () => {
    const before = await ok('GET', '/api/ledger/trial-balance')
    const { now } = await ok('GET', '/api/sandbox/clock')
    const again = await moveTo(new Date(Date.parse(now) + 1_000).toISOString())
    expect(again.happened).toMatchObject({ invoices: 0, mails: 0, payments: 0, journal_entries: 0 })
    expect((await ok('GET', '/api/ledger/trial-balance')).accounts).toEqual(before.accounts)
    const back = await api('POST', '/api/sandbox/clock', { body: { advance_to: '2025-12-31T00:00:00Z' } })
    expect(back.json.code).toBe('clock_goes_forward')
  })
})
