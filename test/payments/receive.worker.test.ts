import { and, eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { outbox } from '../../src/delivery/delivery.schema.ts'
import { allocationsOfInvoice, findInvoice } from '../../src/invoicing/invoicing.store.ts'
import { journalEntries, postings } from '../../src/ledger/ledger.schema.ts'
import { findPayment, listPayments, paymentsOfInvoice } from '../../src/payments/payments.store.ts'
import { type ReceivedPayment, receivePayment } from '../../src/payments/receive.job.ts'
import { undoAllocation } from '../../src/payments/undo.job.ts'
import { openDb } from '../../src/storage/db.store.ts'
import { issueInvoice } from '../support/issued-invoice.ts'
import { openListFaults } from '../support/open-lists.ts'
import { api, env } from '../support/worker.ts'

const db = openDb(env.DB)
const NOW = Date.UTC(2026, 0, 20)

const money = (externalKey: string, fields: Partial<ReceivedPayment> = {}): ReceivedPayment => ({
  rail: 'wire',
  externalKey,
  entityRef: 'acme-eu',
  customerRef: null,
  currency: 'EUR',
  amount: 10_000n,
  receivedOn: '2026-01-20',
  payer: {},
  reference: '',
  ...fields,
})

const postingsOf = (event: string, sourceId: string) =>
  db
    .select({ account: postings.account, amount: postings.amount, date: journalEntries.postingDate })
    .from(postings)
    .innerJoin(journalEntries, eq(journalEntries.id, postings.entryId))
    .where(and(eq(journalEntries.event, event), eq(journalEntries.sourceId, sourceId)))
    .orderBy(postings.lineNo)

const allocatedOf = async (invoiceId: string) => (await findInvoice(db, invoiceId))?.allocated

describe('a payment', () => {
  it('settles its invoice: rows, entries and the receipt mail in one go', async () => {
    const invoice = await issueInvoice(db, { number: 'INV-2026-0101' })
    const got = await receivePayment(db, money('r1', { rail: 'card', invoiceId: invoice.id }), NOW)
    expect(got).toMatchObject({ outcome: 'recorded', rule: 'strong_evidence', credit: 0n, unapplied: 0n })
    expect(got.allocations).toEqual([{ invoiceId: invoice.id, amount: 10_000n, rule: 'strong_evidence' }])
    expect(got.payment).toMatchObject({ customerRef: 'globex', recordedAt: NOW })

    const [applied] = (await findPayment(db, got.payment.id))!.allocations
    expect(await postingsOf('payment_received', got.payment.id)).toEqual([
      { account: 'stripe_clearing', amount: 10_000n, date: '2026-01-20' },
      { account: 'unapplied_cash', amount: -10_000n, date: '2026-01-20' },
    ])
    expect(await postingsOf('payment_allocated', applied!.id)).toEqual([
      { account: 'unapplied_cash', amount: 10_000n, date: '2026-01-20' },
      { account: 'accounts_receivable', amount: -10_000n, date: '2026-01-20' },
    ])
    const mails = await db.select().from(outbox).where(eq(outbox.topic, 'receipt_mail'))
    expect(mails.map(({ payload }) => payload)).toContainEqual({ allocationId: applied!.id })
    expect(await paymentsOfInvoice(db, invoice.id)).toMatchObject([{ id: got.payment.id, applied: 10_000n }])
  })

  it('that comes early may be short by the discount, and opens all of its invoice when it is undone', async () => {
    const tax = { name: 'VAT', percent: '19', inclusive: false, reason: null, note: null }
    const invoice = await issueInvoice(db, {
      ...{ number: 'INV-2026-0150', total: 11_900n, totalTax: 1_900n },
      taxes: [{ ...tax, taxable: '100.00', tax: '19.00' }],
      earlyPayment: { percent: '2', until: '2026-01-20' },
    })
    // 2 % of 119.00 are 2.38, of which 0.38 are tax.
    const got = await receivePayment(
      db,
      money('early', { amount: 11_662n, reference: invoice.paymentReference }),
      NOW,
    )
    expect(await allocatedOf(invoice.id)).toBe(11_900n)
    const discount = (await allocationsOfInvoice(db, invoice.id)).find(({ kind }) => kind === 'discount')!
    expect(await postingsOf('early_discount_taken', discount.id)).toEqual([
      { account: 'revenue_discount', amount: 200n, date: '2026-01-20' },
      { account: 'tax_payable', amount: 38n, date: '2026-01-20' },
      { account: 'accounts_receivable', amount: -238n, date: '2026-01-20' },
    ])
    const { json } = await api('GET', '/api/reports/tax?from=2026-01-20&to=2026-01-20&entity_ref=acme-eu')
    expect(json.rows).toMatchObject([{ tax_name: 'VAT', percent: '19', taxable: '-2.00', tax: '-0.38' }])

    const principal = { id: 'test', label: 'finance', scopes: [] }
    const [applied] = (await findPayment(db, got.payment.id))!.allocations
    await undoAllocation(db, { principal, requestId: 'req', now: NOW }, applied!.id, 'Wrong invoice')
    expect(await allocatedOf(invoice.id)).toBe(0n)
  })

  it('that is more than was open leaves a credit for the customer', async () => {
    const invoice = await issueInvoice(db, { number: 'INV-2026-0102', total: 7_000n })
    const got = await receivePayment(db, money('r2', { reference: invoice.paymentReference }), NOW)
    // 100.00 arrive for 70.00: 30.00 are credit.
    expect(got).toMatchObject({ rule: 'structured_reference', credit: 3_000n, unapplied: 0n })
    expect(await postingsOf('customer_credited', got.payment.id)).toMatchObject([
      { account: 'unapplied_cash', amount: 3_000n },
      { account: 'customer_credit', amount: -3_000n },
    ])
  })

  it('that came before its invoice is applied on the day of issue', async () => {
    const invoice = await issueInvoice(db, { number: 'INV-2026-0103', issueDate: '2026-02-01' })
    const got = await receivePayment(db, money('r3', { invoiceId: invoice.id }), NOW)
    const [applied] = (await findPayment(db, got.payment.id))!.allocations
    expect((await postingsOf('payment_allocated', applied!.id)).map(({ date }) => date)).toEqual([
      '2026-02-01',
      '2026-02-01',
    ])
  })

  it('that nothing explains is kept unapplied, in words', async () => {
    const got = await receivePayment(db, money('r4', { reference: 'thanks' }), NOW)
    expect(got).toMatchObject({ rule: 'unapplied', allocations: [], credit: 0n, unapplied: 10_000n })
    expect(got.payment.customerRef).toBeNull()
    expect((await findPayment(db, got.payment.id))?.match.explanation).toContain('No reference')
  })

  it('of another legal entity never settles an invoice', async () => {
    const invoice = await issueInvoice(db, { number: 'INV-2026-0104', entityRef: 'acme-us' })
    const got = await receivePayment(db, money('r5', { reference: invoice.number }), NOW)
    expect(got.rule).toBe('unapplied')
  })

  it.each([
    [0n, 'EUR', 'payment_amount_out_of_range'],
    [-1n, 'EUR', 'payment_amount_out_of_range'],
    [2n ** 53n, 'EUR', 'payment_amount_out_of_range'],
    [1n, 'XYZ', 'unknown_currency'],
  ])('of %s %s is refused', async (amount, currency, code) => {
    await expect(receivePayment(db, money('r6', { amount, currency }), NOW)).rejects.toMatchObject({ code })
  })
})

describe('the same money again', () => {
  it('gets the first answer, even when the world has moved on', async () => {
    const invoice = await issueInvoice(db, { number: 'INV-2026-0201' })
    const first = await receivePayment(db, money('d1', { amount: 4_000n, invoiceId: invoice.id }), NOW)
    await receivePayment(db, money('d2', { amount: 6_000n, invoiceId: invoice.id }), NOW)
    const again = await receivePayment(db, money('d1', { amount: 4_000n, invoiceId: invoice.id }), NOW + 1)
    expect(again).toEqual({ ...first, outcome: 'duplicate' })
    expect(await allocatedOf(invoice.id)).toBe(10_000n)
  })

  it('is never taken out of the record', async () => {
    await receivePayment(db, money('kept'), NOW)
    await expect(env.DB.prepare('DELETE FROM payments').run()).rejects.toThrow('a payment is a fact')
  })

  it('reported by ten at once is recorded once', async () => {
    const invoice = await issueInvoice(db, { number: 'INV-2026-0202' })
    const reports = Array.from({ length: 10 }, () =>
      receivePayment(db, money('d3', { invoiceId: invoice.id }), NOW),
    )
    const outcomes = (await Promise.all(reports)).map(({ outcome }) => outcome)
    expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(1)
    expect(await allocatedOf(invoice.id)).toBe(10_000n)
  })

  it('with another amount is a conflict, and nothing is written', async () => {
    await receivePayment(db, money('d4'), NOW)
    await expect(receivePayment(db, money('d4', { amount: 9n }), NOW)).rejects.toMatchObject({
      status: 409,
      code: 'payment_key_reused',
    })
  })
})

/** The database, where something else is committed just before each of the first `times` batches. */
const overtakenBy = (other: (time: number) => Promise<unknown>, times: number) => {
  let time = 0
  return openDb({
    prepare: (query: string) => env.DB.prepare(query),
    batch: async (statements: D1PreparedStatement[]) => {
      if (time++ < times) await other(time)
      return env.DB.batch(statements)
    },
  } as unknown as D1Database)
}

describe('payments that race for one invoice', () => {
  it('are decided anew when another one took the open amount first', async () => {
    const invoice = await issueInvoice(db, { number: 'INV-2026-0302' })
    const take = () => receivePayment(db, money('overtaking', { amount: 7_000n, invoiceId: invoice.id }), NOW)
    const got = await receivePayment(
      overtakenBy(take, 1),
      money('overtaken', { amount: 6_000n, invoiceId: invoice.id }),
      NOW,
    )
    // 100.00 were open; 70.00 went to the other, so 30.00 of the 60.00 are applied and 30.00 are credit.
    expect(got).toMatchObject({ outcome: 'recorded', allocations: [{ amount: 3_000n }], credit: 3_000n })
  })

  it('are given up after five times, with nothing written', async () => {
    const invoice = await issueInvoice(db, { number: 'INV-2026-0303' })
    const take = (time: number) =>
      receivePayment(db, money(`again-${time}`, { amount: 1_000n, invoiceId: invoice.id }), NOW)
    const unlucky = money('unlucky', { invoiceId: invoice.id })
    await expect(receivePayment(overtakenBy(take, 9), unlucky, NOW)).rejects.toMatchObject({
      status: 409,
      code: 'invoice_contended',
    })
    expect(await allocatedOf(invoice.id)).toBe(5_000n)
    expect((await receivePayment(db, unlucky, NOW)).outcome).toBe('recorded')
  })

  it('never allocate more than it has open; what is too much becomes credit', async () => {
    const invoice = await issueInvoice(db, { number: 'INV-2026-0301' })
    const outcomes = await Promise.all(
      ['a', 'b', 'c'].map((key) =>
        receivePayment(db, money(`race-${key}`, { amount: 6_000n, invoiceId: invoice.id }), NOW),
      ),
    )
    // 3 × 60.00 arrive for 100.00: 100.00 are allocated, 80.00 are credit, whoever comes first.
    const allocated = outcomes
      .flatMap(({ allocations }) => allocations)
      .reduce((sum, { amount }) => sum + amount, 0n)
    expect(allocated).toBe(10_000n)
    expect(await allocatedOf(invoice.id)).toBe(10_000n)
    expect(outcomes.reduce((sum, { credit }) => sum + credit, 0n)).toBe(8_000n)
    expect(outcomes.every(({ outcome }) => outcome === 'recorded')).toBe(true)
  })
})

describe('a known account', () => {
  const account = 'DE89370400440532013000'

  it('is learned from a payment that was matched, and then decides on a single equal amount', async () => {
    const named = await issueInvoice(db, { number: 'INV-2026-0401', customerRef: 'umbrella', total: 1_111n })
    const before = money('k0', { amount: 2_222n, payer: { account } })
    expect((await receivePayment(db, before, NOW)).rule).toBe('unapplied')
    await receivePayment(
      db,
      money('k1', { amount: 1_111n, payer: { account }, reference: named.number }),
      NOW,
    )

    const silent = await issueInvoice(db, { number: 'INV-2026-0402', customerRef: 'umbrella', total: 2_222n })
    const got = await receivePayment(db, { ...before, externalKey: 'k2' }, NOW)
    expect(got).toMatchObject({
      rule: 'known_payer',
      allocations: [{ invoiceId: silent.id, amount: 2_222n }],
    })
  })

  it('decides nothing once it has paid for two customers', async () => {
    const others = await issueInvoice(db, { number: 'INV-2026-0403', customerRef: 'stark', total: 3_333n })
    await receivePayment(
      db,
      money('k3', { amount: 3_333n, payer: { account }, reference: others.number }),
      NOW,
    )
    await issueInvoice(db, { number: 'INV-2026-0404', customerRef: 'umbrella', total: 4_444n })
    const got = await receivePayment(db, money('k4', { amount: 4_444n, payer: { account } }), NOW)
    expect(got.rule).toBe('unapplied')
  })
})

it('leaves the books balanced, and in step with the payments', async () => {
  const rows = await db.select({ account: postings.account, amount: postings.amount }).from(postings)
  const balance = (account?: string) =>
    rows.filter((row) => !account || row.account === account).reduce((sum, { amount }) => sum + amount, 0n)
  expect(balance()).toBe(0n)
  const { rows: received } = await listPayments(db, { limit: 200 })
  const total = (of: (payment: (typeof received)[number]) => bigint) =>
    received.reduce((sum, payment) => sum + of(payment), 0n)
  expect(-balance('unapplied_cash')).toBe(total(({ amount, applied, credit }) => amount - applied - credit))
  expect(-balance('customer_credit')).toBe(total(({ credit }) => credit))
  expect(await openListFaults(env.DB)).toEqual([])
})
