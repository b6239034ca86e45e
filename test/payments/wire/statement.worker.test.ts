import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { auditLog } from '../../../src/access/access.schema.ts'
import { insertEntity } from '../../../src/customers/customers.store.ts'
import { findInvoice } from '../../../src/invoicing/invoicing.store.ts'
import { postings } from '../../../src/ledger/ledger.schema.ts'
import { writePayouts } from '../../../src/payments/card/payouts.store.ts'
import { importStatement, PAYMENTS_PER_CALL } from '../../../src/payments/wire/statement.job.ts'
import { readStatementFile } from '../../../src/payments/wire/statement-file.ts'
import { bankEntries, bankStatements } from '../../../src/payments/wire/wire.schema.ts'
import { commit, openDb } from '../../../src/storage/db.store.ts'
import { issueInvoice } from '../../support/issued-invoice.ts'
import { api, env } from '../../support/worker.ts'
import { camtFile } from './camt-file.ts'

const db = openDb(env.DB)
const IBAN = 'DE02120300000000202051'

const entity = (ref: string, iban: string) => ({
  ref,
  name: ref,
  legalName: ref,
  taxId: null,
  email: null,
  address: {},
  currency: 'EUR',
  timezone: 'Europe/Berlin',
  framework: 'IFRS15' as const,
  invoiceSeries: ref,
  rounding: 'half_up' as const,
  functionalCurrency: null,
  fxSource: 'ecb',
  shortPayment: null,
  bankAccounts: [{ id: 'main', currency: 'EUR', beneficiary: ref, bank_name: 'Bank', iban }],
  wallets: [],
  createdAt: 0,
})

beforeAll(async () => {
  const entities = [entity('acme-eu', IBAN), entity('acme-ch', 'CH9300762011623852957')]
  await commit(
    db,
    entities.flatMap((each) => insertEntity(db, each)),
  )
})

const post = (body: string, { query = '', key }: { query?: string; key?: string } = {}) =>
  api('POST', `/api/bank-statements${query}`, { body, ...(key && { key }) })

const counts = ({ json }: Awaited<ReturnType<typeof post>>) => {
  const { read, new: fresh, already_known, matched, unapplied, waiting } = json
  return { read, new: fresh, already_known, matched, unapplied, waiting }
}
const outcomes = ({ json }: Awaited<ReturnType<typeof post>>): string[] =>
  json.entries.map(({ outcome }: { outcome: string }) => outcome)
const paidOn = async (id: string) => (await findInvoice(db, id))?.allocated

/** The database, with a connection that is lost at the batch after so many. */
const failingAfter = (batches: number) => {
  let left = batches
  return {
    prepare: (query: string) => env.DB.prepare(query),
    batch: (statements: D1PreparedStatement[]) =>
      left-- > 0 ? env.DB.batch(statements) : Promise.reject(new Error('Network connection lost')),
  } as unknown as D1Database
}

describe('a bank statement', () => {
  it('is read, kept, and turned into payments that say what they paid', async () => {
    const invoice = await issueInvoice(db, { number: 'INV-2026-0601' })
    const file = camtFile([
      {
        amount: '100.00',
        reference: invoice.paymentReference,
        bankReference: 'W-1',
        payer: 'Globex',
        iban: 'DE75512108001245126199',
      },
      { amount: '7.00', text: ['thanks'], bankReference: 'W-2' },
      { amount: '3.00', direction: 'DBIT', bankReference: 'W-3' },
      { amount: '9.00', status: 'PDNG', bankReference: 'W-4' },
      { amount: '5.00', reversal: true, bankReference: 'W-5' },
    ])
    const answer = await post(file)
    expect(answer.status).toBe(200)
    expect(answer.json.format).toBe('camt.053')
    expect(counts(answer)).toEqual({
      read: 5,
      new: 4,
      already_known: 0,
      matched: 1,
      unapplied: 1,
      waiting: 0,
    })
    expect(outcomes(answer)).toEqual(['matched', 'unapplied', 'not_incoming', 'announced', 'not_incoming'])
    expect(answer.json.entries[0]).toEqual({
      date: '2026-01-20',
      amount: '100.00',
      currency: 'EUR',
      reference: invoice.paymentReference,
      outcome: 'matched',
      payment_id: expect.stringMatching(/^pay_/),
      rule: 'structured_reference',
      explanation:
        'The payment carries the creditor reference of the invoice: INV-2026-0601. 100.00 EUR settle it in full.',
      allocations: [{ invoice_ref: invoice.id, amount: '100.00', rule: 'structured_reference' }],
    })
    expect(answer.json.entries[2]).toMatchObject({
      amount: '-3.00',
      payment_id: null,
      explanation: 'Money that went out.',
    })

    const payment = await api('GET', `/api/payments/${answer.json.entries[0].payment_id}`)
    expect(payment.json).toMatchObject({
      rail: 'wire',
      entity_ref: 'acme-eu',
      customer_ref: 'globex',
      payer: { name: 'Globex', account: 'DE75512108001245126199' },
    })

    const [kept] = await db
      .select()
      .from(bankStatements)
      .where(eq(bankStatements.id, answer.json.statement_id))
    expect(await (await env.ARCHIVE.get(kept!.fileKey))!.text()).toBe(file)
    const audited = await db.select().from(auditLog).where(eq(auditLog.subject, kept!.id))
    expect(audited).toMatchObject([{ action: 'bank_statement.import' }])
  })

  it('takes the arrival of a payout for what it is, once', async () => {
    const payout = {
      ...{ id: 'pyo_1', processorRef: 'po_1', entityRef: 'acme-eu', currency: 'EUR', amount: 9_680n },
      ...{ total: 9_680n, state: 'paid' as const, arrivesOn: '2026-01-20', descriptor: null, traceId: null },
      ...{ recordedAt: 1, paidAt: 1, returnedAt: null },
    }
    await commit(db, writePayouts(db, [payout]))
    const line = { amount: '96.80', reference: 'STRIPE PAYOUT', payer: 'Stripe' }
    const first = await post(camtFile([{ ...line, bankReference: 'P-1' }]))
    expect(first.json.entries).toMatchObject([{ outcome: 'payout', payment_id: null }])
    // Another transfer of the same amount is no second arrival.
    const second = await post(camtFile([{ ...line, bankReference: 'P-2' }]))
    expect(outcomes(second)).toEqual(['unapplied'])
  })

  it('imported again adds nothing and says what was decided the first time', async () => {
    const invoice = await issueInvoice(db, { number: 'INV-2026-0602' })
    const file = camtFile([{ text: ['INV-2026-0602'] }, { direction: 'DBIT' }, { text: ['hello'] }])
    const first = await post(file)
    const again = await post(file)
    expect(counts(again)).toEqual({ read: 3, new: 0, already_known: 3, matched: 0, unapplied: 0, waiting: 0 })
    expect(again.json.statement_id).toBe(first.json.statement_id)
    expect(again.json.entries).toEqual(
      first.json.entries.map((entry: object) => ({ ...entry, outcome: 'already_known' })),
    )
    expect(await paidOn(invoice.id)).toBe(10_000n)
  })

  it('in another format with the same ids adds nothing', async () => {
    await post(
      camtFile([
        { amount: '1.00', bankReference: 'X-1' },
        { amount: '2.00', bankReference: 'X-2' },
      ]),
    )
    const csv =
      'id,date,amount,currency,reference\nX-2,2026-01-20,2.00,EUR,a\nX-1,2026-01-20,1.00,EUR,b\nX-3,2026-01-20,3.00,EUR,c'
    const answer = await post(csv, { query: '?entity_ref=acme-eu' })
    expect(outcomes(answer)).toEqual(['already_known', 'already_known', 'unapplied'])
  })

  it('with two equal lines keeps both, once', async () => {
    const csv = 'date,amount,currency,reference\n2026-01-21,4,EUR,coffee\n2026-01-21,4,EUR,coffee'
    expect(counts(await post(csv, { query: '?entity_ref=acme-eu' })).unapplied).toBe(2)
    expect(counts(await post(csv, { query: '?entity_ref=acme-eu' })).already_known).toBe(2)
    expect(counts(await post(`${csv}\n`, { query: '?entity_ref=acme-eu' })).already_known).toBe(2)
  })

  it('that was cut off half-way is completed by posting it again', async () => {
    const invoice = await issueInvoice(db, { number: 'INV-2026-0603' })
    const entries = [
      { amount: '40.00', text: ['INV-2026-0603'], bankReference: 'C-1' },
      { amount: '60.00', text: ['INV-2026-0603'], bankReference: 'C-2' },
      { amount: '1.00', direction: 'DBIT' as const, bankReference: 'C-3' },
    ]
    const file = camtFile(entries)
    const actor = {
      principal: { id: 'k', label: 'a key', scopes: ['finance' as const] },
      requestId: 'req',
      now: 0,
    }
    const cutOff = { db: openDb(failingAfter(2)), archive: env.ARCHIVE, actor }
    await expect(
      importStatement(cutOff, new TextEncoder().encode(file).buffer as ArrayBuffer, undefined),
    ).rejects.toThrow()
    expect(await paidOn(invoice.id)).toBe(4_000n)

    const answer = await post(file)
    expect(outcomes(answer)).toEqual(['already_known', 'matched', 'already_known'])
    expect(await paidOn(invoice.id)).toBe(10_000n)
  })

  it('posted by three at once is imported once', async () => {
    const invoice = await issueInvoice(db, { number: 'INV-2026-0604' })
    const file = camtFile([
      { text: ['INV-2026-0604'], bankReference: 'P-1' },
      { amount: '2.50', bankReference: 'P-2' },
    ])
    const answers = await Promise.all([post(file), post(file), post(file)])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const recorded = answers.flatMap(outcomes).filter((outcome) => outcome !== 'already_known')
    expect(recorded.sort()).toEqual(['matched', 'unapplied'])
    expect(await paidOn(invoice.id)).toBe(10_000n)
  })

  it('that shows a batch first as a sum and then as its transfers counts it once', async () => {
    const batch = { amount: '50.00', bankReference: 'BATCH-1' }
    const transfers = [
      { amount: '20.00', text: ['a'] },
      { amount: '30.00', text: ['b'] },
    ]
    expect(outcomes(await post(camtFile([batch])))).toEqual(['unapplied'])
    expect(outcomes(await post(camtFile([{ ...batch, transfers }])))).toEqual([
      'already_known',
      'already_known',
    ])
  })
})

it('with more payments than one call may record is completed call by call', async () => {
  const rows = Array.from({ length: PAYMENTS_PER_CALL + 2 }, (_, place) => `2026-01-22,1,EUR,L${place}`)
  const csv = `date,amount,currency,id\n${rows.join('\n')}`
  const first = await post(csv, { query: '?entity_ref=acme-eu' })
  expect(counts(first)).toMatchObject({ new: PAYMENTS_PER_CALL, waiting: 2 })
  const second = await post(csv, { query: '?entity_ref=acme-eu' })
  expect(counts(second)).toMatchObject({ new: 2, already_known: PAYMENTS_PER_CALL, waiting: 0 })
})

it('of an old program is read as Western European in this runtime too', () => {
  const bytes = Uint8Array.from('date,amount,currency,payer\n2026-01-20,5,EUR,M\xfcller', (c) =>
    c.charCodeAt(0),
  )
  expect(readStatementFile(bytes).statements[0]!.bookings[0]!.parts[0]!.payer.name).toBe('Müller')
})

describe('a statement that is refused', () => {
  it.each([
    ['is no statement', 'hello', '', 422, 'bank_statement_unreadable'],
    ['has a fault', camtFile([{ amount: 'x' }]), '', 422, 'bank_statement_unreadable'],
    ['does not tell whose it is', 'date,amount,currency\n2026-01-20,5,EUR', '', 422, 'entity_ref_needed'],
    [
      'is of another entity than was named',
      camtFile([{}]),
      '?entity_ref=acme-ch',
      422,
      'account_of_another_entity',
    ],
    [
      'names an entity that is not there',
      camtFile([{}]),
      '?entity_ref=nobody',
      404,
      'legal_entity_not_found',
    ],
    ['is too large', `<${' '.repeat(10 * 1024 * 1024)}`, '', 413, 'bank_statement_too_large'],
  ])('%s', async (_, body, query, status, code) => {
    const before = await db.$count(bankStatements)
    const answer = await post(body, { query })
    expect([answer.status, answer.json.code]).toEqual([status, code])
    expect(await db.$count(bankStatements)).toBe(before)
  })

  it('comes from a key without the scope finance', async () => {
    expect((await post(camtFile([{}]), { key: 'sandbox_ingest_key' })).status).toBe(403)
  })
})

it('leaves every incoming entry with its payment, and the books balanced', async () => {
  const entries = await db.select().from(bankEntries)
  expect(entries.filter(({ amount, paymentId }) => amount < 0n && paymentId !== null)).toEqual([])
  const rows = await db.select({ account: postings.account, amount: postings.amount }).from(postings)
  const total = (list: { amount: bigint }[]) => list.reduce((sum, { amount }) => sum + amount, 0n)
  expect(total(rows)).toBe(0n)
  // What the bank shows as received is what the books show at the bank.
  const received = total(entries.filter(({ paymentId }) => paymentId !== null))
  expect(total(rows.filter(({ account }) => account === 'bank_clearing'))).toBe(received)
})

it('sends money back at once that came on a day which the seller has yet to see', async () => {
  const ahead = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)
  const { json } = await post(`date,amount,currency,reference,id\n${ahead},30.00,EUR,ahead,T-1`, {
    query: '?entity_ref=acme-eu',
  })
  const payment = `/api/payments/${json.entries[0].payment_id}`
  const sent = (body: object) => api('POST', `${payment}/refund`, { body: { reason: 'Not ours', ...body } })
  expect((await sent({ amount: '10.00', external_id: 'a' })).json).toMatchObject({ paid_on: ahead })
  expect((await sent({ amount: '10.00', external_id: 'b', paid_on: ahead })).status).toBe(201)
  const returned = await api('POST', `${payment}/return`, { body: { reason: 'No funds' } })
  expect(returned.json).toMatchObject({ kind: 'return', amount: '10.00', paid_on: ahead })
})
