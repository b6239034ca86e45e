import { describe, expect, it } from 'vitest'
import { openStandIn } from './client.ts'

const amount = { amount: 1000, currency: 'usd' }

async function savedCard(stripe: ReturnType<typeof openStandIn>['stripe'], testCard: string) {
  const customer = await stripe.customers.create({ name: 'Ada' })
  const method = await stripe.paymentMethods.attach(testCard, { customer: customer.id })
  return { customer: customer.id, payment_method: method.id }
}

describe('a test card', () => {
  it.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'processing_error'],
  ])('%s is refused with %s, %s', async (payment_method, code, decline_code) => {
    const { stripe } = openStandIn()
    const refused = stripe.paymentIntents.create({ ...amount, payment_method, confirm: true })
    await expect(refused).rejects.toMatchObject({
      statusCode: 402,
      type: 'StripeCardError',
      code,
      decline_code,
    })
    const [intent] = (await stripe.paymentIntents.list()).data
    expect(intent).toMatchObject({
      status: 'requires_payment_method',
      amount_received: 0,
      payment_method: null,
      last_payment_error: { type: 'card_error', code, decline_code },
    })
    const [charge] = (await stripe.charges.list()).data
    expect(charge).toMatchObject({ status: 'failed', paid: false, failure_code: code, amount_captured: 0 })
  })

  it('that succeeds pays once: a second confirmation is refused', async () => {
    const { stripe } = openStandIn()
    const { id } = await stripe.paymentIntents.create({ ...amount, payment_method: 'pm_card_visa' })
    const paid = await stripe.paymentIntents.confirm(id)
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 1000 })
    await expect(stripe.paymentIntents.confirm(id)).rejects.toMatchObject({
      statusCode: 400,
      code: 'payment_intent_unexpected_state',
    })
    await expect(stripe.paymentIntents.cancel(id)).rejects.toMatchObject({
      code: 'payment_intent_unexpected_state',
    })
  })

  it('can be tried again with another card after a refusal', async () => {
    const { stripe } = openStandIn()
    const { id } = await stripe.paymentIntents.create(amount)
    await expect(
      stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_chargeDeclined' }),
    ).rejects.toThrow('Your card was declined.')
    const paid = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' })
    expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null })
  })

  it('that is refused cannot be saved; one that is refused later can', async () => {
    const { stripe } = openStandIn()
    await expect(savedCard(stripe, 'pm_card_chargeDeclined')).rejects.toMatchObject({ code: 'card_declined' })
    const saved = await savedCard(stripe, 'pm_card_chargeCustomerFail')
    await expect(
      stripe.paymentIntents.create({ ...amount, ...saved, confirm: true, off_session: true }),
    ).rejects.toMatchObject({ decline_code: 'generic_decline' })
  })

  it('of one customer cannot pay for another', async () => {
    const { stripe } = openStandIn()
    const { payment_method } = await savedCard(stripe, 'pm_card_visa')
    const other = await stripe.customers.create({ name: 'Bob' })
    await expect(
      stripe.paymentIntents.create({ ...amount, customer: other.id, payment_method, confirm: true }),
    ).rejects.toMatchObject({ statusCode: 400, param: 'payment_method' })
  })
})

describe('a card that asks its holder', () => {
  it('is refused while the holder is away, and waits for the holder otherwise', async () => {
    const { stripe } = openStandIn()
    const saved = await savedCard(stripe, 'pm_card_authenticationRequired')
    await expect(
      stripe.paymentIntents.create({ ...amount, ...saved, confirm: true, off_session: true }),
    ).rejects.toMatchObject({ statusCode: 402, code: 'authentication_required' })
    const waiting = await stripe.paymentIntents.create({
      ...amount,
      ...saved,
      confirm: true,
      return_url: 'http://shop.test/back',
    })
    expect(waiting).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect_to_url' } })
  })
})

describe('a refund', () => {
  it('gives back a part, then the rest, and no more', async () => {
    const { stripe } = openStandIn()
    const { id } = await stripe.paymentIntents.create({
      ...amount,
      payment_method: 'pm_card_visa',
      confirm: true,
    })
    await stripe.refunds.create({ payment_intent: id, amount: 300 })
    const rest = await stripe.refunds.create({ payment_intent: id })
    expect(rest).toMatchObject({ amount: 700, status: 'succeeded' })
    await expect(stripe.refunds.create({ payment_intent: id })).rejects.toMatchObject({
      code: 'charge_already_refunded',
    })
    const [charge] = (await stripe.charges.list()).data
    expect(charge).toMatchObject({ refunded: true, amount_refunded: 1000 })
  })
})
