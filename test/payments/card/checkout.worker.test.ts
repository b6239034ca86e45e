import { describe, expect, it } from 'vitest'
import { openCheckout } from '../../../src/payments/card/checkout.job.ts'
import { handleStripeEvent } from '../../../src/payments/card/stripe-event.job.ts'
import { paymentsOfInvoice } from '../../../src/payments/payments.store.ts'
import { issueInvoice } from '../../support/issued-invoice.ts'
import { connectStripe } from '../../support/stripe.ts'
import { env } from '../../support/worker.ts'
import { context, customerRow, db, makeCustomer, NOW, standing } from './fixture.ts'

const { stripe, submit, control } = connectStripe()

const urls = { success: 'http://accrue.test/i/x?card=sent', cancel: 'http://accrue.test/i/x' }
const VISA = { number: '4242 4242 4242 4242', name: 'Ada Lovelace' }

async function invoiceOf(ref: string) {
  await makeCustomer(ref)
  return issueInvoice(db, { number: ref.toUpperCase(), customerRef: ref })
}

type Invoice = Awaited<ReturnType<typeof invoiceOf>>

const open = (invoice: Invoice, amount = invoice.total) => openCheckout(env, db, invoice, amount, urls, NOW)

/** Delivers every webhook of the stand-in, then does what each asked for, as the outbox would. */
async function work(deliveries: { delivered: { eventId: string; status: number }[] }) {
  for (const { eventId, status } of deliveries.delivered) {
    expect(status).toBe(200)
    const { type } = await stripe.events.retrieve(eventId)
    if (/^(checkout|payment_intent)\..*(completed|succeeded)$/.test(type)) {
      await handleStripeEvent(context, { eventId })
    }
  }
}

describe('a checkout page', () => {
  it('asks for what is open, names the invoice everywhere, and lets the card be saved', async () => {
    const invoice = await invoiceOf('co-1')
    const { url } = await open(invoice)
    const [session] = (await stripe.checkout.sessions.list({ status: 'open' })).data
    expect(session).toMatchObject({
      url,
      amount_total: 10_000,
      currency: 'eur',
      client_reference_id: invoice.id,
      metadata: { invoice_id: invoice.id },
      customer: (await customerRow('co-1')).stripeCustomerId,
    })
    expect(session!.expires_at - session!.created).toBeLessThanOrEqual(24 * 3600)
  })

  it('is the same for two clicks, one after the other or at once', async () => {
    const invoice = await invoiceOf('co-2')
    const [first, second] = await Promise.all([open(invoice), open(invoice)])
    expect(second).toEqual(first)
    expect(await open(invoice)).toEqual(first)
  })

  it('gives way to a new one when another amount is open', async () => {
    const invoice = await invoiceOf('co-3')
    const first = await open(invoice)
    const second = await open(invoice, 4_000n)
    expect(second.url).not.toBe(first.url)
    const id = first.url.split('/').at(-1)!
    expect((await stripe.checkout.sessions.retrieve(id)).status).toBe('expired')
  })

  it('that has expired gives way to a new one', async () => {
    const invoice = await invoiceOf('co-4')
    const first = await open(invoice)
    await stripe.checkout.sessions.expire(first.url.split('/').at(-1)!)
    const second = await open(invoice)
    expect(second.url).not.toBe(first.url)
    expect(await open(invoice)).toEqual(second)
  })

  it('tells a person when Stripe does not answer', async () => {
    const invoice = await invoiceOf('co-5')
    await control('/faults', { mode: '500', count: 3 })
    await expect(open(invoice)).rejects.toMatchObject({ status: 503, code: 'card_service_unavailable' })
  })

  it('needs a key of Stripe', async () => {
    const invoice = await invoiceOf('co-6')
    const { STRIPE_SECRET_KEY: _, ...keyless } = env
    await expect(openCheckout(keyless, db, invoice, 100n, urls, NOW)).rejects.toMatchObject({
      status: 503,
      code: 'card_not_set_up',
    })
  })
})

describe('a payment on the page', () => {
  it('is booked once, though each event comes three times and in reverse', async () => {
    await control('/webhooks', { mode: 'hold', copies: 3 })
    const invoice = await invoiceOf('pay-1')
    const { url } = await open(invoice)
    const paid = await submit(url, VISA)
    expect(paid.headers.get('location')).toBe(urls.success)
    await work(await control('/webhooks/release', { order: 'reverse' }))
    await control('/webhooks', { mode: 'deliver', copies: 1 })

    expect(await standing(invoice.id)).toEqual({ open: 0n, paid: [10_000n] })
    const [payment] = await paymentsOfInvoice(db, invoice.id)
    expect(payment).toMatchObject({ rail: 'card', customerRef: 'pay-1', payer: { name: 'Ada Lovelace' } })
    expect(payment!.externalKey).toMatch(/^pi_/)
  })

  it('keeps the card for later charges', async () => {
    const invoice = await invoiceOf('pay-2')
    const { url } = await open(invoice)
    await submit(url, VISA)
    await work(await control('/webhooks/deliver'))
    const { stripeCustomerId, stripePaymentMethodId } = await customerRow('pay-2')
    const card = await stripe.paymentMethods.retrieve(stripePaymentMethodId!)
    expect(card).toMatchObject({ customer: stripeCustomerId, card: { last4: '4242' } })
  })

  it('is found when the page is asked for again and no webhook has come', async () => {
    await control('/webhooks', { mode: 'hold' })
    const invoice = await invoiceOf('pay-3')
    const { url } = await open(invoice)
    await submit(url, VISA)
    expect(await open(invoice)).toEqual({ url: urls.success })
    expect(await standing(invoice.id)).toEqual({ open: 0n, paid: [10_000n] })
    await work(await control('/webhooks/release'))
    await control('/webhooks', { mode: 'deliver' })
    expect((await standing(invoice.id)).paid).toEqual([10_000n])
  })

  it('that the bank refuses books nothing, and the next card can be tried', async () => {
    const invoice = await invoiceOf('pay-4')
    const { url } = await open(invoice)
    const refused = await submit(url, { number: '4000000000000002' })
    expect(refused.status).toBe(402)
    expect(await refused.text()).toContain('Your card was declined.')
    await work(await control('/webhooks/deliver'))
    expect(await standing(invoice.id)).toEqual({ open: 10_000n, paid: [] })

    await submit(url, VISA)
    await work(await control('/webhooks/deliver'))
    expect(await standing(invoice.id)).toEqual({ open: 0n, paid: [10_000n] })
  })

  it('that another program made on the same account is none of ours', async () => {
    const foreign = await stripe.paymentIntents.create({
      amount: 700,
      currency: 'eur',
      payment_method: 'pm_card_visa',
      confirm: true,
    })
    await work(await control('/webhooks/deliver'))
    const events = await stripe.events.list({ type: 'payment_intent.succeeded', limit: 1 })
    expect(events.data[0]?.data.object).toMatchObject({ id: foreign.id })
  })
})
