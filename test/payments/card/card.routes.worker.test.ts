import { eq } from 'drizzle-orm'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { stripeEvents } from '../../../src/payments/card/card.schema.ts'
import { differencesFromFacts } from '../../support/recomputed.ts'
import { connectStripe } from '../../support/stripe.ts'
import { api, env } from '../../support/worker.ts'
import { asked, db } from './fixture.ts'

const { stripe } = connectStripe()
// Made by another program on the same account: what becomes of it is none of our business.
const { id: intentId } = await stripe.paymentIntents.create({ amount: 700, currency: 'eur' })

const event = (id: string, type = 'payment_intent.succeeded') =>
  JSON.stringify({
    id,
    object: 'event',
    type,
    data: { object: { id: intentId, object: 'payment_intent' } },
  })

async function send(payload: string, signed: { secret?: string; ageSeconds?: number; over?: string } = {}) {
  const signature = await Stripe.webhooks.generateTestHeaderStringAsync({
    payload: signed.over ?? payload,
    secret: signed.secret ?? env.STRIPE_WEBHOOK_SECRET ?? '',
    timestamp: Math.floor(Date.now() / 1000) - (signed.ageSeconds ?? 0),
  })
  return api('POST', '/webhooks/stripe', {
    key: null,
    headers: { 'stripe-signature': signature },
    body: payload,
  })
}

const kept = (id: string) => db.select().from(stripeEvents).where(eq(stripeEvents.id, id))

describe('a webhook of Stripe', () => {
  it('is kept once with one piece of work, however often it comes', async () => {
    for (let time = 1; time <= 3; time++) {
      expect(await send(event('evt_thrice'))).toMatchObject({ status: 200, json: { received: true } })
    }
    expect(await kept('evt_thrice')).toMatchObject([{ objectId: intentId }])
    const work = await asked('stripe_event')
    expect(work.filter((payload) => 'eventId' in payload && payload.eventId === 'evt_thrice')).toHaveLength(1)
  })

  it('about something that is none of our business is answered and forgotten', async () => {
    expect((await send(event('evt_other', 'customer.created'))).status).toBe(200)
    expect(await kept('evt_other')).toEqual([])
  })

  it.each([
    ['signed with another secret', { secret: 'whsec_other' }],
    ['signed over another body', { over: '{}' }],
    ['older than five minutes', { ageSeconds: 301 }],
  ])('%s is refused, and nothing is kept', async (_, signed) => {
    const answer = await send(event('evt_forged'), signed)
    expect(answer).toMatchObject({ status: 400, json: { code: 'invalid_signature' } })
    expect(await kept('evt_forged')).toEqual([])
  })

  it('without a signature is refused', async () => {
    const answer = await api('POST', '/webhooks/stripe', { key: null, body: event('evt_unsigned') })
    expect(answer).toMatchObject({ status: 400, json: { code: 'invalid_signature' } })
  })

  it('four minutes old is taken', async () => {
    expect((await send(event('evt_late'), { ageSeconds: 240 })).status).toBe(200)
  })
})

it('leaves books that follow from the facts', async () => {
  expect(await differencesFromFacts()).toEqual([])
})
