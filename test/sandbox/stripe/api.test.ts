import { describe, expect, it } from 'vitest'
import { openStandIn } from './client.ts'

const form = { amount: '1000', currency: 'usd' }

async function errorOf(answer: Response) {
  const { error } = (await answer.json()) as { error: { message: string; type: string; doc_url?: string } }
  return { status: answer.status, ...error }
}

describe('a call of the API', () => {
  it.each([
    ['no key', {}, /You did not provide an API key/],
    ['another scheme', { authorization: 'Basic sk_test_key' }, /You did not provide an API key/],
    [
      'a live key',
      { authorization: 'Bearer sk_live_123456789' },
      /^Invalid API Key provided: sk_live_\*+6789$/,
    ],
  ])('with %s is refused with 401', async (_, headers, message) => {
    const { call } = openStandIn()
    const error = await errorOf(await call('/v1/customers', { headers: headers as Record<string, string> }))
    expect(error).toMatchObject({ status: 401, type: 'invalid_request_error' })
    expect(error.message).toMatch(message)
  })

  it.each([
    ['a parameter that is not known', { ...form, colour: 'red' }, 'parameter_unknown', 'colour'],
    [
      'one that API version no longer knows',
      { ...form, 'payment_method_types[0]': 'card' },
      'parameter_unknown',
      'payment_method_types',
    ],
    [
      'a nested one that is not known',
      { ...form, 'automatic_payment_methods[enabled]': 'true', 'automatic_payment_methods[x]': '1' },
      'parameter_unknown',
      'automatic_payment_methods[x]',
    ],
    ['a required one missing', { currency: 'usd' }, 'parameter_missing', 'amount'],
    ['a fraction for a whole number', { ...form, amount: '10.5' }, 'parameter_invalid_integer', 'amount'],
    ['an amount of nothing', { ...form, amount: '0' }, 'parameter_invalid_integer', 'amount'],
    ['an amount below the minimum', { ...form, amount: '49' }, 'amount_too_small', 'amount'],
    [
      'a third decimal that is not 0',
      { amount: '5124', currency: 'kwd' },
      'parameter_invalid_integer',
      'amount',
    ],
    ['part of a króna', { amount: '50050', currency: 'isk' }, 'parameter_invalid_integer', 'amount'],
    ['an empty value that cannot be unset', { ...form, customer: '' }, 'parameter_invalid_empty', 'customer'],
    ['a customer that is not there', { ...form, customer: 'cus_no' }, 'resource_missing', 'customer'],
  ])('with %s is refused with 400', async (_, params, code, param) => {
    const { post } = openStandIn()
    const error = await errorOf(await post('/v1/payment_intents', params as Record<string, string>))
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error', code, param })
    expect(error.doc_url).toBe(`https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`)
  })

  it('names several unknown parameters at once, in the words of Stripe', async () => {
    const { post } = openStandIn()
    expect((await errorOf(await post('/v1/customers', { a: '1', b: '2' }))).message).toBe(
      'Received unknown parameters: a, b',
    )
  })

  it('for another version of the API is refused', async () => {
    const { post } = openStandIn()
    const error = await errorOf(await post('/v1/customers', {}, { 'stripe-version': '2020-08-27' }))
    expect(error.message).toBe('Invalid Stripe API version: 2020-08-27')
  })

  it('for something that is not there gives 404, with a request id', async () => {
    const { stripe, post } = openStandIn()
    await expect(stripe.customers.retrieve('cus_no')).rejects.toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      message: "No such customer: 'cus_no'",
      requestId: expect.stringMatching(/^req_/),
    })
    expect((await errorOf(await post('/v1/invoices', {}))).message).toMatch(
      /^Unrecognized request URL \(POST: \/v1\/invoices\)/,
    )
  })
})

describe('an Idempotency-Key', () => {
  it('gets the first answer again, and makes nothing anew', async () => {
    const { stripe, post } = openStandIn()
    const key = { 'idempotency-key': 'k1' }
    const first = await post('/v1/payment_intents', form, key)
    const again = await post('/v1/payment_intents', { currency: 'usd', amount: '1000' }, key)
    expect(await again.json()).toEqual(await first.json())
    expect(first.headers.get('idempotent-replayed')).toBeNull()
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(again.headers.get('original-request')).toBe(first.headers.get('request-id'))
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1)
  })

  it('is refused with other parameters', async () => {
    const { post } = openStandIn()
    const key = { 'idempotency-key': 'k2' }
    await post('/v1/payment_intents', form, key)
    const error = await errorOf(await post('/v1/payment_intents', { ...form, amount: '2000' }, key))
    expect(error).toMatchObject({ status: 400, type: 'idempotency_error' })
  })

  it('repeats a refusal of the card too, so that the card is asked once', async () => {
    const { stripe } = openStandIn()
    const pay = () =>
      stripe.paymentIntents.create(
        { amount: 1000, currency: 'usd', payment_method: 'pm_card_chargeDeclined', confirm: true },
        { idempotencyKey: 'k3' },
      )
    await expect(pay()).rejects.toMatchObject({ code: 'card_declined' })
    await expect(pay()).rejects.toMatchObject({ code: 'card_declined' })
    expect((await stripe.charges.list()).data).toHaveLength(1)
  })

  it('keeps nothing of a call whose parameters were wrong', async () => {
    const { post } = openStandIn()
    const key = { 'idempotency-key': 'k4' }
    expect((await post('/v1/payment_intents', { currency: 'usd' }, key)).status).toBe(400)
    expect((await post('/v1/payment_intents', form, key)).status).toBe(200)
  })

  it('that is in use by a call under way gives 409', async () => {
    const { post } = openStandIn()
    const answers = await Promise.all(
      [1, 2].map(() => post('/v1/payment_intents', form, { 'idempotency-key': 'k5' })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })
})

describe('a list', () => {
  it('is read page by page, the newest first, in both directions', async () => {
    const { stripe } = openStandIn()
    const ids: string[] = []
    for (const name of ['a', 'b', 'c', 'd', 'e']) ids.unshift((await stripe.customers.create({ name })).id)
    const first = await stripe.customers.list({ limit: 2 })
    expect(first).toMatchObject({ object: 'list', url: '/v1/customers', has_more: true })
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2))
    const before = await stripe.customers.list({ limit: 2, ending_before: ids[4]! })
    expect(before.data.map(({ id }) => id)).toEqual(ids.slice(2, 4))
    const all = await stripe.customers.list({ limit: 2 }).autoPagingToArray({ limit: 100 })
    expect(all.map(({ id }) => id)).toEqual(ids)
  })

  it('can be cut by time of creation', async () => {
    let now = 1_000_000
    const { stripe } = openStandIn({ clock: () => now })
    await stripe.customers.create({ name: 'early' })
    now = 2_000_000
    await stripe.customers.create({ name: 'late' })
    const { data } = await stripe.customers.list({ created: { gt: 1000, lte: 2000 } })
    expect(data.map(({ name }) => name)).toEqual(['late'])
  })

  it('refuses a page of more than a hundred, and a cursor that is not there', async () => {
    const { stripe } = openStandIn()
    await expect(stripe.customers.list({ limit: 101 })).rejects.toMatchObject({ param: 'limit' })
    await expect(stripe.customers.list({ starting_after: 'cus_no' })).rejects.toMatchObject({
      code: 'resource_missing',
      param: 'starting_after',
    })
  })
})

it('metadata is merged key by key, and an empty value takes its key away', async () => {
  const { stripe } = openStandIn()
  const { id } = await stripe.customers.create({ metadata: { a: '1', b: '2' } })
  const { metadata } = await stripe.customers.update(id, { metadata: { b: '', c: '3' } })
  expect(metadata).toEqual({ a: '1', c: '3' })
})

it('expands what is asked for, and says when that cannot be', async () => {
  const { stripe } = openStandIn()
  const customer = await stripe.customers.create({ name: 'Ada' })
  const { id } = await stripe.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    customer: customer.id,
    payment_method: 'pm_card_visa',
    confirm: true,
  })
  const intent = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge.customer'] })
  expect(intent.latest_charge).toMatchObject({ status: 'succeeded', customer: { name: 'Ada' } })
  await expect(stripe.paymentIntents.retrieve(id, { expand: ['status'] })).rejects.toThrow(
    'cannot be expanded',
  )
})
