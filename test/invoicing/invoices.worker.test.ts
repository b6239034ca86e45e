import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { outbox } from '../../src/delivery/delivery.schema.ts'
import type { Env } from '../../src/env.ts'
import { allocations } from '../../src/invoicing/allocations.schema.ts'
import { invoiceOfToken } from '../../src/invoicing/documents/hosted-link.ts'
import { mailIssuedInvoice } from '../../src/invoicing/documents/issued-mail.job.ts'
import { cycleCloses, invoices } from '../../src/invoicing/invoicing.schema.ts'
import { openInvoices } from '../../src/invoicing/invoicing.store.ts'
import { payments } from '../../src/payments/payments.schema.ts'
import { linesToSchedule } from '../../src/revenue/billed-services.store.ts'
import { revenueContracts } from '../../src/revenue/revenue.schema.ts'
import { commit, insertRows } from '../../src/storage/db.store.ts'
import { sold, termsOf } from '../support/contract-terms.ts'
import { openListFaults } from '../support/open-lists.ts'
import { api, env } from '../support/worker.ts'
import { CALLS, flat } from './closing.ts'
import { db, report, tick, writeContract } from './rows.ts'

/** Three invoices: seats 20.00 and setup 250.00 at the start, then calls 5.00 with seats 20.00, then seats 20.00. */
const TERMS = termsOf([sold('calls', CALLS), sold('seats', flat('20.00')), sold('setup', flat('250.00'))])

beforeAll(async () => {
  await writeContract('read', TERMS, { email: 'ap@acme.test, cfo@acme.test' })
  await report('read', 'e1', '2026-01-10T00:00:00Z', '50')
  await tick('2026-03-01T00:01:00Z')
})

/** Applies a payment to an invoice, as the payments room does. */
const pay = async (invoiceId: string, amount: bigint) => {
  const id = `pay-${invoiceId}`
  await commit(db, [
    ...insertRows(db, payments, [
      {
        id,
        rail: 'manual',
        externalKey: id,
        entityRef: 'seller-read',
        customerRef: 'customer-read',
        currency: 'USD',
        amount,
        receivedOn: '2026-03-02',
        payer: {},
        reference: '',
        recordedAt: 0,
      },
    ]),
    ...insertRows(db, allocations, [
      {
        id: `all-${invoiceId}`,
        kind: 'payment',
        paymentId: id,
        invoiceId,
        amount,
        rule: 'reference',
        explanation: 'The payment quotes the reference.',
        actor: 'test',
        createdAt: 0,
      },
    ]),
  ])
}

const rowOf = async (cycleNo: number) =>
  (await db.select().from(invoices).where(eq(invoices.cycleNo, cycleNo)))[0]!

describe('reading invoices', () => {
  it('lists them newest first, a page at a time', async () => {
    const first = await api('GET', '/api/invoices?contract_ref=read&limit=2')
    expect(first.status).toBe(200)
    expect(first.json.data.map((invoice: { document_number: string }) => invoice.document_number)).toEqual([
      'INV000003',
      'INV000002',
    ])
    const second = await api(
      'GET',
      `/api/invoices?contract_ref=read&limit=2&cursor=${first.json.next_cursor}`,
    )
    expect(second.json.data).toMatchObject([{ document_number: 'INV000001', total: '270.00' }])
    expect(second.json.next_cursor).toBeNull()
  })

  it('shows one by its id or its number, with what was paid', async () => {
    const { id } = await rowOf(1)
    await pay(id, 1000n)
    const byNumber = await api('GET', '/api/invoices/INV000002')
    expect(byNumber.json).toMatchObject({
      invoice_ref: id,
      state: 'PARTIALLY_PAID',
      sub_total: '25.00',
      total: '25.00',
      amount_due: '15.00',
      lines: [
        { kind: 'usage', product_ref: 'calls', quantity: '50', amount: '5.00' },
        { kind: 'recurring', product_ref: 'seats', amount: '20.00', service_start: '2026-02-01' },
      ],
      allocations: [{ amount: '10.00', rule: 'reference' }],
      customer: { name: 'ACME GmbH' },
      pdf_url: `http://accrue.test/api/invoices/${id}/pdf`,
    })
    const token = byNumber.json.hosted_url.split('/i/')[1]
    expect(invoiceOfToken('a-link-secret-for-tests', token)).toBe(id)
    expect((await api('GET', `/api/invoices/${id}`)).json).toEqual(byNumber.json)
    expect((await api('GET', '/api/invoices/INV999999')).json).toMatchObject({ code: 'invoice_not_found' })
  })

  it('names the events behind a line of usage, and none behind a fee', async () => {
    const { lines } = (await api('GET', '/api/invoices/INV000002')).json
    expect(lines[1].usage_events).toBeNull()
    expect(lines[0].usage_events).toMatchObject({
      customer_ref: 'customer-read',
      product_ref: 'calls',
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-02-01T00:00:00.000Z',
    })
    const { data } = (await api('GET', lines[0].usage_events.url)).json
    expect(data).toMatchObject([{ event_id: 'e1', quantity: '50' }])
  })

  it('finds them by state', async () => {
    await pay((await rowOf(2)).id, 2000n)
    const numbersOf = async (state: string) =>
      (await api('GET', `/api/invoices?state=${state}&customer_ref=customer-read`)).json.data.map(
        (invoice: { document_number: string }) => invoice.document_number,
      )
    expect(await numbersOf('ISSUED')).toEqual(['INV000001'])
    expect(await numbersOf('PARTIALLY_PAID')).toEqual(['INV000002'])
    expect(await numbersOf('PAID')).toEqual(['INV000003'])
    const open = await openInvoices(db, { entityRef: 'seller-read', currency: 'USD' })
    expect(open.map(({ number, allocated }) => [number, allocated])).toEqual([
      ['INV000001', 0n],
      ['INV000002', 1000n],
    ])
  })

  it('asks for the id where two sellers used one number', async () => {
    await writeContract('other', termsOf([sold('setup', flat('1.00'))]))
    await tick('2026-03-01T00:02:00Z')
    const { status, json } = await api('GET', '/api/invoices/INV000001')
    expect(status).toBe(409)
    expect(json.code).toBe('invoice_number_ambiguous')
  })

  it('gives the PDF', async () => {
    const answer = await api('GET', `/api/invoices/${(await rowOf(1)).id}/pdf`)
    expect(answer.headers.get('content-type')).toBe('application/pdf')
    expect(answer.headers.get('content-disposition')).toContain('INV000002.pdf')
    expect(answer.text.slice(0, 4)).toBe('%PDF')
  })

  it('refuses a key that may only send usage', async () => {
    expect((await api('GET', '/api/invoices', { key: 'sandbox_ingest_key' })).status).toBe(403)
  })
})

describe('upcoming invoices', () => {
  it('shows the running cycle and the next as the close would, and writes nothing', async () => {
    await writeContract('soon', termsOf([sold('calls', CALLS), sold('seats', flat('20.00'))]))
    await report('soon', 'e1', '2026-01-10T00:00:00Z', '100')
    await tick('2026-02-01T00:03:00Z')
    await report('soon', 'late', '2026-01-11T00:00:00Z', '20')
    await report('soon', 'e2', '2026-02-10T00:00:00Z', '10')
    const closes = await db.$count(cycleCloses)

    // February: 10 calls are 1.00, seats for March 20.00, and 20 late calls of January at 0.05.
    const current = await api('GET', '/api/contracts/invoices/current/soon')
    expect(current.json.data).toMatchObject([{ state: 'DRAFT', total: '22.00', period_start: '2026-02-01' }])
    const next = await api('GET', '/api/contracts/invoices/next/soon')
    expect(next.json.data).toMatchObject([
      // The boundary of the cycle from 1 March is 1 April; net terms are 30 days.
      {
        state: 'DRAFT',
        total: '20.00',
        period_start: '2026-03-01',
        issue_date: '2026-04-01',
        due_date: '2026-05-01',
      },
    ])
    expect(await db.$count(cycleCloses)).toBe(closes)

    // Looking has sealed nothing: usage that comes later is still of the cycle.
    await report('soon', 'e3', '2026-02-11T00:00:00Z', '10')
    await tick('2026-03-01T00:03:00Z')
    const [issued] = (await api('GET', '/api/invoices?contract_ref=soon')).json.data
    expect(issued.total).toBe('23.00')
  })

  it('says when a contract has nothing left', async () => {
    await writeContract('gone', termsOf([sold('setup', flat('1.00'))], { end_date: '2026-02-01' }))
    expect((await api('GET', '/api/contracts/invoices/next/gone')).json).toMatchObject({ data: [] })
    await tick('2026-03-01T00:04:00Z')
    expect((await api('GET', '/api/contracts/invoices/current/gone')).json.code).toBe('contract_over')
    expect((await api('GET', '/api/contracts/invoices/current/nobody')).json.code).toBe('contract_not_found')
  })
})

describe('the mail', () => {
  type Sent = {
    to: string[]
    subject: string
    text: string
    attachments: { filename: string; content: Uint8Array }[]
  }

  async function mail(invoiceId: string, settings: Partial<Env> = {}): Promise<Sent[]> {
    const sent: Sent[] = []
    const EMAIL = { send: async (message: Sent) => void sent.push(message) }
    const mailing = {
      ...env,
      EMAIL,
      MAIL_FROM: 'billing@seller.test',
      PUBLIC_URL: 'https://pay.test/',
      ...settings,
    }
    await mailIssuedInvoice({ env: mailing as unknown as Env, db, now: 0 }, { invoiceId })
    return sent
  }

  it('goes to every address of the customer, with the PDF', async () => {
    const { id } = await rowOf(1)
    const [sent, ...others] = await mail(id)
    expect(others).toEqual([])
    expect(sent!.to).toEqual(['ap@acme.test', 'cfo@acme.test'])
    expect(sent!.subject).toContain('INV000002')
    expect(sent!.text).toContain(`https://pay.test/i/${id}.`)
    const [pdf] = sent!.attachments
    expect(pdf!.filename).toBe('INV000002.pdf')
    expect(new TextDecoder().decode(pdf!.content.slice(0, 4))).toBe('%PDF')
  })

  it('is not sent without an address', async () => {
    const [invoice] = await db.select().from(invoices).where(eq(invoices.contractRef, 'other'))
    expect(await mail(invoice!.id)).toEqual([])
    const again = await api('POST', `/api/invoices/${invoice!.id}/send`)
    expect(again.status).toBe(422)
    expect(again.json.code).toBe('customer_has_no_email')
  })

  it('waits for the settings that its link needs', async () => {
    const { id } = await rowOf(1)
    const { PUBLIC_URL: _, ...rest } = env
    await expect(mail(id, { ...rest, PUBLIC_URL: '' })).rejects.toMatchObject({ code: 'public_url_not_set' })
  })

  it('is asked for again, each time once', async () => {
    const { id } = await rowOf(1)
    const headers = { 'idempotency-key': 'send-1' }
    for (let time = 0; time < 2; time++) {
      const { status, json } = await api('POST', `/api/invoices/${id}/send`, { headers })
      expect(status).toBe(202)
      expect(json.sent_to).toEqual(['ap@acme.test', 'cfo@acme.test'])
    }
    const asked = await db.select().from(outbox).where(eq(outbox.topic, 'invoice_issued_mail'))
    expect(asked.filter(({ payload }) => JSON.stringify(payload).includes(id))).toHaveLength(2)
  })
})

describe('POST /api/preview/invoice', () => {
  const preview = (body: object) => api('POST', '/api/preview/invoice', { body })

  it('shows every amount of an invoice', async () => {
    // 60.00 + 40.00; 10 % off is 10.00, 6.00 and 4.00 of the lines. 19 % of 54.00 is 10.26, of 36.00 by reverse charge
    // 0. 90.00 + 10.26 = 100.26, of which 100.00 are paid by credit.
    const { status, json } = await preview({
      currency: 'EUR',
      lines: [
        { key: 'seats', amount: '60', tax: 'vat' },
        { amount: 40, tax: ['rc'] },
      ],
      taxes: { vat: { rate_percent: 19 }, rc: { rate_percent: '0', reason: 'reverse_charge' } },
      discounts: [{ type: 'percent', value: 10 }],
      credits: [{ amount: '100' }],
    })
    expect(status).toBe(200)
    expect(json).toEqual({
      currency: 'EUR',
      sub_total: '100.00',
      total_discount: '10.00',
      taxable: '90.00',
      total_tax: '10.26',
      total: '100.26',
      credits_amount: '100.00',
      amount_due: '0.26',
      line_discounts: { seats: '6.00', 2: '4.00' },
      line_taxes: { seats: '10.26', 2: '0.00' },
      taxes: {
        vat: { rate_percent: '19', taxable: '54.00', tax: '10.26', reason: null },
        rc: { rate_percent: '0', taxable: '36.00', tax: '0.00', reason: 'reverse_charge' },
      },
      credits_used: ['100.00'],
    })
  })

  it.each([
    { given: { lines: [] }, path: 'lines' },
    { given: { currency: 'NaN' }, path: 'currency' },
    { given: { lines: [{ amount: 'NaN' }] }, path: 'lines.0.amount' },
    { given: { lines: [{ amount: '-1' }] }, path: 'lines' },
    { given: { lines: [{ amount: '1', tax: '__proto__' }] }, path: 'lines.0.tax' },
    { given: { taxes: { t: { rate_percent: '19', reason: 'exempt' } } }, path: 'taxes.t.reason' },
    { given: { taxes: { t: { rate_percent: '1e59' } } }, path: 'taxes.t.rate_percent' },
    { given: { discounts: [{ type: 'percent', value: '100.1' }] }, path: 'discounts.0.value' },
    { given: { discounts: [{ type: 'fixed', value: '0.001' }] }, path: 'discounts.0.value' },
    { given: { credits: [{ amount: '-5' }] }, path: 'credits.0.amount' },
  ])('refuses $given at $path', async ({ given, path }) => {
    const { status, json } = await preview({ currency: 'USD', lines: [{ amount: '1' }], ...given })
    expect(status).toBe(422)
    expect(json.errors.map((error: { path: string }) => error.path)).toContain(path)
  })
})

describe('repricing', () => {
  const reprice = (more: object) =>
    api('POST', '/api/preview/reprice', {
      body: { from: '2026-01-01', to: '2026-02-01', currency: 'USD', ...more },
    })
  const MATRIX = {
    type: 'matrix',
    rows: [{ match: { region: ['eu'] }, unit_amount: '0.05' }],
    default_unit_amount: '0.20',
  }

  beforeAll(async () => {
    await api('POST', '/api/import', {
      body: {
        entities: [{ entity_ref: 'rp', name: 'Repricing Inc', currency: 'USD' }],
        products: [
          {
            product_ref: 'rp-calls',
            name: 'Calls',
            kind: 'usage',
            metric: { type: 'sum', group_by: ['region'] },
          },
        ],
        customers: ['rp-1', 'rp-2', 'rp-3'].map((customer_ref) => ({
          customer_ref,
          name: customer_ref,
          entity_ref: 'rp',
        })),
        contracts: [
          {
            contract_ref: 'rp-k1',
            customer_ref: 'rp-1',
            start_date: '2026-01-01',
            products: [{ product_ref: 'rp-calls', model: { type: 'unit', unit_amount: '0.10' } }],
          },
        ],
      },
    })
    const used = (customer_ref: string, event_id: string, quantity: number, region: string) => ({
      customer_ref,
      event_id,
      usage_product_ref: 'rp-calls',
      timestamp: '2026-01-20T12:00:00Z',
      quantity,
      additional_report_data: { region },
    })
    const { json } = await api('POST', '/api/usage/events', {
      body: [used('rp-1', 'e1', 100, 'eu'), used('rp-1', 'e2', 40, 'us'), used('rp-2', 'e3', 10, 'us')],
    })
    expect(json.accepted).toBe(3)
  })

  it('sets what the cycle was billed against what it would have cost', async () => {
    const model = { type: 'unit', unit_amount: '0.20' }
    const { status, json } = await reprice({ product_ref: 'calls', customer_ref: 'customer-read', model })
    expect(status).toBe(200)
    // 50 calls: 5.00 on the issued invoice, 50 × 0.20 = 10.00
    expect(json.data).toEqual([
      {
        customer_ref: 'customer-read',
        contract_ref: 'read',
        quantity: '50',
        current_amount: '5.00',
        new_amount: '10.00',
        difference: '5.00',
        not_compared: null,
        commitment: null,
      },
    ])
  })

  it('prices groups, and goes through all customers page by page', async () => {
    const ask = { product_ref: 'rp-calls', model: MATRIX }
    const rows: Record<string, unknown>[] = []
    const totals: { customers: number }[] = []
    let cursor: string | null = null
    do {
      const { json } = await reprice({ ...ask, limit: 2, ...(cursor === null ? {} : { cursor }) })
      rows.push(...json.data)
      totals.push(json.totals)
      cursor = json.next_cursor
    } while (cursor !== null)
    // rp-1: 100 × 0.05 + 40 × 0.20 = 13.00 for 140 × 0.10 = 14.00; rp-2: 10 × 0.20 = 2.00, and no contract
    expect(rows).toEqual([
      expect.objectContaining({ customer_ref: 'rp-2', new_amount: '2.00', not_compared: 'no_contract' }),
      {
        customer_ref: 'rp-1',
        contract_ref: 'rp-k1',
        quantity: '140',
        groups: [
          { group: { region: 'eu' }, quantity: '100' },
          { group: { region: 'us' }, quantity: '40' },
        ],
        current_amount: '14.00',
        new_amount: '13.00',
        difference: '-1.00',
        not_compared: null,
        commitment: null,
      },
    ])
    expect(totals.filter(({ customers }) => customers > 0)).toEqual([
      {
        customers: 1,
        new_amount: '2.00',
        compared: { current_amount: '0.00', new_amount: '0.00', difference: '0.00' },
      },
      {
        customers: 1,
        new_amount: '13.00',
        compared: { current_amount: '14.00', new_amount: '13.00', difference: '-1.00' },
      },
    ])
  })

  it('leaves no trace on the meter', async () => {
    const ask = { product_ref: 'rp-calls', customer_ref: 'rp-1', model: MATRIX }
    const [first, second] = [await reprice(ask), await reprice(ask)]
    expect(second.json).toEqual(first.json)
    const more = [
      {
        customer_ref: 'rp-1',
        event_id: 'e4',
        usage_product_ref: 'rp-calls',
        timestamp: '2026-01-21T00:00:00Z',
        quantity: 1,
      },
    ]
    await api('POST', '/api/usage/events', { body: more })
    // Nothing was sealed: a later event counts.
    expect((await reprice(ask)).json.data[0].quantity).toBe('141')
  })

  it.each([
    {
      name: 'a product that there is not',
      ask: { product_ref: 'no' },
      status: 404,
      code: 'product_not_found',
    },
    {
      name: 'a customer that there is not',
      ask: { customer_ref: 'no' },
      status: 404,
      code: 'customer_not_found',
    },
    {
      name: 'a price for fees',
      ask: { model: { type: 'flat', amount: '1' } },
      status: 422,
      code: 'price_unfit',
    },
    {
      name: 'dimensions that are not measured',
      ask: { product_ref: 'calls' },
      status: 422,
      code: 'price_unfit',
    },
    { name: 'a product that is no usage', ask: { product_ref: 'seats' }, status: 422, code: 'price_unfit' },
    {
      name: 'a period that ends before it begins',
      ask: { to: '2025-12-31' },
      status: 422,
      code: 'invalid_request',
    },
    { name: 'half a period', ask: { to: undefined }, status: 422, code: 'invalid_request' },
    { name: 'a day that is none', ask: { from: '1,5' }, status: 422, code: 'invalid_request' },
  ])('refuses $name', async ({ ask, status, code }) => {
    const answer = await reprice({ product_ref: 'rp-calls', model: MATRIX, ...ask })
    expect(answer).toMatchObject({ status, json: { code } })
  })
})

describe('a credit note', () => {
  const credit = (id: string, body: unknown) => api('POST', `/api/invoices/${id}/credit_notes`, { body })

  it('has a number of its own series, once, and leaves the invoice as it is', async () => {
    const invoice = await rowOf(2)
    const before = (await api('GET', `/api/invoices/${invoice.id}`)).json
    const first = await credit(invoice.id, { reason: 'Outage', external_id: 'case 7' })
    expect(first.status).toBe(201)
    expect(first.json).toMatchObject({
      document_number: `${invoice.series}-CN000001`,
      invoice_ref: invoice.id,
      total: before.total,
      reason: 'Outage',
    })
    const again = await credit(invoice.id, { reason: 'Outage', external_id: 'case 7' })
    expect([again.status, again.json]).toEqual([200, first.json])
    expect((await api('GET', `/api/credit-notes/${first.json.document_number}`)).json).toEqual(first.json)
    const pdf = await api('GET', `/api/credit-notes/${first.json.credit_note_ref}/pdf`)
    expect(pdf.headers.get('content-type')).toBe('application/pdf')
    expect(pdf.text.slice(0, 4)).toBe('%PDF')
    const listed = await api('GET', `/api/credit-notes?invoice_ref=${invoice.id}`)
    expect(listed.json.data).toHaveLength(1)

    const after = (await api('GET', `/api/invoices/${invoice.id}`)).json
    expect(after).toMatchObject({
      lines: before.lines,
      total: before.total,
      amount_due: '0.00',
      state: 'PAID',
    })
    expect((await credit(invoice.id, { reason: 'Once more' })).json.code).toBe('credit_note_of_nothing')
  })

  it('waits to be taken out of revenue, as the mirror image of what it credits', async () => {
    const invoice = await rowOf(2)
    const [note] = (await api('GET', `/api/credit-notes?invoice_ref=${invoice.id}`)).json.data
    await db.update(revenueContracts).set({ stale: false }).where(eq(revenueContracts.ref, 'read'))
    const waiting = await linesToSchedule(db, 1_000)
    const [reversal] = waiting.filter(({ invoiceId, amount }) => invoiceId === invoice.id && amount < 0n)
    // Seats 20.00, paid before: all of it is the customer's credit.
    expect(note).toMatchObject({ total: '20.00', customer_credit: '20.00' })
    expect(reversal).toMatchObject({ amount: -2_000n, productRef: 'seats', bookedFrom: note.issue_date })
  })

  it('that races with another takes the next number', async () => {
    const invoice = await rowOf(1)
    const { lines } = (await api('GET', `/api/invoices/${invoice.id}`)).json
    const line = lines.find(({ kind }: { kind: string }) => kind === 'recurring').line_ref
    const notes = await Promise.all(
      ['1.00', '2.00', '3.00'].map((amount) =>
        credit(invoice.id, { reason: 'Goodwill', lines: [{ line_ref: line, amount }] }),
      ),
    )
    expect(notes.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(notes.map(({ json }) => json.document_number).sort()).toEqual(
      [2, 3, 4].map((sequence) => `${invoice.series}-CN00000${sequence}`),
    )
    const beyond = await credit(invoice.id, { reason: 'x', lines: [{ line_ref: line, amount: '14.01' }] })
    expect([beyond.status, beyond.json.code]).toEqual([422, 'credit_note_not_possible'])
  })
})

describe('hours and single events', () => {
  const PEAKS = { type: 'package', package_size: '100', package_amount: '5' }

  it('are metered, shown on the invoice to come, and priced anew', async () => {
    const made = await api('POST', '/api/import', {
      body: {
        entities: [{ entity_ref: 'hr', name: 'Hours Inc', currency: 'USD', timezone: 'Asia/Kathmandu' }],
        products: [
          { product_ref: 'hr-peak', name: 'Peak', kind: 'usage', metric: { type: 'max' } },
          { product_ref: 'hr-paid', name: 'Payments', kind: 'usage' },
        ],
        customers: [{ customer_ref: 'hr-1', name: 'Hourly', entity_ref: 'hr' }],
        contracts: [
          {
            contract_ref: 'hr-k1',
            customer_ref: 'hr-1',
            start_date: '2026-01-01',
            products: [
              { product_ref: 'hr-peak', model: PEAKS, bucket: 'hour' },
              {
                product_ref: 'hr-paid',
                model: { type: 'percentage', rate_percent: '1', fixed_per_event: '0.30' },
              },
            ],
          },
        ],
      },
    })
    expect(made.json.totals.refused).toBe(0)
    const used = (usage_product_ref: string, event_id: string, timestamp: string, quantity: number) => ({
      customer_ref: 'hr-1',
      usage_product_ref,
      event_id,
      timestamp,
      quantity,
    })
    const sent = await api('POST', '/api/usage/events', {
      // 05:55 and 06:05 in Kathmandu are two hours.
      body: [
        used('hr-peak', 'p1', '2026-01-20T00:10:00Z', 150),
        used('hr-peak', 'p2', '2026-01-20T00:20:00Z', 40),
        used('hr-paid', 'e1', '2026-01-20T12:00:00Z', 100),
        used('hr-paid', 'e2', '2026-01-21T12:00:00Z', 20),
      ],
    })
    expect(sent.json.accepted).toBe(4)
    const { json } = await api('GET', '/api/contracts/invoices/next/hr-k1')
    // 2 + 1 packages at 5; 120 × 1 % + 2 × 0.30.
    const [invoice] = json.data
    expect(
      invoice.lines.map((line: { product_ref: string; amount: string }) => [line.product_ref, line.amount]),
    ).toEqual([
      ['hr-peak', '15.00'],
      ['hr-paid', '1.80'],
    ])
    const ask = (more: object) =>
      api('POST', '/api/preview/reprice', {
        body: { from: '2026-01-01', to: '2026-02-01', currency: 'USD', customer_ref: 'hr-1', ...more },
      })
    const byDay = await ask({ product_ref: 'hr-peak', model: PEAKS, bucket: 'day' })
    // One day of 150: 2 packages.
    expect(byDay.json.data[0]).toMatchObject({
      quantity: '150',
      current_amount: '15.00',
      new_amount: '10.00',
    })
    const fixed = await ask({
      product_ref: 'hr-paid',
      model: { type: 'percentage', rate_percent: '2', min_per_event: '1' },
    })
    // 2.00, and at least 1 for 0.40.
    expect(fixed.json.data[0]).toMatchObject({ quantity: '120', current_amount: '1.80', new_amount: '3.00' })
    const unfit = await ask({
      product_ref: 'hr-paid',
      model: { type: 'percentage', rate_percent: '2' },
      bucket: 'day',
    })
    expect([unfit.status, unfit.json.code, unfit.json.errors[0].path]).toEqual([422, 'price_unfit', 'bucket'])
  })
})

describe('an invoice that is given up', () => {
  const post = (path: string, body: unknown) => api('POST', path, { body })

  it('is void once, and keeps its number', async () => {
    const invoice = await rowOf(0)
    const first = await post(`/api/invoices/${invoice.id}/void`, { reason: 'Wrong customer' })
    expect([first.status, first.json]).toMatchObject([200, { state: 'VOID', amount_due: '0.00' }])
    const again = await post(`/api/invoices/${invoice.id}/void`, { reason: 'Wrong customer' })
    expect([again.status, again.json]).toEqual([200, first.json])
    const credited = await post(`/api/invoices/${invoice.id}/credit_notes`, { reason: 'Once more' })
    expect([credited.status, credited.json.code]).toEqual([409, 'invoice_void'])
  })

  it('is written off, and recovered by money that comes later', async () => {
    // 25.00, of which 10.00 were paid and 6.00 credited above: 9.00 are lost, and 4.00 come after all.
    const { id } = await rowOf(1)
    expect((await post(`/api/invoices/${id}/void`, { reason: 'x' })).json.code).toBe('invoice_credited')
    const lost = await post(`/api/invoices/${id}/write_off`, { reason: 'Insolvent' })
    expect(lost.json).toMatchObject({ state: 'UNCOLLECTIBLE', amount_due: '0.00' })
    expect((await post(`/api/invoices/${id}/write_off`, { reason: 'x' })).json.code).toBe(
      'invoice_written_off',
    )
    const late = { invoice_ref: id, amount: '4.00', currency: 'USD', received_on: '2026-03-02' }
    const received = await post('/api/invoices/reconcile', late)
    expect(received.json).toMatchObject({ credit: '0.00', allocations: [{ amount: '4.00' }] })
    const { allocations: rows } = (await api('GET', `/api/invoices/${id}`)).json
    expect(rows.filter(({ rule }: { rule: string }) => rule === 'recovery')).toMatchObject([
      { amount: '-4.00' },
    ])
    expect(await openListFaults(env.DB)).toEqual([])
  })
})
