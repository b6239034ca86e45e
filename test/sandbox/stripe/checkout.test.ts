import { describe, expect, it } from 'vitest'
import { openSession, openStandIn } from './client.ts'

const VISA = '4242 4242 4242 4242'
const pathOf = (url: string | null) => new URL(url!).pathname

describe('the hosted page', () => {
  it('shows what is to be paid, takes a card, and leads on', async () => {
    const { stripe, call, post } = openStandIn()
    const session = await openSession(stripe)
    const page = await (await call(pathOf(session.url))).text()
    expect(page).toContain('Invoice 7')
    expect(page).toContain('$5.00')

    const paid = await post(pathOf(session.url), { number: VISA, name: 'Ada' })
    expect(paid.status).toBe(303)
    expect(paid.headers.get('location')).toBe(`http://shop.test/done?session=${session.id}`)
    const after = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] })
    expect(after).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      url: null,
      customer_details: { name: 'Ada' },
      payment_intent: { status: 'succeeded', amount_received: 500 },
    })
  })

  it('escapes what it shows', async () => {
    const { stripe, call } = openStandIn()
    const session = await openSession(stripe, {
      line_items: [
        { price_data: { currency: 'usd', unit_amount: 500, product_data: { name: '<script>x</script>' } } },
      ],
    })
    expect(await (await call(pathOf(session.url))).text()).toContain('&lt;script&gt;x&lt;/script&gt;')
  })

  it.each([
    ['4000 0000 0000 0002', 'Your card was declined.'],
    ['4000 0000 0000 9995', 'Your card has insufficient funds.'],
    ['1234', 'Your card number is invalid.'],
  ])('with the card %s says: %s The next card may be tried', async (number, message) => {
    const { stripe, post } = openStandIn()
    const { id, url } = await openSession(stripe)
    const refused = await post(pathOf(url), { number })
    expect(refused.status).toBe(402)
    expect(await refused.text()).toContain(message)
    expect((await stripe.checkout.sessions.retrieve(id)).status).toBe('open')
    expect((await post(pathOf(url), { number: VISA })).status).toBe(303)
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1)
  })

  it.each(['4000 0027 6000 3184', '4000 0025 0000 3155'])('with %s asks the holder first', async (number) => {
    const { stripe, call, post } = openStandIn()
    const { id, url } = await openSession(stripe)
    const asked = await post(pathOf(url), { number })
    const bank = asked.headers.get('location')!
    expect(bank).toBe(`${pathOf(url)}/authenticate`)
    expect(await (await call(bank)).text()).toContain('Complete authentication')

    const failed = await post(bank, { outcome: 'fail' })
    expect(await failed.text()).toContain('unable to authenticate')
    expect((await stripe.checkout.sessions.retrieve(id)).payment_status).toBe('unpaid')

    await post(pathOf(url), { number })
    expect((await post(bank, { outcome: 'complete' })).headers.get('location')).toMatch(
      /^http:\/\/shop\.test/,
    )
    expect((await stripe.checkout.sessions.retrieve(id)).payment_status).toBe('paid')
  })

  it('saves the card, confirmed, so that it can be charged while its holder is away', async () => {
    const { stripe, post } = openStandIn()
    const customer = await stripe.customers.create({ name: 'Ada' })
    const session = await openSession(stripe, {
      customer: customer.id,
      payment_intent_data: { setup_future_usage: 'off_session', metadata: { invoice_id: 'i7' } },
    })
    await post(pathOf(session.url), { number: '4000 0025 0000 3155' })
    await post(`${pathOf(session.url)}/authenticate`, { outcome: 'complete' })
    const [card] = (await stripe.paymentMethods.list({ customer: customer.id })).data
    const later = await stripe.paymentIntents.create({
      amount: 900,
      currency: 'usd',
      customer: customer.id,
      payment_method: card!.id,
      confirm: true,
      off_session: true,
    })
    expect(later.status).toBe('succeeded')
    const [, first] = (await stripe.paymentIntents.list()).data
    expect(first!.metadata).toEqual({ invoice_id: 'i7' })
  })
})

describe('a session', () => {
  it('cannot be paid twice, nor after it was closed', async () => {
    const { stripe, post } = openStandIn()
    const paid = await openSession(stripe)
    const path = pathOf(paid.url)
    await post(path, { number: VISA })
    expect(await (await post(path, { number: VISA })).text()).toContain('the payment is made')
    await expect(stripe.checkout.sessions.expire(paid.id)).rejects.toThrow(/status of `complete`/)

    const closed = await openSession(stripe)
    await stripe.checkout.sessions.expire(closed.id)
    expect((await post(pathOf(closed.url), { number: VISA })).status).toBe(410)
    expect((await stripe.charges.list()).data).toHaveLength(1)
  })

  it('expires by itself after 24 hours', async () => {
    let now = Date.UTC(2026, 0, 1)
    const { stripe } = openStandIn({ clock: async () => now })
    const { id, expires_at, created } = await openSession(stripe)
    expect(expires_at - created).toBe(86_400)
    now += 86_399_000
    expect((await stripe.checkout.sessions.retrieve(id)).status).toBe('open')
    now += 1_000
    expect((await stripe.checkout.sessions.retrieve(id)).status).toBe('expired')
  })

  it.each([
    ['29 minutes', 29 * 60, /at least 30 minutes/],
    ['25 hours', 25 * 3600, /less than 24 hours/],
  ])('does not take an end after %s', async (_, seconds, message) => {
    const { stripe } = openStandIn()
    const expires_at = Math.floor(Date.now() / 1000) + seconds
    await expect(openSession(stripe, { expires_at })).rejects.toThrow(message)
  })
})
