import { eq, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { readTies } from '../../../src/closing/checklist/ties.store.ts'
import { credit, debit, journalEntry } from '../../../src/ledger/journal-entry.ts'
import { journalEntries, postings } from '../../../src/ledger/ledger.schema.ts'
import { postEntries } from '../../../src/ledger/ledger.store.ts'
import { cardAttemptsOfInvoice } from '../../../src/payments/card/card.store.ts'
import { chargeCard } from '../../../src/payments/card/charge.job.ts'
import { settleCharge } from '../../../src/payments/card/charge-fee.job.ts'
import { settleDispute } from '../../../src/payments/card/dispute.job.ts'
import { mailPaymentFailed } from '../../../src/payments/card/payment-failed-mail.job.ts'
import { settlePayout } from '../../../src/payments/card/payout.job.ts'
import { payouts, processorTransactions } from '../../../src/payments/card/payouts.schema.ts'
import { refundCard, settleRefund } from '../../../src/payments/card/refund-card.job.ts'
import { findPayment, paymentsOfInvoice } from '../../../src/payments/payments.store.ts'
import { receivePayment } from '../../../src/payments/receive.job.ts'
import { refundPayment } from '../../../src/payments/refund.job.ts'
import { undoAllocation } from '../../../src/payments/undo.job.ts'
import { commit } from '../../../src/storage/db.store.ts'
import { issueInvoice } from '../../support/issued-invoice.ts'
import { openListFaults } from '../../support/open-lists.ts'
import { connectStripe } from '../../support/stripe.ts'
import { api, env } from '../../support/worker.ts'
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

const entriesOf = async (id: string) => {
  const rows = await db
    .select({ account: postings.account, amount: postings.amount, event: journalEntries.event })
    .from(postings)
    .innerJoin(journalEntries, eq(journalEntries.id, postings.entryId))
    .where(eq(journalEntries.sourceId, id))
  return rows.map(({ event, account, amount }) => `${event} ${account} ${amount}`)
}

describe('a card payment that is taken back', () => {
  const actor = {
    principal: { id: 'test', label: 'finance', scopes: ['finance' as const] },
    requestId: 'req',
    now: NOW,
  }
  /** 100.00 that a card has paid, and that no invoice takes any more. */
  async function unappliedPayment(ref: string) {
    const invoice = await invoiceWithCard(stripe, ref, 'pm_card_visa')
    await charge(invoice.id)
    const [payment] = await paymentsOfInvoice(db, invoice.id)
    await undoAllocation(db, actor, payment!.allocationId, 'Paid by mistake')
    return payment!
  }

  it('goes back to the card once, whatever is lost on the way', async () => {
    const payment = await unappliedPayment('rf-1')
    const request = { amount: 3_000n, reason: 'Goodwill', key: 'r1' }
    const { refund } = await refundPayment(db, actor, payment.id, request)
    expect(refund.state).toBe('pending')
    await control('/faults', { mode: 'drop_after_commit', path: '/v1/refunds' })
    await refundCard(context, { refundId: refund.id }).catch(() => undefined)
    await refundCard(context, { refundId: refund.id })
    const { data } = await stripe.refunds.list({ payment_intent: payment.externalKey })
    expect(data.map(({ amount, status }) => [amount, status])).toEqual([[3_000, 'succeeded']])
    expect((await findPayment(db, payment.id))?.refunds).toMatchObject([
      { state: 'succeeded', processorRef: data[0]!.id },
    ])
    expect(await asked('refund_mail')).toContainEqual({ refundId: refund.id })
  })

  it('is the customer’s again where the refund fails later', async () => {
    const payment = await unappliedPayment('rf-2')
    const { refund } = await refundPayment(db, actor, payment.id, { reason: 'Goodwill', key: 'r1' })
    await refundCard(context, { refundId: refund.id })
    const made = (await findPayment(db, payment.id))!.refunds[0]!.processorRef!
    await control(`/refunds/${made}/fail`)
    await settleRefund(context, made)
    await settleRefund(context, made)
    expect(await findPayment(db, payment.id)).toMatchObject({ refunded: 0n, refunds: [{ state: 'failed' }] })
    expect(await entriesOf(refund.id)).toEqual([
      'payment_refunded unapplied_cash 10000',
      'payment_refunded stripe_clearing -10000',
      'refund_failed stripe_clearing 10000',
      'refund_failed unapplied_cash -10000',
    ])
  })

  it('in the Stripe dashboard opens its invoice by as much as was refunded, each time', async () => {
    const invoice = await invoiceWithCard(stripe, 'rf-3', 'pm_card_visa')
    await charge(invoice.id)
    const [payment] = await paymentsOfInvoice(db, invoice.id)
    for (const amount of [3_000, 2_000]) {
      const made = await stripe.refunds.create({ payment_intent: payment!.externalKey, amount })
      await settleRefund(context, made.id)
      await settleRefund(context, made.id)
      const { refunds } = (await findPayment(db, payment!.id))!
      const refund = refunds.find(({ processorRef }) => processorRef === made.id)!
      expect(await entriesOf(refund.id)).toEqual([
        `payment_refunded unapplied_cash ${amount}`,
        `payment_refunded stripe_clearing -${amount}`,
      ])
    }
    // 30.00 and 20.00 of 100.00
    expect(await standing(invoice.id)).toEqual({ open: 5_000n, paid: [5_000n] })
  })

  const dispute = async (ref: string, more: Record<string, unknown> = {}) => {
    const invoice = await invoiceWithCard(stripe, ref, 'pm_card_visa')
    await charge(invoice.id)
    const [payment] = await paymentsOfInvoice(db, invoice.id)
    const opened = (await control('/disputes', { payment_intent: payment!.externalKey, ...more })) as unknown
    return { invoice, id: (opened as { id: string }).id }
  }

  it('is withdrawn by a dispute, and comes back when it is won', async () => {
    const { invoice, id } = await dispute('dp-1')
    await settleDispute(context, id)
    await settleDispute(context, id)
    await control(`/disputes/${id}/close`, { status: 'won' })
    await settleDispute(context, id)
    // 100.00 and a fee of 15.00; the fee stays with Stripe.
    expect(await entriesOf(id)).toEqual([
      'dispute_opened disputes_receivable 10000',
      'dispute_opened processor_fees 1500',
      'dispute_opened stripe_clearing -11500',
      'dispute_won stripe_clearing 10000',
      'dispute_won disputes_receivable -10000',
    ])
    expect((await standing(invoice.id)).open).toBe(0n)
  })

  it('is lost by a dispute that is first heard of when it is over', async () => {
    const { id } = await dispute('dp-2')
    await control(`/disputes/${id}/close`, { status: 'lost' })
    await settleDispute(context, id)
    await settleDispute(context, id)
    expect(await entriesOf(id)).toEqual([
      'dispute_opened disputes_receivable 10000',
      'dispute_opened processor_fees 1500',
      'dispute_opened stripe_clearing -11500',
      'dispute_lost dispute_losses 10000',
      'dispute_lost disputes_receivable -10000',
    ])
  })

  it('is not touched by an inquiry', async () => {
    const { id } = await dispute('dp-3', { status: 'warning_needs_response' })
    await settleDispute(context, id)
    expect(await entriesOf(id)).toEqual([])
  })
})

describe('the balance at Stripe', () => {
  /** Law: Stripe clearing is the net of all balance transactions, less what was paid out. */
  const clearing = async () => {
    const [row] = await db
      .select({ sum: sql<number>`COALESCE(SUM(amount), 0)` })
      .from(postings)
      .where(eq(postings.account, 'stripe_clearing'))
    return row!.sum
  }
  const balance = async () => {
    const { data } = await stripe.balanceTransactions.list({ limit: 100 })
    return data.reduce((total, { net }) => total + net, 0)
  }
  const payOut = async () =>
    ((await control('/payouts', { currency: 'eur' })) as unknown as { id: string }).id
  const paid = async (ref: string) => {
    const invoice = await invoiceWithCard(stripe, ref, 'pm_card_visa')
    await charge(invoice.id)
    const [payment] = await paymentsOfInvoice(db, invoice.id)
    return payment!
  }

  it('loses the fee of each charge at once: 2.9 % of 100.00 and 0.30', async () => {
    const payment = await paid('bl-1')
    const [moved] = await db
      .select()
      .from(processorTransactions)
      .where(eq(processorTransactions.paymentId, payment.id))
    expect(moved).toMatchObject({ amount: 10_000n, fee: 320n, currency: 'EUR', payoutId: null })
    expect(await entriesOf(moved!.id)).toEqual([
      'processor_fee processor_fees 320',
      'processor_fee stripe_clearing -320',
    ])
    const { data } = await stripe.charges.list({ payment_intent: payment.externalKey })
    await settleCharge(context, data[0]!.id)
    expect(await entriesOf(moved!.id)).toHaveLength(2)
  })

  it('is what the books have, whatever happened before and whatever was not heard of', async () => {
    const unheard = await paid('bl-2')
    // Made at Stripe, and none of these events has reached us: the payout brings them.
    await stripe.refunds.create({ payment_intent: unheard.externalKey, amount: 1_000 })
    await control('/disputes', { payment_intent: (await paid('bl-3')).externalKey })
    const id = await payOut()
    await settlePayout(context, id)
    expect(await clearing()).not.toBe(0)
    await control(`/payouts/${id}/end`, { status: 'paid' })
    await settlePayout(context, id)
    await settlePayout(context, id)
    const [part] = await db.select().from(payouts).where(eq(payouts.processorRef, id))
    expect(part).toMatchObject({ state: 'paid', amount: part!.total })
    expect(await entriesOf(part!.id)).toEqual([
      `payout_paid cash ${part!.total}`,
      `payout_paid stripe_clearing -${part!.total}`,
    ])
    const [sum] = await db
      .select({ net: sql<number>`SUM(amount - fee)` })
      .from(processorTransactions)
      .where(eq(processorTransactions.payoutId, part!.id))
    expect(BigInt(sum!.net)).toBe(part!.amount)
    expect(await clearing()).toBe(await balance())
    expect(await clearing()).toBe(0)
  })

  it('has the money again that the bank sent back, and pays it out once more', async () => {
    const payment = await paid('bl-4')
    const id = await payOut()
    await control(`/payouts/${id}/end`, { status: 'paid' })
    await settlePayout(context, id)
    await control(`/payouts/${id}/end`, { status: 'failed' })
    await settlePayout(context, id)
    await settlePayout(context, id)
    // 100.00 less 3.20
    expect(await clearing()).toBe(9_680)
    const again = await payOut()
    await control(`/payouts/${again}/end`, { status: 'paid' })
    await settlePayout(context, again)
    const [part] = await db.select().from(payouts).where(eq(payouts.processorRef, again))
    expect(part).toMatchObject({ entityRef: payment.entityRef, amount: 9_680n, total: 9_680n })
    expect(await clearing()).toBe(0)
  })

  it('is tied to what was paid, refunded, disputed, kept and paid out, also while a payout is on its way', async () => {
    const { entityRef } = await paid('bl-5')
    const tie = async () => (await readTies(db, entityRef)).stripe_clearing
    // 100.00 less 3.20
    expect(await tie()).toEqual({ detail: new Map([['EUR', 9_680n]]), control: new Map([['EUR', 9_680n]]) })
    await settlePayout(context, await payOut())
    expect((await tie()).detail.get('EUR')).toBe(9_680n)

    const stray = journalEntry({
      entityRef,
      postingDate: '2026-01-20',
      event: 'payment_received',
      sourceId: 'stray',
      currency: 'EUR',
      description: 'No card was charged',
      recordedAt: NOW,
      postings: [debit('stripe_clearing', 5n), credit('unapplied_cash', 5n)],
    })
    await commit(db, postEntries(db, [stray], new Map()))
    const { detail, control: account } = await tie()
    expect([detail.get('EUR'), account.get('EUR')]).toEqual([9_680n, 9_685n])
  })

  it('is told payout by payout', async () => {
    const list = async (query: string) => (await api('GET', `/api/payouts?${query}`)).json
    const [latest] = (await list('limit=1')).data
    expect(latest).toMatchObject({
      state: 'in_transit',
      amount: '96.80',
      transactions: { count: 1, amount: '100.00', fees: '3.20', net: '96.80' },
      paid_at: null,
    })
    const { data } = await list(`entity_ref=${latest.entity_ref}&state=paid`)
    expect(data.length).toBeGreaterThan(0)
    const first = await list('limit=1')
    const second = await list(`limit=1&cursor=${first.next_cursor}`)
    expect(second.data[0].payout_id).not.toBe(latest.payout_id)
    expect((await list('entity_ref=nobody')).data).toEqual([])
  })
})

it('leaves lists of what is open that agree with payments and refunds', async () => {
  expect(await openListFaults(env.DB)).toEqual([])
})
