import { env as workerEnv } from 'cloudflare:workers'
import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { auditLog } from '../../src/access/access.schema.ts'
import type { Env } from '../../src/env.ts'
import { findPayment } from '../../src/payments/payments.store.ts'
import { mailReceipt } from '../../src/payments/receipt-mail.job.ts'
import { openDb } from '../../src/storage/db.store.ts'
import { issueInvoice } from '../support/issued-invoice.ts'
import { api, env } from '../support/worker.ts'

const db = openDb(env.DB)

const report = (invoiceRef: string, more: Record<string, unknown> = {}) => ({
  invoice_ref: invoiceRef,
  amount: '100.00',
  currency: 'EUR',
  received_on: '2026-01-20',
  ...more,
})

const reconcile = (body: unknown, key?: string) =>
  api('POST', '/api/invoices/reconcile', { body, ...(key && { key }) })

describe('a payment recorded by hand', () => {
  it('settles the invoice that it names, once, and is written into the audit log', async () => {
    const { id, number } = await issueInvoice(db, { number: 'INV-2026-0501' })
    const first = await reconcile(report(number, { external_id: 'cheque 7' }))
    expect(first.status).toBe(201)
    expect(first.json).toMatchObject({
      outcome: 'recorded',
      rail: 'manual',
      external_id: 'cheque 7',
      customer_ref: 'globex',
      amount: '100.00',
      unapplied: '0.00',
      allocations: [{ invoice_ref: id, amount: '100.00', rule: 'strong_evidence' }],
    })
    const again = await reconcile(report(number, { external_id: 'cheque 7' }))
    expect(again.status).toBe(200)
    expect(again.json).toEqual({ ...first.json, outcome: 'duplicate' })

    const audited = await db.select().from(auditLog).where(eq(auditLog.subject, first.json.payment_id))
    expect(audited).toMatchObject([{ action: 'payment.record', actor: 'sandbox admin key' }])
    const shown = await api('GET', `/api/payments/${first.json.payment_id}`)
    const { outcome: _, ...payment } = first.json
    expect(shown.json).toMatchObject({ ...payment, refunds: [] })
  })

  it('without an external id is known by its content', async () => {
    const { number } = await issueInvoice(db, { number: 'INV-2026-0502' })
    const first = await reconcile(report(number, { amount: '10' }))
    const again = await reconcile(report(number, { amount: '10.00' }))
    expect([first.status, again.status]).toEqual([201, 200])
    expect((await reconcile(report(number, { amount: '10', received_on: '2026-01-21' }))).status).toBe(201)
  })

  it.each([
    ['an unknown invoice', report('INV-0'), 404, 'invoice_not_found'],
    ['another currency', report('INV-2026-0501', { currency: 'USD' }), 422, 'currency_mismatch'],
    ['a fraction of a cent', report('INV-2026-0501', { amount: '1.001' }), 422, 'amount_too_fine'],
    ['nothing', report('INV-2026-0501', { amount: '0' }), 422, 'payment_amount_out_of_range'],
    ['no date', report('INV-2026-0501', { received_on: '2026-02-30' }), 422, 'invalid_request'],
    ['a day to come', report('INV-2026-0501', { received_on: '2999-01-01' }), 422, 'received_on_ahead'],
    [
      'an id that stands for other money',
      report('INV-2026-0501', { external_id: 'cheque 7', amount: '1' }),
      409,
      'payment_key_reused',
    ],
  ])('with %s is refused', async (_, body, status, code) => {
    const answer = await reconcile(body)
    expect([answer.status, answer.json.code]).toEqual([status, code])
  })

  it('needs the scope finance', async () => {
    expect((await reconcile(report('INV-2026-0501'), 'sandbox_ingest_key')).status).toBe(403)
    expect((await api('GET', '/api/payments', { key: 'sandbox_ingest_key' })).status).toBe(403)
  })
})

it('lists payments newest first, page by page, also only those of a customer', async () => {
  const { number } = await issueInvoice(db, { number: 'INV-2026-0503', customerRef: 'hooli' })
  for (const amount of ['1', '2', '3']) await reconcile(report(number, { amount }))
  const first = await api('GET', '/api/payments?customer_ref=hooli&limit=2')
  expect(first.json.data.map((row: { amount: string }) => row.amount)).toEqual(['3.00', '2.00'])
  const rest = await api('GET', `/api/payments?customer_ref=hooli&limit=2&cursor=${first.json.next_cursor}`)
  expect(rest.json).toMatchObject({
    data: [{ amount: '1.00', applied: '1.00', unapplied: '0.00' }],
    next_cursor: null,
  })
  expect((await api('GET', '/api/payments?customer_ref=hooli&unapplied=true')).json.data).toEqual([])
  expect((await api('GET', '/api/payments/pay_0')).status).toBe(404)
})

describe('the receipt', () => {
  const mails: { to: string[]; subject: string; text: string; html: string }[] = []
  const sending = {
    ...(workerEnv as unknown as Env),
    PUBLIC_URL: 'https://billing.test',
    MAIL_FROM: 'billing@acme.test',
    EMAIL: { send: async (mail: (typeof mails)[number]) => void mails.push(mail) },
  } as unknown as Env
  const now = Date.UTC(2026, 0, 20)

  it('says what was paid, for which invoice, and what is left', async () => {
    const { id, number } = await issueInvoice(db, { number: 'INV-2026-0504' })
    const { json } = await reconcile(report(number, { amount: '40' }))
    const [allocation] = (await findPayment(db, json.payment_id))!.allocations
    await mailReceipt({ env: sending, db, now }, { allocationId: allocation!.id })
    const mail = mails.pop()!
    expect(mail.to).toEqual(['ap@globex.test'])
    expect(mail.subject).toBe('We received your payment of invoice INV-2026-0504 – Acme Europe')
    for (const body of [mail.text, mail.html]) {
      expect(body).toContain('Your payment of €40.00 for invoice INV-2026-0504 arrived on 20 January 2026.')
      expect(body).toContain('€60.00 of this invoice is still open.')
      expect(body).toContain(`https://billing.test/i/${id}.`)
    }
    await reconcile(report(number, { amount: '60' }))
    await mailReceipt({ env: sending, db, now }, { allocationId: allocation!.id })
    expect(mails.pop()!.text).toContain('The invoice is paid in full.')
  })

  it('of an allocation that is not there sends nothing', async () => {
    await mailReceipt({ env: sending, db, now }, { allocationId: 'alc_0' })
    expect(mails).toEqual([])
  })
})

describe('what takes a payment back', () => {
  const post = (path: string, body: unknown) => api('POST', path, { body })
  const stateOf = async (id: string) => {
    const { state, amount_due } = (await api('GET', `/api/invoices/${id}`)).json
    return [state, amount_due]
  }
  const paid = async (number: string, amount: string) =>
    (await reconcile(report(number, { amount, external_id: `for ${number}` }))).json

  it('undoes an allocation, once, and applies the money anew', async () => {
    const wrong = await issueInvoice(db, { number: 'INV-2026-0601' })
    const right = await issueInvoice(db, { number: 'INV-2026-0602' })
    const { payment_id: id } = await paid(wrong.number, '60.00')
    const [{ allocation_id }] = (await api('GET', `/api/payments/${id}`)).json.allocations
    const undone = await post(`/api/allocations/${allocation_id}/undo`, { reason: 'Wrong invoice' })
    expect(undone.json).toMatchObject({ unapplied: '60.00', allocations: [] })
    expect(await stateOf(wrong.id)).toEqual(['ISSUED', '100.00'])
    const again = await post(`/api/allocations/${allocation_id}/undo`, { reason: 'Wrong invoice' })
    expect([again.status, again.json]).toEqual([200, undone.json])

    const applied = await post(`/api/payments/${id}/allocations`, {
      invoice_ref: right.id,
      reason: 'It says so',
    })
    expect(applied.json).toMatchObject({
      unapplied: '0.00',
      allocations: [{ invoice_ref: right.id, amount: '60.00' }],
    })
    expect(await stateOf(right.id)).toEqual(['PARTIALLY_PAID', '40.00'])
    const more = await post(`/api/payments/${id}/allocations`, { invoice_ref: right.id, reason: 'Again' })
    expect([more.status, more.json.code]).toEqual([409, 'nothing_unapplied'])
  })

  it('refunds what is credit, and no more', async () => {
    const { number } = await issueInvoice(db, { number: 'INV-2026-0603' })
    const { payment_id: id } = await paid(number, '130.00')
    const refund = (amount: string, external_id: string) =>
      post(`/api/payments/${id}/refund`, { amount, reason: 'Paid too much', external_id })
    const first = await refund('20.00', 'r1')
    expect([first.status, first.json]).toMatchObject([201, { state: 'succeeded', amount: '20.00' }])
    expect((await refund('20.00', 'r1')).json).toEqual(first.json)
    expect((await refund('10.01', 'r2')).json.code).toBe('refund_beyond_payment')
    // 130.00 = 100.00 applied + 10.00 credit + 20.00 refunded.
    expect((await api('GET', `/api/payments/${id}`)).json).toMatchObject({
      credit: '10.00',
      refunded: '20.00',
      unapplied: '0.00',
      refunds: [{ refund_id: first.json.refund_id }],
    })
  })

  it('opens the invoice again when the bank takes the money back', async () => {
    const invoice = await issueInvoice(db, { number: 'INV-2026-0604' })
    const { payment_id: id } = await paid(invoice.number, '120.00')
    expect(await stateOf(invoice.id)).toEqual(['PAID', '0.00'])
    const returned = await post(`/api/payments/${id}/return`, {
      reason: 'No funds',
      returned_on: '2026-01-22',
    })
    expect([returned.status, returned.json]).toMatchObject([201, { kind: 'return', amount: '120.00' }])
    expect((await post(`/api/payments/${id}/return`, { reason: 'No funds' })).json).toEqual(returned.json)
    expect(await stateOf(invoice.id)).toEqual(['ISSUED', '100.00'])
    const { json } = await api('GET', '/api/ledger/trial-balance')
    expect(json.balanced).toBe(true)
  })

  it('is refused for a payment or an allocation that is not there', async () => {
    expect((await post('/api/payments/pay_0/refund', { reason: 'x' })).json.code).toBe('payment_not_found')
    expect((await post('/api/payments/pay_0/return', { reason: 'x' })).json.code).toBe('payment_not_found')
    expect((await post('/api/allocations/alc_0/undo', { reason: 'x' })).json.code).toBe(
      'allocation_not_found',
    )
  })
})
