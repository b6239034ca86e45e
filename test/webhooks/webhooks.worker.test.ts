import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { outbox } from '../../src/delivery/delivery.schema.ts'
import { dispatchOutbox } from '../../src/delivery/outbox.job.ts'
import type { Env } from '../../src/env.ts'
import { consume } from '../../src/queue.ts'
import { openDb } from '../../src/storage/db.store.ts'
import { announceEvents } from '../../src/webhooks/announce.job.ts'
import { forgetDeliveries } from '../../src/webhooks/forget.job.ts'
import { tellOverdue } from '../../src/webhooks/overdue.job.ts'
import { post } from '../../src/webhooks/post.client.ts'
import { webhookDeliveries, webhookEvents } from '../../src/webhooks/webhooks.schema.ts'
import { issueInvoice } from '../support/issued-invoice.ts'
import { moveTo, ok } from '../support/scenario.ts'
import { api, env } from '../support/worker.ts'
import { receivers, until } from './receiver.ts'

const db = openDb(env.DB)
const MINUTE = 60_000
let hooks: ReturnType<typeof receivers>

beforeAll(async () => {
  hooks = receivers()
  await moveTo('2026-01-02')
  await ok('POST', '/api/entities', { entity_ref: 'acme-eu', name: 'Acme', currency: 'EUR', timezone: 'UTC' })
  await ok('POST', '/api/customers', { customer_ref: 'globex', name: 'Globex', entity_ref: 'acme-eu' })
})

const pay = (number: string, amount: string) =>
  ok('POST', '/api/invoices/reconcile', {
    ...{ invoice_ref: number, amount, currency: 'EUR', received_on: '2026-01-02', external_id: amount },
  })
const deliveries = async (ref: string) => (await ok('GET', `/api/webhooks/${ref}/deliveries`)).data
const remove = (ref: string) => ok('DELETE', `/api/webhooks/${ref}`)
const test = (ref: string) => ok('POST', `/api/webhooks/${ref}/test`)
const answered = (status: number) => () => new Response('because', { status })

describe('a webhook', () => {
  it('hears of an invoice from its issue to its payment, once each, signed', async () => {
    const secret = await hooks.open('story')
    const { id } = await issueInvoice(db, { number: 'W-1' })
    await pay('W-1', '40.00')
    await pay('W-1', '60.00')
    await pay('W-1', '60.00')
    expect(await hooks.types('story', 7)).toEqual([
      ...['invoice.issued', 'invoice.paid', 'invoice.partially_paid'],
      ...['payment.matched', 'payment.matched', 'payment.received', 'payment.received'],
    ])
    const heard = hooks.heard('story')
    expect(new Set(heard.map(({ headers }) => headers['webhook-id'])).size).toBe(7)
    for (const message of heard)
      expect(hooks.verified(secret, message)).toMatchObject({ id: message.headers['webhook-id'] })
    expect(heard.find(({ type }) => type === 'invoice.paid')).toMatchObject({
      ...{ entity_ref: 'acme-eu', headers: { 'content-type': 'application/json' } },
      data: {
        ...{ invoice_ref: id, document_number: 'W-1', customer_ref: 'globex', path: `/api/invoices/${id}` },
        ...{ state: 'PAID', currency: 'EUR', total: '100.00', amount_due: '0.00', due_date: '2026-01-31' },
      },
    })
    expect(await deliveries('story')).toHaveLength(7)
    await remove('story')
  })

  it('is not told when it asks for other types, and costs no row when there is none', async () => {
    await hooks.open('books', { events: ['period.locked', 'period.unlocked'] })
    await issueInvoice(db, { number: 'W-2' })
    await ok('POST', '/api/accounting-periods/2025-11/lock', { entity_ref: 'acme-eu' })
    await ok('POST', '/api/accounting-periods/2025-11/unlock', { entity_ref: 'acme-eu', reason: 'Late' })
    expect(await hooks.types('books', 2)).toEqual(['period.locked', 'period.unlocked'])
    await remove('books')
    await issueInvoice(db, { number: 'W-3' })
    const { count } = (await env.DB.prepare('SELECT count(*) AS count FROM unannounced_events').first())!
    expect(count).toBe(0)
  })

  it('hears how an invoice goes back, and how a contract goes on', async () => {
    await hooks.open('turns', { events: ['invoice.reopened', 'invoice.written_off', 'payment.returned'] })
    await issueInvoice(db, { number: 'W-4' })
    const { allocations } = await pay('W-4', '99.99')
    const { payment_id } = await pay('W-4', '0.01')
    await ok('POST', `/api/payments/${payment_id}/return`, { reason: 'Recalled' })
    expect([allocations.length, await hooks.types('turns', 2)]).toEqual([
      ...[1, ['invoice.reopened', 'payment.returned']],
    ])
    await ok('POST', '/api/invoices/W-4/write_off', { reason: 'Trifle' })
    expect(await hooks.types('turns', 3)).toContain('invoice.written_off')
    await remove('turns')

    await hooks.open('terms', { events: ['contract.activated', 'contract.amended', 'contract.cancelled'] })
    await ok('POST', '/api/products', { product_ref: 'seat', name: 'Seat', kind: 'recurring' })
    const products = [{ product_ref: 'seat', model: { type: 'flat', amount: '10' } }]
    const terms = { contract_ref: 'k', customer_ref: 'globex', start_date: '2026-02-01', products }
    await ok('POST', '/api/contracts', { ...terms, currency: 'EUR' })
    await ok('POST', '/api/contracts/edit/k', { effective_date: '2026-02-01', net_terms: 7 })
    await ok('POST', '/api/contracts/cancel/k', { end_date: '2026-03-01' })
    expect(await hooks.types('terms', 3)).toEqual([
      ...['contract.activated', 'contract.amended', 'contract.cancelled'],
    ])
    await remove('terms')
  })

  it('hears of overdue invoices on the day after their due date', async () => {
    await hooks.open('late', { events: ['invoice.overdue'] })
    await issueInvoice(db, { number: 'W-5', dueDate: '2030-01-31' })
    const told = async (day: number) => {
      await tellOverdue(env, Date.UTC(2030, 0, day))
      await announceEvents(env, Date.UTC(2030, 0, day))
      return (await deliveries('late')).map(
        ({ message }: { message: Received }) => message.data.document_number,
      )
    }
    type Received = { data: { document_number: string } }
    expect(await told(31)).toEqual([])
    expect(await told(32)).toEqual(['W-5'])
    expect(await told(40)).toEqual(['W-5'])
    await remove('late')
  })
})

describe('a delivery', () => {
  it('is tried again after a failure, under the same id, and not after success', async () => {
    await hooks.open('flaky')
    hooks.answer('flaky', answered(500))
    await test('flaky')
    await until(async () => (await deliveries('flaky'))[0].attempts.length === 1)
    const [waiting] = await deliveries('flaky')
    expect(waiting).toMatchObject({ state: 'waiting', attempts: [{ status: 500, answer: 'because' }] })
    expect((await ok('GET', '/api/webhooks/flaky')).failing_since).toBe(waiting.attempts[0].at)
    const again = Date.parse(waiting.next_attempt_at) - Date.parse(waiting.attempts[0].at)
    // A minute, and up to a tenth of it.
    expect([again >= MINUTE, again <= 1.1 * MINUTE]).toEqual([true, true])

    await moveTo('2026-01-02T01:00:00Z')
    expect(await deliveries('flaky')).toMatchObject([{ state: 'delivered', next_attempt_at: null }])
    expect((await ok('GET', '/api/webhooks/flaky')).failing_since).toBeNull()
    const [first, second] = hooks.heard('flaky')
    expect([first?.body, first?.headers['webhook-id']]).toEqual([second?.body, second?.headers['webhook-id']])
    await ok('POST', `/api/webhooks/flaky/deliveries/${waiting.delivery_id}/resend`)
    expect(await hooks.types('flaky', 3)).toHaveLength(3)
    await remove('flaky')
  })

  it('waits while its webhook is paused, as after a 410, and goes out when that is active again', async () => {
    await hooks.open('gone')
    hooks.answer('gone', answered(410))
    await test('gone')
    await until(async () => (await ok('GET', '/api/webhooks/gone')).state === 'paused')
    expect(await ok('GET', '/api/webhooks/gone')).toMatchObject({ paused_by: 'gone' })
    expect((await api('POST', '/api/webhooks/gone/test')).json.code).toBe('webhook_paused')
    await issueInvoice(db, { number: 'W-6' })
    await announceEvents(env, Date.now())
    expect(hooks.heard('gone')).toHaveLength(1)
    await ok('POST', '/api/webhooks/edit/gone', { state: 'active' })
    expect(await hooks.types('gone', 3)).toEqual(['invoice.issued', 'webhook.test', 'webhook.test'])
    await remove('gone')
  })

  it('comes after all when every queue message is lost, and when the Worker dies after the receiver heard it', async () => {
    await hooks.open('lost')
    const { delivery_id: id } = await test('lost')
    await hooks.types('lost', 1)
    await until(async () => (await deliveries('lost'))[0].state === 'delivered')
    await db.update(webhookDeliveries).set({ state: 'waiting' }).where(eq(webhookDeliveries.id, id))
    await db.update(outbox).set({ state: 'waiting', dueAt: 0 }).where(eq(outbox.id, id))

    const sent: { outboxId: string; attempt: number }[] = []
    const WEBHOOKS = {
      sendBatch: async (all: { body: never }[]) => void sent.push(...all.map(({ body }) => body)),
    }
    const lossy = { ...env, WEBHOOKS } as unknown as Env
    const now = Date.now() + 3_600_000
    await dispatchOutbox(lossy, now)
    await dispatchOutbox(lossy, now + MINUTE)
    await dispatchOutbox(lossy, now + 6 * MINUTE)
    const notices = sent.filter(({ outboxId }) => outboxId === id)
    expect(notices).toHaveLength(2)

    // It dies when it would write down what came of the attempt.
    const DB = new Proxy(env.DB, {
      get: (target, name) => {
        if (name === 'batch') return () => Promise.reject(new Error('died'))
        const member = Reflect.get(target, name)
        return typeof member === 'function' ? member.bind(target) : member
      },
    })
    const batchOf = (body: unknown) =>
      ({ queue: 'accrue-webhooks', messages: [{ id: 'm', body, ack: () => undefined }] }) as never
    await consume(batchOf(notices[0]), { ...lossy, DB })
    expect(hooks.heard('lost')).toHaveLength(2)
    expect((await deliveries('lost'))[0].state).toBe('waiting')
    await consume(batchOf({ ...notices[0], attempt: notices[0]!.attempt + 1 }), lossy)
    await consume(batchOf({ ...notices[0], attempt: notices[0]!.attempt + 1 }), lossy)
    expect((await deliveries('lost'))[0].state).toBe('delivered')
    const ids = hooks.heard('lost').map(({ headers }) => headers['webhook-id'])
    expect([ids.length, new Set(ids).size]).toEqual([3, 1])
    await remove('lost')
  })

  it('gives up on a receiver that hangs, follows no redirect and reads the beginning of a long answer', async () => {
    const message = { headers: {}, body: '{"type":"x"}' }
    hooks.answer('hangs', () => new Promise(() => undefined))
    const outside = globalThis.fetch
    globalThis.fetch = ((url: string, init: RequestInit) =>
      Promise.race([
        outside(url, init),
        new Promise((_, refuse) => init.signal?.addEventListener('abort', () => refuse(init.signal?.reason))),
      ])) as typeof fetch
    expect(await post('https://hangs.hooks.example/', message, 20)).toMatchObject({
      ...{ status: null, answer: 'No answer within 0.02 seconds' },
    })
    globalThis.fetch = outside
    hooks.answer('moved', () => new Response('x'.repeat(10_000), { status: 302, headers: { location: '/' } }))
    expect(await post('https://moved.hooks.example/', message)).toMatchObject({
      ...{ status: 302, answer: 'x'.repeat(500) },
    })
    expect(hooks.heard('moved')).toHaveLength(1)
  })

  it('waits where another message got no answer, and is not tried in vain', async () => {
    await hooks.open('dead')
    hooks.answer('dead', () => Promise.reject(new Error('refused')))
    await test('dead')
    await until(async () => (await deliveries('dead'))[0].attempts.length === 1)
    const { delivery_id: id, created_at: made } = await test('dead')
    const second = async () =>
      (await deliveries('dead')).find((one: { delivery_id: string }) => one.delivery_id === id)
    await until(async () => {
      const wait = Date.parse((await second()).next_attempt_at) - Date.parse(made)
      // Not the five minutes of a lease.
      return wait > 50_000 && wait < 130_000
    })
    expect([(await second()).attempts, hooks.heard('dead').length]).toEqual([[], 1])
    await moveTo('2026-01-02T03:00:00Z')
    expect((await deliveries('dead')).map(({ state }: { state: string }) => state)).toEqual([
      'delivered',
      'delivered',
    ])
    await remove('dead')
  })

  it('is forgotten after thirty days', async () => {
    await hooks.open('old')
    await test('old')
    await hooks.types('old', 1)
    await forgetDeliveries(env, Date.UTC(2031, 0, 1))
    expect([await db.$count(webhookDeliveries), await db.$count(webhookEvents)]).toEqual([0, 0])
    await remove('old')
  })
})

describe('the secret', () => {
  it('is rotated while both are accepted, and never shown again', async () => {
    const first = await hooks.open('keys')
    const { secret: second, former_secret_valid_until: until } = await ok(
      'POST',
      '/api/webhooks/keys/rotate',
      {},
    )
    await test('keys')
    await hooks.types('keys', 1)
    const [both] = hooks.heard('keys')
    for (const secret of [first, second]) expect(hooks.verified(secret, both!)).toBeDefined()
    await moveTo(until)
    await test('keys')
    await hooks.types('keys', 2)
    const last = hooks.heard('keys')[1]!
    expect(hooks.verified(second, last)).toBeDefined()
    expect(() => hooks.verified(first, last)).toThrow()
    const shown = await api('GET', '/api/webhooks/keys')
    const repeated = await api('POST', '/api/webhooks', {
      body: { webhook_ref: 'keys', url: 'https://keys.hooks.example/' },
    })
    expect([repeated.status, shown.text + repeated.text]).toEqual([
      200,
      expect.not.stringContaining('whsec_'),
    ])
    await remove('keys')
  })

  it.each([
    [{ url: 'http://hooks.example/' }, 'invalid_webhook_url'],
    [{ url: 'https://10.0.0.1/' }, 'invalid_webhook_url'],
    [{ url: 'https://hooks.example/', events: ['invoice.lost'] }, 'invalid_request'],
    [{ url: 'https://hooks.example/', events: [] }, 'invalid_request'],
  ])('is not made for %j', async (body, code) => {
    const { status, json } = await api('POST', '/api/webhooks', { body })
    expect([status, json.code, json.errors.length]).toEqual([422, code, 1])
  })
})

/** Fees of 10.00 a month, in advance from 10 January on. */
const monthly = (ref: string, more: object) => ({
  ...{ contract_ref: ref, customer_ref: 'globex', currency: 'EUR', start_date: '2026-01-10', ...more },
  products: [{ product_ref: 'seat', model: { type: 'flat', amount: '10', term: 'in_advance' } }],
})
const renewal = { auto: true, term_months: 1, notice_days: 0 }

describe('three months', () => {
  it('are told of by what happens in them', async () => {
    await hooks.open('months')
    await ok('POST', '/api/contracts', monthly('renews', { end_date: '2026-02-10', renewal }))
    await ok('POST', '/api/contracts', monthly('ends', { end_date: '2026-02-10' }))
    const grant = { customer_ref: 'globex', currency: 'EUR', kind: 'promotional', amount: '5', priority: 1 }
    const soonOver = { expires_at: '2026-01-09T00:00:00Z', billed_within_days: 0 }
    await ok('POST', '/api/credits/grant', { credit_ref: 'gift', ...grant, ...soonOver })
    await moveTo('2026-01-11')
    const { data } = await ok('GET', '/api/invoices?limit=2')
    const [first, second] = data as { invoice_ref: string }[]
    await ok('POST', `/api/invoices/${first?.invoice_ref}/void`, { reason: 'Twice' })
    const { payment_id: id } = await ok('POST', '/api/invoices/reconcile', {
      ...{ invoice_ref: second?.invoice_ref, amount: '12.00', currency: 'EUR', received_on: '2026-01-10' },
    })
    await ok('POST', `/api/payments/${id}/refund`, { amount: '2.00', reason: 'Too much' })
    await ok('POST', `/api/invoices/${second?.invoice_ref}/credit_notes`, { reason: 'Outage' })
    const statement = 'date,amount,currency,reference,payer,id\n2026-01-10,7.77,EUR,hello,Somebody,b-1\n'
    await api('POST', '/api/bank-statements?entity_ref=acme-eu', {
      ...{ body: statement, headers: { 'content-type': 'text/csv' } },
    })
    // What Stripe would tell of the same payment.
    await env.DB.batch(
      [
        `INSERT INTO disputes (id, payment_id, currency, amount, fee, credit_taken, reason, state, opened_at)
          VALUES ('dp_1', '${id}', 'EUR', 100, 0, 0, 'fraudulent', 'open', 0)`,
        `UPDATE disputes SET state = 'lost', closed_at = 0`,
        `INSERT INTO refunds (id, payment_id, kind, currency, amount, from_unapplied, fee, state, reason, actor,
          paid_on, created_at) VALUES ('re_1', '${id}', 'refund', 'EUR', 100, 0, 0, 'pending', '', '', '', 0)`,
        `UPDATE refunds SET state = 'failed', ended_at = 0 WHERE id = 're_1'`,
      ].map((statement) => env.DB.prepare(statement)),
    )
    await moveTo('2026-02-11')
    await until(() => hooks.heard('months').some(({ type }) => type === 'contract.ended'))
    expect([...new Set(hooks.heard('months').map(({ type }) => type))].sort()).toEqual([
      ...['contract.activated', 'contract.ended', 'contract.renewed'],
      ...['credit.expired', 'credit.granted', 'credit_note.issued'],
      ...['dispute.closed', 'dispute.opened'],
      ...['invoice.issued', 'invoice.overdue', 'invoice.paid', 'invoice.voided'],
      ...['payment.matched', 'payment.received', 'payment.unmatched', 'refund.failed', 'refund.paid'],
    ])
    const ids = hooks.heard('months').map(({ headers }) => headers['webhook-id'])
    expect(new Set(ids).size).toBe(ids.length)
  })
})
