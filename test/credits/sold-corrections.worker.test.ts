import { beforeAll, describe, expect, it } from 'vitest'
import { currentTime } from '../../src/clock/clock.store.ts'
import { differencesFromFacts } from '../support/recomputed.ts'
import { allEntries, moveTo, netOf, ok } from '../support/scenario.ts'
import { connectStripe } from '../support/stripe.ts'
import { api, env } from '../support/worker.ts'

const { stripe, submit, control } = connectStripe(() => currentTime(env))

/**
 * Each customer buys 1,200.00 of credit for 1,000.00 on 1 January 2026, and but for one uses 300 calls at 1.00 in January:
 * 300 × 1,000 ÷ 1,200 = 250.00 of it are earned, 900.00 of credit are left, and 750.00 owed.
 *
 *   refund, back   pay by wire      card   pays by card
 *   empty          pays nothing and uses nothing      loss   uses the credit before it pays
 */
const CUSTOMERS = ['refund', 'back', 'card', 'empty', 'loss'] as const
type Customer = (typeof CUSTOMERS)[number]

beforeAll(async () => {
  await moveTo('2026-01-01')
  const entity = { entity_ref: 'lumen', name: 'Lumen', currency: 'USD', timezone: 'UTC' }
  await ok('POST', '/api/entities', { ...entity, framework: 'ASC606' })
  const product = (product_ref: string, kind: string, more: object) =>
    ok('POST', '/api/products', { product_ref, name: product_ref, kind, ...more })
  const granted = { paid: '1000', granted: '1200' }
  await product('pack', 'one_time', { grants_credit: granted })
  await product('trust', 'one_time', { grants_credit: { ...granted, available: 'on_issue' } })
  await product('calls', 'usage', { metric: { type: 'sum' } })
  for (const customer_ref of CUSTOMERS) {
    await ok('POST', '/api/customers', { customer_ref, name: customer_ref, entity_ref: 'lumen' })
    await ok('POST', '/api/contracts', {
      ...{ contract_ref: `${customer_ref}-2026`, customer_ref, entity_ref: 'lumen' },
      ...{ currency: 'USD', timezone: 'UTC', start_date: '2026-01-01', end_date: '2026-05-01' },
      ...{ net_terms: 30, grace_hours: 0, billing_cycle: { unit: 'MONTHLY', cycle: 1 } },
      products: [
        {
          product_ref: customer_ref === 'loss' ? 'trust' : 'pack',
          model: { type: 'flat', amount: '1000.00', term: 'in_advance' },
        },
        { product_ref: 'calls', model: { type: 'unit', unit_amount: '1.00' } },
      ],
      payment_methods: ['wire', 'card'],
    })
  }
  await moveTo('2026-01-05')
  for (const customer of ['refund', 'back'] as const) {
    await ok('POST', '/api/invoices/reconcile', {
      ...{ invoice_ref: await soldOn(customer), amount: '1000.00', currency: 'USD' },
      received_on: '2026-01-05',
    })
  }
  await payByCard()
  for (const customer of CUSTOMERS) if (customer !== 'empty') await use(customer, '2026-01-04', 300)
  await moveTo('2026-02-02')
})

const use = (customer_ref: Customer, day: string, quantity: number) =>
  ok('POST', '/api/usage/event', {
    ...{ event_id: `${customer_ref} ${day}`, timestamp: `${day}T00:00:00Z`, customer_ref },
    ...{ usage_product_ref: 'calls', quantity },
  })

async function payByCard(): Promise<void> {
  const { hosted_url } = await ok('GET', `/api/invoices/${await soldOn('card')}`)
  const page = hosted_url.slice('http://accrue.test'.length)
  const checkout = (await api('POST', `${page}/card`, { key: null })).headers.get('location') ?? ''
  await submit(checkout, { number: '4242 4242 4242 4242', name: 'ACME' })
  await control('/webhooks/deliver')
}

/** The invoice that sold a customer's credit. */
async function soldOn(customer: Customer): Promise<string> {
  const { data } = await ok('GET', `/api/invoices?customer_ref=${customer}`)
  return data.at(-1).invoice_ref
}
const paymentOf = async (customer: Customer): Promise<string> =>
  (await ok('GET', `/api/payments?customer_ref=${customer}`)).data[0].payment_id

const wallet = async (customer: Customer) =>
  (await ok('GET', `/api/credits/balance?customer_ref=${customer}`)).data[0]

/** What the books hold of a customer, in cents, debit positive; accounts at zero are left out. */
async function books(customer: Customer): Promise<Record<string, bigint>> {
  const postings = (await allEntries('USD')).flatMap((entry) => entry.postings)
  const own = postings.filter(({ customer_ref }) => customer_ref === customer)
  const byAccount = [...Map.groupBy(own, ({ account }) => account)].map(
    ([account, some]) => [account, netOf(some)] as const,
  )
  return Object.fromEntries(byAccount.filter(([, amount]) => amount !== 0n))
}

const reason = { reason: 'Asked for' }

describe('an invoice that sold credit', () => {
  it('has earned what was used of it when the month is over', async () => {
    const paid = { customer_credit: -75_000n, revenue: -25_000n }
    expect(await books('refund')).toEqual({ manual_clearing: 100_000n, ...paid })
    expect(await books('loss')).toEqual({ accounts_receivable: 100_000n, ...paid })
    expect(await books('empty')).toEqual({ accounts_receivable: 100_000n, customer_credit: -100_000n })
  })

  it('is credited for what is unused, and its money is paid back after that', async () => {
    const [invoice, payment] = [await soldOn('refund'), await paymentOf('refund')]
    const refund = (amount: string) =>
      api('POST', `/api/payments/${payment}/refund`, { body: { ...reason, amount } })
    expect((await refund('750.00')).json.code).toBe('refund_beyond_payment')
    const void_ = await api('POST', `/api/invoices/${invoice}/void`, { body: reason })
    expect([void_.status, void_.json.code]).toEqual([409, 'invoice_paid'])
    const note = await ok('POST', `/api/invoices/${invoice}/credit_notes`, reason)
    expect(note).toMatchObject({ total: '750.00', customer_credit: '750.00' })
    expect((await refund('750.01')).json.code).toBe('refund_beyond_payment')
    expect((await refund('750.00')).status).toBe(201)
    expect(await books('refund')).toEqual({ manual_clearing: 25_000n, revenue: -25_000n })
    expect(await wallet('refund')).toBeUndefined()
  })

  it('is voided while nothing of the credit is used', async () => {
    const used = await api('POST', `/api/invoices/${await soldOn('loss')}/void`, { body: reason })
    expect([used.status, used.json.code]).toEqual([409, 'credit_used'])
    await ok('POST', `/api/invoices/${await soldOn('empty')}/void`, reason)
    expect(await books('empty')).toEqual({})
    expect(await wallet('empty')).toBeUndefined()
  })

  it('is written off for what was used; what was not is owed no more', async () => {
    await ok('POST', `/api/invoices/${await soldOn('loss')}/write_off`, reason)
    expect(await books('loss')).toEqual({ bad_debt_expense: 25_000n, revenue: -25_000n })
    expect(await wallet('loss')).toBeUndefined()
  })

  it('takes its credit out of use when the bank takes the payment back', async () => {
    await ok('POST', `/api/payments/${await paymentOf('back')}/return`, reason)
    const open = { accounts_receivable: 100_000n, customer_credit: -75_000n, revenue: -25_000n }
    expect(await books('back')).toEqual(open)
    expect(await wallet('back')).toMatchObject({
      balance: '0.00',
      awaiting_payment: '900.00',
      owed: '750.00',
    })
    await ok('POST', `/api/invoices/${await soldOn('back')}/write_off`, reason)
    expect(await books('back')).toEqual({ bad_debt_expense: 25_000n, revenue: -25_000n })
  })

  it('waits while its card payment is disputed, and loses with it what is unused', async () => {
    const [intent] = (await stripe.paymentIntents.list({ limit: 1 })).data
    const { id } = (await control('/disputes', { payment_intent: intent!.id })) as unknown as { id: string }
    await control('/webhooks/deliver')
    await moveTo('2026-02-03')
    expect(await wallet('card')).toMatchObject({ balance: '0.00', awaiting_payment: '900.00' })
    await control(`/disputes/${id}/close`, { status: 'lost' })
    await control('/webhooks/deliver')
    await moveTo('2026-02-04')
    // Stripe keeps 2.9 % and 0.30, and 15.00 for the dispute. 1,000.00 less 750.00 that nobody owes any more are lost.
    expect(await books('card')).toEqual({
      stripe_clearing: -4_430n,
      processor_fees: 4_430n,
      dispute_losses: 25_000n,
      revenue: -25_000n,
    })
    expect(await wallet('card')).toBeUndefined()
  })

  it('leaves no credit to be used, and books that follow from the facts', async () => {
    for (const customer of CUSTOMERS) await use(customer, '2026-02-01', 10)
    await moveTo('2026-03-02')
    for (const customer of CUSTOMERS) {
      const { data } = await ok('GET', `/api/invoices?customer_ref=${customer}`)
      expect(data[0]).toMatchObject({ total: '10.00', credits_amount: '0.00', amount_due: '10.00' })
    }
    await ok('POST', '/api/accounting-periods/2026-02/close-entries', { entity_ref: 'lumen' })
    const close = await ok('GET', '/api/accounting-periods/2026-02/checklist?entity_ref=lumen')
    type Item = { code: string; state: string }
    const open = (close.items as Item[]).filter(({ state }) => state !== 'clear')
    expect(open.map(({ code }) => code)).toEqual([])
    expect(await differencesFromFacts()).toEqual([])
  })
})
