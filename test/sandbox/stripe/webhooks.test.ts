import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { openStandIn, SECRET } from './client.ts'

const pay = (stripe: Stripe) =>
  stripe.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    confirm: true,
  })

const PAID = ['payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded']

describe('a webhook', () => {
  it('carries its event as Stripe would, with a signature that holds', async () => {
    const { stripe, received, deliverDue, types } = openStandIn()
    const intent = await pay(stripe)
    await deliverDue()
    expect(types()).toEqual(PAID)
    const { body, signature } = received[2]!
    const event = await Stripe.webhooks.constructEventAsync(body, signature, SECRET)
    expect(event).toMatchObject({
      id: expect.stringMatching(/^evt_/),
      api_version: '2026-10-28.endive',
      type: 'payment_intent.succeeded',
      livemode: false,
      data: { object: { id: intent.id, status: 'succeeded' } },
      request: { id: expect.stringMatching(/^req_/) },
    })
    await expect(Stripe.webhooks.constructEventAsync(body, signature, 'whsec_other')).rejects.toThrow()
  })

  it('holds the object as it was when the event came about', async () => {
    const { stripe, received, deliverDue } = openStandIn()
    await pay(stripe)
    await deliverDue()
    const statuses = received.map(({ body }) => JSON.parse(body).data.object.status)
    expect(statuses).toEqual(['requires_payment_method', 'succeeded', 'succeeded'])
  })

  it('that is not answered with 2xx is sent again, under the same event id', async () => {
    const answers = [500, 200]
    const { stripe, received, deliverDue } = openStandIn({ answer: () => answers.shift() ?? 200 })
    await stripe.customers.create({ name: 'Ada' })
    await deliverDue()
    await expect.poll(() => deliverDue().then(() => received.length), { timeout: 5_000 }).toBe(2)
    expect(JSON.parse(received[1]!.body).id).toBe(JSON.parse(received[0]!.body).id)
    await deliverDue()
    expect(received).toHaveLength(2)
  })
})

describe('the control of webhooks', () => {
  it('holds them back and lets them go in reverse', async () => {
    const { stripe, control, deliverDue, types } = openStandIn()
    await control('/webhooks', { mode: 'hold' })
    await pay(stripe)
    await deliverDue()
    expect(types()).toEqual([])
    await control('/webhooks/release', { order: 'reverse' })
    expect(types()).toEqual([...PAID].reverse())
  })

  it('sends each several times', async () => {
    const { stripe, control, deliverDue, types } = openStandIn()
    await control('/webhooks', { copies: 2 })
    await pay(stripe)
    await deliverDue()
    expect(types()).toEqual(PAID.flatMap((type) => [type, type]))
  })

  it('delays them', async () => {
    const { stripe, control, deliverDue, types } = openStandIn()
    await control('/webhooks', { delay_ms: 60_000 })
    await pay(stripe)
    await deliverDue()
    expect(types()).toEqual([])
  })

  it('sends one again on demand', async () => {
    const { stripe, control, deliverDue, types } = openStandIn()
    await stripe.customers.create({ name: 'Ada' })
    await deliverDue()
    const [event] = (await stripe.events.list({ type: 'customer.created' })).data
    const replayed = await control(`/events/${event!.id}/replay`)
    expect(replayed.json).toEqual({ delivered: [{ eventId: event!.id, status: 200 }] })
    expect(types()).toEqual(['customer.created', 'customer.created'])
  })

  it('says what is wrong with what it is told', async () => {
    const { control } = openStandIn()
    expect((await control('/webhooks', { mode: 'lose' })).status).toBe(400)
    expect((await control('/events/evt_no/replay')).status).toBe(404)
  })
})

describe('the control of faults', () => {
  it.each([
    ['429', 429, 'StripeRateLimitError'],
    ['500', 500, 'StripeAPIError'],
  ])('makes the next calls fail with %s before anything is done', async (mode, statusCode, type) => {
    const { stripe, control } = openStandIn()
    await control('/faults', { mode, count: 2 })
    await expect(pay(stripe)).rejects.toMatchObject({ statusCode, type })
    await expect(pay(stripe)).rejects.toMatchObject({ statusCode, type })
    await pay(stripe)
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1)
  })

  it('can be meant for one path alone', async () => {
    const { stripe, control } = openStandIn()
    await control('/faults', { mode: '500', path: '/v1/refunds' })
    await pay(stripe)
    await expect(stripe.refunds.list()).rejects.toMatchObject({ statusCode: 500 })
  })

  it('forgets everything on reset', async () => {
    const { stripe, control } = openStandIn()
    await pay(stripe)
    await control('/reset')
    expect((await stripe.paymentIntents.list()).data).toEqual([])
  })
})

it('events are listed by type, the newest first', async () => {
  const { stripe } = openStandIn()
  await pay(stripe)
  const about = await stripe.events.list({ type: 'payment_intent.*' })
  expect(about.data.map(({ type }) => type)).toEqual(['payment_intent.succeeded', 'payment_intent.created'])
})
