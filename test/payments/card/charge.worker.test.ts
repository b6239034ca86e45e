import { describe, expect, it } from 'vitest'
import { cardAttemptsOfInvoice } from '../../../src/payments/card/card.store.ts'
import { chargeCard } from '../../../src/payments/card/charge.job.ts'
import { mailPaymentFailed } from '../../../src/payments/card/payment-failed-mail.job.ts'
import { receivePayment } from '../../../src/payments/receive.job.ts'
import { issueInvoice } from '../../support/issued-invoice.ts'
import { connectStripe } from '../../support/stripe.ts'
import { env } from '../../support/worker.ts'
import { asked, context, db, invoiceWithCard, makeCustomer, NOW, standing } from './fixture.ts'

const { stripe, control } = connectStripe()

const charge = (invoiceId: string) => chargeCard(context, { invoiceId })
const attempts = (invoiceId: string) => cardAttemptsOfInvoice(db, invoiceId)

/** How many PaymentIntents of an invoice Stripe has, by their status. */
async function intents(invoiceId: string): Promise<string[]> {
  const { data } = await stripe.paymentIntents.list({ limit: 100 })
  return data.filter(({ metadata }) => metadata.invoice_id === invoiceId).map(({ status }) => status)
}

const wire = (invoice: { id: string; customerRef: string }, amount: bigint) =>
  receivePayment(
    db,
    {
      rail: 'wire',
      externalKey: `wire ${invoice.id}`,
      entityRef: 'acme-eu',
      customerRef: invoice.customerRef,
      currency: 'EUR',
      amount,
      receivedOn: '2026-01-20',
      payer: {},
      reference: '',
      invoiceId: invoice.id,
    },
    NOW,
  )

describe('charging a saved card', () => {
  it('takes what is open, and does nothing when asked again', async () => {
    const invoice = await invoiceWithCard(stripe, 'ch-1', 'pm_card_visa')
    await wire(invoice, 2_500n)
    await charge(invoice.id)
    await charge(invoice.id)
    // 100.00 less 25.00 by wire
    expect((await standing(invoice.id)).paid.sort()).toEqual([2_500n, 7_500n])
    expect(await attempts(invoice.id)).toMatchObject([{ attemptNo: 1, outcome: 'succeeded', amount: 7_500n }])
    expect(await intents(invoice.id)).toEqual(['succeeded'])
  })

  it('twice at once asks the card once', async () => {
    const invoice = await invoiceWithCard(stripe, 'ch-2', 'pm_card_visa')
    await Promise.all([charge(invoice.id), charge(invoice.id)])
    expect(await standing(invoice.id)).toEqual({ open: 0n, paid: [10_000n] })
    expect(await intents(invoice.id)).toEqual(['succeeded'])
  })

  it('that was cut off after Stripe took the money is completed by the next call', async () => {
    const cut = await invoiceWithCard(stripe, 'ch-3', 'pm_card_visa')
    await control('/webhooks', { mode: 'hold' })
    // Making the intent goes well; the answer to its confirmation is lost, and so are those to both retries.
    await control('/faults', { mode: 'drop_after_commit', count: 3, path: '/v1/payment_intents/' })
    await expect(charge(cut.id)).rejects.toThrow()
    expect(await standing(cut.id)).toEqual({ open: 10_000n, paid: [] })
    expect(await intents(cut.id)).toEqual(['succeeded'])
    await charge(cut.id)
    expect(await standing(cut.id)).toEqual({ open: 0n, paid: [10_000n] })
    expect(await intents(cut.id)).toEqual(['succeeded'])
    await control('/webhooks', { mode: 'deliver' })
  })

  it('that was cut off before the intent was known goes on with the same intent', async () => {
    const invoice = await invoiceWithCard(stripe, 'ch-4', 'pm_card_visa')
    await control('/faults', { mode: 'drop_after_commit', count: 3, path: '/v1/payment_intents' })
    await expect(charge(invoice.id)).rejects.toThrow()
    expect(await attempts(invoice.id)).toMatchObject([{ outcome: 'pending', paymentIntentId: null }])
    await charge(invoice.id)
    expect(await standing(invoice.id)).toEqual({ open: 0n, paid: [10_000n] })
    expect(await intents(invoice.id)).toEqual(['succeeded'])
  })

  it.each([
    ['in full leaves the card alone', 10_000n, 'canceled', []],
    ['in part leaves the rest to the card', 4_000n, 'succeeded', [6_000n]],
  ])('after a wire %s', async (name, amount, outcome, charged) => {
    const ref = `ch-5-${name.split(' ')[1]}`
    const invoice = await invoiceWithCard(stripe, ref, 'pm_card_visa')
    await control('/faults', { mode: 'drop_after_commit', count: 3, path: '/v1/payment_intents' })
    await expect(charge(invoice.id)).rejects.toThrow()
    await wire(invoice, amount)
    await charge(invoice.id)
    expect((await standing(invoice.id)).paid.sort()).toEqual([amount, ...charged])
    expect(await attempts(invoice.id)).toMatchObject([{ outcome }])
    expect(await intents(invoice.id)).toEqual([outcome])
  })

  it('does nothing for a paid invoice, or without a saved card', async () => {
    const paid = await invoiceWithCard(stripe, 'ch-7', 'pm_card_visa')
    await wire(paid, 10_000n)
    await charge(paid.id)
    await makeCustomer('ch-8')
    const cardless = await issueInvoice(db, { number: 'CH-8', customerRef: 'ch-8' })
    await charge(cardless.id)
    expect([...(await attempts(paid.id)), ...(await attempts(cardless.id))]).toEqual([])
  })
})

describe('a saved card that is refused', () => {
  it.each([
    ['ch-9', 'pm_card_chargeCustomerFail', 'declined', 'generic_decline', /declined/],
    ['ch-10', 'pm_card_authenticationRequired', 'needs_customer', 'authentication_required', /confirm/],
  ])(
    '%s: %s is %s, and its customer gets one mail with the way to pay',
    async (ref, card, outcome, code, subject) => {
      const invoice = await invoiceWithCard(stripe, ref, card)
      await charge(invoice.id)
      await charge(invoice.id)
      expect(await attempts(invoice.id)).toMatchObject([{ outcome, declineCode: code }])
      const mail = { invoiceId: invoice.id, attemptNo: 1 }
      expect((await asked('payment_failed_mail')).filter((payload) => equal(payload, mail))).toHaveLength(1)
      expect(await standing(invoice.id)).toEqual({ open: 10_000n, paid: [] })

      const [sent] = await mailsOf(mail)
      expect(sent).toMatchObject({ to: ['ap@globex.test'], subject: expect.stringMatching(subject) })
      expect(sent?.text).toContain(`http://accrue.test/i/${invoice.id}.`)
      expect(sent?.text).toContain('€100.00')
      expect(sent?.text).not.toContain(code)
    },
  )

  it('gets no mail any more when the invoice was paid otherwise', async () => {
    const invoice = await invoiceWithCard(stripe, 'ch-11', 'pm_card_chargeCustomerFail')
    await charge(invoice.id)
    await wire(invoice, 10_000n)
    expect(await mailsOf({ invoiceId: invoice.id, attemptNo: 1 })).toEqual([])
  })
})

const equal = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

type Sent = { to: string[]; subject: string; text: string }

async function mailsOf(payload: { invoiceId: string; attemptNo: number }): Promise<Sent[]> {
  const sent: Sent[] = []
  const EMAIL = { send: async (mail: Sent) => void sent.push(mail) } as unknown as SendEmail
  await mailPaymentFailed({ ...context, env: { ...env, EMAIL } }, payload)
  return sent
}
