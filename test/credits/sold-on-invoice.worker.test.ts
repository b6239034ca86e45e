import { beforeAll, describe, expect, it } from 'vitest'
import { differencesFromFacts } from '../support/recomputed.ts'
import { balances, moveTo, ok } from '../support/scenario.ts'
import { api } from '../support/worker.ts'

/**
 * Two months of a customer who buys credit and uses calls at 1.00:
 *
 *   Wallet  1,000.00 at the start of each month, for 1,200.00 of credit that lasts a month and waits for its payment
 *   Pack    500.00 once, for as much credit, at once and for ever
 */
beforeAll(async () => {
  await moveTo('2026-01-01')
  const entity = { entity_ref: 'lumen', name: 'Lumen', currency: 'USD', timezone: 'UTC' }
  await ok('POST', '/api/entities', { ...entity, framework: 'ASC606' })
  await ok('POST', '/api/customers', { customer_ref: 'acme', name: 'ACME', entity_ref: 'lumen' })
  const wallet = { paid: '1000', granted: '1200', expires_after: { unit: 'MONTHLY' } }
  await product('wallet', 'recurring', { grants_credit: wallet })
  await product('pack', 'one_time', { grants_credit: { available: 'on_issue' } })
  await product('calls', 'usage', { metric: { type: 'sum' } })
  const flat = (amount: string) => ({ type: 'flat', amount, term: 'in_advance' })
  await ok('POST', '/api/contracts', {
    contract_ref: 'credit',
    customer_ref: 'acme',
    entity_ref: 'lumen',
    currency: 'USD',
    timezone: 'UTC',
    start_date: '2026-01-01',
    end_date: '2026-03-01',
    billing_cycle: { unit: 'MONTHLY', cycle: 1 },
    net_terms: 30,
    grace_hours: 0,
    products: [
      { product_ref: 'wallet', model: flat('1000.00') },
      { product_ref: 'pack', model: flat('500.00') },
      { product_ref: 'calls', model: { type: 'unit', unit_amount: '1.00' } },
    ],
  })
})

const product = (product_ref: string, kind: string, more: object) =>
  ok('POST', '/api/products', { product_ref, name: product_ref, kind, ...more })

const use = (timestamp: string, quantity: string) =>
  ok('POST', '/api/usage/event', {
    ...{ event_id: timestamp, timestamp, customer_ref: 'acme', usage_product_ref: 'calls', quantity },
  })

/** The invoices, the oldest first. */
const invoices = async () => {
  const { data } = await ok('GET', '/api/invoices?contract_ref=credit')
  return data.toReversed()
}

async function lineOf(place: number, productRef: string): Promise<{ invoice: string; line: string }> {
  const invoice = (await invoices())[place].invoice_ref
  const { lines } = await ok('GET', `/api/invoices/${invoice}`)
  type Line = { product_ref: string; line_ref: string }
  return { invoice, line: lines.find((one: Line) => one.product_ref === productRef).line_ref }
}

const pay = async (amount: string) =>
  ok('POST', '/api/invoices/reconcile', {
    ...{ invoice_ref: (await invoices())[0].invoice_ref, amount, currency: 'USD' },
    received_on: '2026-01-05',
  })

/** Credits a line of an invoice, or a part of it. */
async function creditLine(place: number, productRef: string, amount?: string) {
  const { invoice, line } = await lineOf(place, productRef)
  const body = { reason: 'Not wanted', lines: [{ line_ref: line, ...(amount && { amount }) }] }
  return api('POST', `/api/invoices/${invoice}/credit_notes`, { body })
}

const wallet = async () => (await ok('GET', '/api/credits/balance?customer_ref=acme')).data[0]

type Grant = Record<'amount' | 'balance' | 'used' | 'expired' | 'voided' | 'rolled_over' | 'owed', string>

/** All grants: what is left, used, expired and taken back of each, in words; and that nothing of it is lost. */
async function grants(): Promise<string[]> {
  const { data } = await ok('GET', '/api/credits?customer_ref=acme')
  const cents = (text: string) => BigInt(text.replace('.', ''))
  for (const { amount, balance, used, expired, voided, rolled_over } of data as Grant[]) {
    const parts = [balance, used, expired, voided, rolled_over]
    expect(parts.map(cents).reduce((sum, part) => sum + part, 0n)).toBe(cents(amount))
  }
  return data
    .map(({ name, balance, used, expired, voided, owed }: Grant & { name: string }) =>
      [name, balance, used, expired, voided, owed].join(' '),
    )
    .sort()
}

describe('credit that invoices sell', () => {
  it('is a liability from the issue on, and is used once it is paid for, or at once', async () => {
    await moveTo('2026-01-05')
    expect(await balances()).toEqual({ accounts_receivable: '1500.00', customer_credit: '-1500.00' })
    expect(await wallet()).toMatchObject({ balance: '500.00', awaiting_payment: '1200.00', owed: '1500.00' })
    await pay('600.00')
    expect(await wallet()).toMatchObject({ balance: '500.00', awaiting_payment: '1200.00' })
    const paid = await pay('900.00')
    expect(await wallet()).toMatchObject({ balance: '1700.00', awaiting_payment: '0.00', owed: '1500.00' })
    const [shown] = (await ok('GET', '/api/credits?customer_ref=acme')).data
    expect(shown).toMatchObject({ source: 'invoice', invoice_ref: (await invoices())[0].invoice_ref })

    // Money that is taken off the invoice takes the credit out of use, and puts it back when it is applied again.
    const { invoice_ref } = (await invoices())[0]
    const { allocations } = await ok('GET', `/api/invoices/${invoice_ref}`)
    await ok('POST', `/api/allocations/${allocations.at(-1).allocation_id}/undo`, { reason: 'Whose is it?' })
    expect(await wallet()).toMatchObject({ balance: '500.00', awaiting_payment: '1200.00', owed: '1500.00' })
    await ok('POST', `/api/payments/${paid.payment_id}/allocations`, { invoice_ref, reason: 'Theirs' })
    expect(await wallet()).toMatchObject({ balance: '1700.00', awaiting_payment: '0.00' })
  })

  it('pays for usage on the next invoice, which sells the credit of the next month', async () => {
    await use('2026-01-04T00:00:00Z', '900')
    await moveTo('2026-02-02')
    const [, second] = await invoices()
    // The wallet goes first, since it expires, and pays for no other wallet.
    expect(second).toMatchObject({ total: '1900.00', credits_amount: '900.00', amount_due: '1000.00' })
    expect(await grants()).toEqual([
      // 900.00 of 1,200.00 cost 750.00 of 1,000.00.
      'pack 500.00 0.00 0.00 0.00 500.00',
      'wallet 1200.00 0.00 0.00 0.00 1000.00',
      'wallet 300.00 900.00 0.00 0.00 250.00',
    ])
    // 1,500.00 + 1,000.00 − 750.00; 900.00 of usage have cost 750.00.
    expect(await balances()).toEqual({
      manual_clearing: '1500.00',
      accounts_receivable: '1000.00',
      customer_credit: '-1750.00',
      revenue: '-750.00',
    })
  })

  it('lapses at its end into revenue where it was paid for, and waits where it was not', async () => {
    await moveTo('2026-02-09')
    expect((await grants()).slice(1)).toEqual([
      'wallet 0.00 900.00 300.00 0.00 0.00',
      'wallet 1200.00 0.00 0.00 0.00 1000.00',
    ])
    expect(await balances()).toMatchObject({ customer_credit: '-1500.00', revenue: '-1000.00' })
    expect(await wallet()).toMatchObject({ balance: '500.00', awaiting_payment: '1200.00' })
  })

  it('is taken back with its line, as far as it is unused', async () => {
    const used = await creditLine(0, 'wallet')
    expect([used.status, used.json.code]).toEqual([422, 'credit_note_not_possible'])
    expect(used.json.errors[0].message).toContain('0.00 USD are left of the line')
    expect((await creditLine(1, 'wallet')).json).toMatchObject({ total: '1000.00', customer_credit: '0.00' })
    expect((await creditLine(0, 'pack', '200.00')).json).toMatchObject({
      total: '200.00',
      customer_credit: '200.00',
    })
    expect(await grants()).toEqual([
      // What was paid for a part of the pack is the customer's money.
      'Credit note 200.00 0.00 0.00 0.00 200.00',
      'pack 300.00 0.00 0.00 200.00 300.00',
      'wallet 0.00 0.00 0.00 1200.00 0.00',
      'wallet 0.00 900.00 300.00 0.00 0.00',
    ])
    // 300.00 of the pack and 200.00 of money.
    const after = await balances()
    expect(after).toMatchObject({ customer_credit: '-500.00', revenue: '-1000.00' })
    expect(after).not.toHaveProperty('accounts_receivable')
    const void_ = await api('POST', `/api/invoices/${(await invoices())[1].invoice_ref}/void`, {
      body: { reason: 'Wrong' },
    })
    expect(void_.json.code).toBe('invoice_credited')
  })

  it('is not paid back behind the back of its invoice', async () => {
    const { data } = await ok('GET', '/api/credits?customer_ref=acme')
    const { credit_ref } = data.find(({ name }: { name: string }) => name === 'pack')
    const refused = await api('POST', `/api/credits/void/${credit_ref}`, {
      body: { settlement: 'refund' },
    })
    expect([refused.status, refused.json.code]).toEqual([422, 'credit_of_invoice'])
  })

  it('leaves books that agree with one another, and with the facts', async () => {
    await use('2026-02-08T00:00:00Z', '250')
    await moveTo('2026-03-02')
    // February's calls take 250.00 of the pack; the rest of it is credited with all of the first invoice.
    const { invoice } = await lineOf(0, 'pack')
    const rest = await ok('POST', `/api/invoices/${invoice}/credit_notes`, { reason: 'Leaves' })
    expect(rest).toMatchObject({ total: '50.00', customer_credit: '50.00' })
    // 1,500.00 received: 1,250.00 are earned (750 + 250 + 250), 250.00 are the customer's.
    expect(await balances()).toEqual({
      manual_clearing: '1500.00',
      customer_credit: '-250.00',
      revenue: '-1250.00',
    })
    await grants()
    await ok('POST', '/api/accounting-periods/2026-02/close-entries', { entity_ref: 'lumen' })
    const close = await ok('GET', '/api/accounting-periods/2026-02/checklist?entity_ref=lumen')
    expect(close.items.filter(({ state }: { state: string }) => state !== 'clear')).toEqual([])
    // Neither of the two fees is revenue that recurs.
    const { rows } = await ok('GET', '/api/reports/mrr?from=2026-01&to=2026-02')
    expect(rows.filter(({ closing }: { closing: string }) => closing !== '0.00')).toEqual([])
    expect(await differencesFromFacts()).toEqual([])
  })
})
