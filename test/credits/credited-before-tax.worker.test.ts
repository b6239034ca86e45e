import { beforeAll, expect, it } from 'vitest'
import { differencesFromFacts } from '../support/recomputed.ts'
import { balances, moveTo, ok } from '../support/scenario.ts'
import { api } from '../support/worker.ts'

/**
 * Calls at 1.00 and 10 % of tax in January, and prepaid credit before tax:
 *
 *   mixed   100 calls; 40.00 of credit for 20.00. Net 60.00, tax 6.00, revenue 60.00 + 20.00
 *   whole   300 calls; 500.00 of credit for 400.00. Nothing is due, and revenue is 300 × 400 ÷ 500 = 240.00
 */
const CUSTOMERS = [
  ['mixed', 100, '40.00', '20.00'],
  ['whole', 300, '500.00', '400.00'],
] as const

async function invoiceOf(customer: string) {
  const { data } = await ok('GET', `/api/invoices?customer_ref=${customer}`)
  return ok('GET', `/api/invoices/${data[0].invoice_ref}`)
}

async function creditNote(customer: string, external_id: string, amount?: string) {
  const { invoice_ref, lines } = await invoiceOf(customer)
  return api('POST', `/api/invoices/${invoice_ref}/credit_notes`, {
    body: { external_id, reason: 'Calls of a test', lines: [{ line_ref: lines[0].line_ref, amount }] },
  })
}

const left = async (customer: string) => (await ok('GET', `/api/credits/${customer}-pack`)).balance

beforeAll(async () => {
  await moveTo('2026-01-01')
  await ok('POST', '/api/entities', { entity_ref: 'lumen', name: 'Lumen', currency: 'USD', timezone: 'UTC' })
  await ok('POST', '/api/products', {
    ...{ product_ref: 'calls', name: 'Calls', kind: 'usage', metric: { type: 'sum' } },
  })
  for (const [customer_ref, quantity, amount, cost_basis] of CUSTOMERS) {
    await ok('POST', '/api/customers', { customer_ref, name: customer_ref, entity_ref: 'lumen' })
    await ok('POST', '/api/credits/grant', {
      ...{ credit_ref: `${customer_ref}-pack`, customer_ref, currency: 'USD', amount, cost_basis },
      ...{ kind: 'paid', received_in: 'bank_clearing', before_tax: true },
    })
    await ok('POST', '/api/contracts', {
      ...{ contract_ref: customer_ref, customer_ref, entity_ref: 'lumen', currency: 'USD', timezone: 'UTC' },
      ...{ start_date: '2026-01-01', end_date: '2026-02-01', grace_hours: 0 },
      products: [
        {
          ...{ product_ref: 'calls', model: { type: 'unit', unit_amount: '1.00' } },
          tax: [{ name: 'VAT', rate_percent: '10' }],
        },
      ],
    })
    await ok('POST', '/api/usage/event', {
      ...{ event_id: customer_ref, customer_ref, usage_product_ref: 'calls' },
      ...{ timestamp: '2026-01-01T00:00:00Z', quantity },
    })
  }
  await moveTo('2026-02-02')
  const { invoice_ref } = await invoiceOf('mixed')
  const received = { amount: '66.00', currency: 'USD', received_on: '2026-02-02' }
  await ok('POST', '/api/invoices/reconcile', { invoice_ref, ...received })
})

it('a credit note gives back what was given for the service: money and credit', async () => {
  expect(await left('mixed')).toBe('0.00')
  // A quarter of 60.00, and of 40.00.
  const { json } = await creditNote('mixed', 'quarter', '15.00')
  expect(json).toMatchObject({ sub_total: '15.00', total_tax: '1.50', customer_credit: '16.50' })
  expect(json.lines[0].description).toBe('Calls (10.00 USD go back to credit)')
  expect(await left('mixed')).toBe('10.00')
})

it('a credit note gives back credit that has paid a line whole, and settles nothing', async () => {
  const third = await creditNote('whole', 'third', '100.00')
  expect(third.json).toMatchObject({ total: '0.00', total_tax: '0.00', customer_credit: '0.00' })
  expect((await api('GET', `/api/credit-notes/${third.json.credit_note_ref}/pdf`)).status).toBe(200)
  expect(await left('whole')).toBe('300.00')
  const { status, json } = await creditNote('whole', 'more', '200.01')
  expect([status, json.code]).toEqual([422, 'credit_note_not_possible'])
  expect(json.detail).toContain('200.00 USD are left')
  await moveTo('2026-02-04')
  // Credit: 5.00 + 16.50 of the one, 400.00 − 240.00 + 80.00 of the other. Revenue: 80.00 − 20.00 and 240.00 − 80.00.
  expect(await balances()).toEqual({
    bank_clearing: '420.00',
    manual_clearing: '66.00',
    customer_credit: '-261.50',
    tax_payable: '-4.50',
    revenue: '-220.00',
  })
})

it('all that is credited has never been: all credit is there again, and the money is credit, too', async () => {
  expect((await creditNote('mixed', 'rest')).status).toBe(201)
  expect((await creditNote('whole', 'rest')).status).toBe(201)
  expect((await creditNote('whole', 'again')).json.code).toBe('credit_note_not_possible')
  await moveTo('2026-02-05')
  expect([await left('mixed'), await left('whole')]).toEqual(['40.00', '500.00'])
  // 20.00 + 66.00 and 400.00.
  expect(await balances()).toEqual({
    bank_clearing: '420.00',
    manual_clearing: '66.00',
    customer_credit: '-486.00',
  })
  expect(await differencesFromFacts()).toEqual([])
})
