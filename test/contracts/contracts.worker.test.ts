import { beforeEach, describe, expect, it } from 'vitest'
import { renewContracts } from '../../src/contracts/changes/renew.job.ts'
import type { Contract } from '../../src/contracts/contract.ts'
import { updateContract } from '../../src/contracts/contracts.store.ts'
import { commit, isRefusedBy, isUniqueViolation, openDb } from '../../src/storage/db.store.ts'
import { api, env } from '../support/worker.ts'

/** All contracts begin here: long past for the clock, so that what is the running cycle is set by hand. */
const START = '2024-01-31'
const calls = { product_ref: 'calls', model: { type: 'unit', unit_amount: '0.10' } }
const seats = { product_ref: 'seats', model: { type: 'flat', amount: '20' }, quantity: 5 }

beforeEach(async () => {
  await api('POST', '/api/entities', {
    body: { entity_ref: 'seller', name: 'Seller', currency: 'USD', timezone: 'America/New_York' },
  })
  for (const [product_ref, kind] of [
    ['calls', 'usage'],
    ['seats', 'recurring'],
    ['setup', 'one_time'],
  ]) {
    await api('POST', '/api/products', { body: { product_ref, name: product_ref, kind } })
  }
})

/** A customer of its own for each test: a product is billed to a customer once. */
async function contractBody(ref: string, given: object = {}) {
  await api('POST', '/api/customers', {
    body: { customer_ref: `of-${ref}`, name: ref, entity_ref: 'seller', tax: '8' },
  })
  return { contract_ref: ref, customer_ref: `of-${ref}`, start_date: START, products: [calls], ...given }
}

const make = async (ref: string, given: object = {}) =>
  api('POST', '/api/contracts', { body: await contractBody(ref, given) })

/** As if the invoices of all boundaries before this one had been made. */
const closeUpTo = (ref: string, nextCycle: number) =>
  env.DB.prepare('UPDATE contracts SET next_cycle = ? WHERE ref = ?').bind(nextCycle, ref).run()

const rows = async (query: string, ...values: unknown[]) =>
  (
    await env.DB.prepare(query)
      .bind(...values)
      .all()
  ).results

const paths = (answer: { json: { errors: { path: string }[] } }) => answer.json.errors.map(({ path }) => path)

describe('POST /api/contracts', () => {
  it('counts cycles by the calendar where it is asked to', async () => {
    const made = await make('k-calendar', {
      start_date: '2024-02-10',
      alignment: 'calendar',
      proration: 'second',
      billing_cycle: { unit: 'HALF_YEARLY' },
    })
    expect(made.status).toBe(201)
    expect(made.json).toMatchObject({
      anchor_date: '2024-01-01',
      proration: 'second',
      billing_cycle: { unit: 'HALF_YEARLY', cycle: 1 },
      next_invoice_date: '2024-07-01',
    })
    const both = await make('k-both', { alignment: 'calendar', anchor_date: START })
    expect(paths(both)).toEqual(['alignment'])
  })

  it('keeps the cycle of a product, shows it on the invoices to come, and says why another does not fit', async () => {
    const platform = { ...seats, quantity: 1, billing_cycle: { unit: 'YEARLY' }, anchor_date: '2024-03-15' }
    const made = await make('k-platform', { products: [platform, calls], end_date: '2025-03-15' })
    expect(made.status).toBe(201)
    const kept = { billing_cycle: { unit: 'YEARLY', cycle: 1 }, anchor_date: '2024-03-15' }
    expect(made.json.products).toMatchObject([kept, { product_ref: 'calls' }])
    expect(
      (await api('GET', '/api/contracts/k-platform/versions')).json.data[0].terms.products[0],
    ).toMatchObject(kept)
    const upcoming = async (which: string) =>
      (await api('GET', `/api/contracts/invoices/${which}/k-platform`)).json.data.flatMap(
        ({ lines }: { lines: { service_start: string; service_end: string; amount: string }[] }) =>
          lines.map((line) => [line.service_start, line.service_end, line.amount]),
      )
    // 44 of the 366 days up to 15 March 2024: 20 × 44/366 = 2.404…; the next year is billed on 29 February.
    expect(await upcoming('current')).toEqual([['2024-01-31', '2024-03-15', '2.40']])
    expect(await upcoming('next')).toEqual([['2024-03-15', '2025-03-15', '20.00']])
    const wrong = await make('k-wrong', {
      products: [
        { ...calls, billing_cycle: { unit: 'YEARLY' } },
        { ...seats, billing_cycle: { unit: 'WEEKLY' } },
        { product_ref: 'setup', model: { type: 'flat', amount: '1' }, anchor_date: START },
      ],
    })
    expect([wrong.status, paths(wrong)]).toEqual([
      422,
      ['products.0.billing_cycle', 'products.1.billing_cycle', 'products.2.anchor_date'],
    ])
  })

  it('agrees discounts and taxes, which an amendment replaces and the next invoice shows', async () => {
    const vat = { name: 'VAT', rate_percent: '20', inclusive: true }
    const launch = { name: 'Launch', type: 'percent', value: 10, cycles: 3 }
    const made = await make('k-terms', {
      products: [seats, { ...calls, tax: [] }],
      tax: [vat],
      tax_rounding: 'per_line',
      discounts: [launch],
    })
    expect(made.status).toBe(201)
    expect(made.json).toMatchObject({
      tax: [{ ...vat, reason: null, note: null, tax_codes: null }],
      tax_rounding: 'per_line',
      discounts: [{ ...launch, value: '10', products: null, from: null, until: null }],
    })
    expect(made.json.products.map(({ tax }: { tax?: unknown }) => tax)).toEqual([undefined, []])

    // 5 × 20.00 less 10 % are 90.00, of which 90 × 20 / 120 = 15.00 are VAT.
    const invoice = async () => (await api('GET', '/api/contracts/invoices/current/k-terms')).json.data[0]
    expect(await invoice()).toMatchObject({
      sub_total: '100.00',
      total_discount: '10.00',
      total_tax: '15.00',
      total: '90.00',
      amount_due: '90.00',
      discounts: [{ name: 'Launch', percent: '10', amount: '10.00' }],
      taxes: [{ name: 'VAT', inclusive: true, percent: '20', taxable: '75.00', tax: '15.00' }],
      lines: [
        { amount: '100.00', discount: '10.00', net_amount: '75.00', taxes: [{ name: 'VAT', tax: '15.00' }] },
      ],
    })

    const amended = await api('POST', '/api/contracts/edit/k-terms', { body: { tax: '8', discounts: [] } })
    expect(amended.json).toMatchObject({ tax: '8', discounts: [] })
    expect(await invoice()).toMatchObject({ total_discount: '0.00', total_tax: '8.00', total: '108.00' })
  })

  it('tells all that is wrong with discounts and taxes at once', async () => {
    const refused = await make('k-terms-faulty', {
      discounts: [
        { type: 'percent', value: '101' },
        { type: 'fixed', value: '-1', cycles: 0 },
        { type: 'percent', value: '5', from: '2024-02-30' },
      ],
      tax: [{ rate_percent: '19', reason: 'exempt' }],
      tax_rounding: 'sometimes',
    })
    expect([refused.status, refused.json.code]).toEqual([422, 'invalid_request'])
    expect(paths(refused).sort()).toEqual([
      'discounts.0.value',
      'discounts.1.cycles',
      'discounts.1.value',
      'discounts.2.from',
      'tax.0.reason',
      'tax_rounding',
    ])
    const unfit = await make('k-terms-unfit', {
      discounts: [{ type: 'fixed', value: '1.005', products: ['other'] }],
      tax: [
        { name: 'a', rate_percent: '5', inclusive: true },
        { name: 'a', rate_percent: '7', inclusive: true },
      ],
    })
    expect([unfit.status, unfit.json.code]).toEqual([422, 'invalid_contract'])
    expect(paths(unfit)).toEqual([
      'discounts.0.products',
      'discounts.0.value',
      'tax.1.name',
      'tax.1.inclusive',
    ])
  })

  it('takes the customer’s and the seller’s settings where it says nothing', async () => {
    const made = await make('k-defaults', { products: [calls, seats] })
    expect(made.status).toBe(201)
    expect(made.json).toMatchObject({
      contract_number: expect.stringMatching(/^C-\d{5}$/),
      entity_ref: 'seller',
      status: 'active',
      version: 1,
      currency: 'USD',
      timezone: 'America/New_York',
      end_date: null,
      anchor_date: START,
      billing_cycle: { unit: 'MONTHLY', cycle: 1 },
      issue_offset_days: 0,
      net_terms: 30,
      invoicing: 'collective',
      payment_methods: ['card', 'wire', 'crypto'],
      tax: '8',
      products: [
        { ...calls, quantity: '1', billing_start_date: null, billing_end_date: null },
        { product_ref: 'seats', model: { type: 'flat', amount: '20', term: 'in_advance' }, quantity: '5' },
      ],
      // Seats are billed in advance, so the start itself has an invoice.
      next_invoice_date: START,
    })
    expect((await api('GET', '/api/contracts/k-defaults')).json).toEqual(made.json)
  })

  it('keeps any price of usage, with its modifiers and all that its model leaves out', async () => {
    const bulk = { type: 'package', package_size: 100, package_amount: '5' }
    const modifiers = { percent_discount: 10, minimum_amount: '50', maximum_amount: null }
    const made = await make('k-modifiers', { products: [{ product_ref: 'calls', model: bulk, modifiers }] })
    expect(made.status).toBe(201)
    expect(made.json.products).toEqual([
      {
        product_ref: 'calls',
        model: {
          type: 'package',
          package_size: '100',
          package_amount: '5',
          included_quantity: '0',
          rounding: 'up',
        },
        modifiers: { percent_discount: '10', minimum_amount: '50' },
        quantity: '1',
        billing_start_date: null,
        billing_end_date: null,
      },
    ])
    const crossed = { minimum_amount: '2', maximum_amount: '1' }
    const refused = await make('k-crossed', { products: [{ ...calls, modifiers: crossed }] })
    expect(paths(refused)).toEqual(['products.0.modifiers.minimum_amount'])
  })

  it('writes the version, the audit entry, the word to the meter, and when to make the first invoice', async () => {
    await make('k-batch', { issue_day: '2024-03-05', grace_hours: 2 })
    // The first cycle ends on 29 February, five days before; the start of 5 February in New York is 05:00Z.
    const [row] = await rows("SELECT next_cycle, next_close_at FROM contracts WHERE ref = 'k-batch'")
    expect(row).toEqual({ next_cycle: 0, next_close_at: Date.parse('2024-02-05T07:00:00Z') })
    expect(
      await rows(
        "SELECT version, effective_date, from_boundary FROM contract_versions WHERE contract_ref = 'k-batch'",
      ),
    ).toEqual([{ version: 1, effective_date: START, from_boundary: 0 }])
    expect(await rows("SELECT action FROM audit_log WHERE subject = 'k-batch'")).toEqual([
      { action: 'contract.create' },
    ])
    expect(
      await rows("SELECT payload FROM outbox WHERE topic = 'meter_calendar' AND payload LIKE '%of-k-batch%'"),
    ).toHaveLength(1)
    expect((await api('GET', '/api/contracts/k-batch')).json.next_invoice_date).toBe('2024-03-05')
  })

  it('makes it once: the same again is the same, other terms a conflict', async () => {
    const body = await contractBody('k-once')
    const first = await api('POST', '/api/contracts', { body })
    const again = await api('POST', '/api/contracts', { body })
    expect([again.status, again.json]).toEqual([200, first.json])
    const other = await api('POST', '/api/contracts', { body: { ...body, net_terms: 60 } })
    expect([other.status, other.json.code]).toEqual([409, 'contract_exists'])
    expect(await rows("SELECT version FROM contract_versions WHERE contract_ref = 'k-once'")).toHaveLength(1)
  })

  it('names every fault at once', async () => {
    const terms = await api('POST', '/api/contracts', {
      body: {
        customer_ref: 'nobody',
        entity_ref: 'nowhere',
        start_date: START,
        products: [
          { ...calls, product_ref: 'nothing' },
          { ...seats, model: calls.model },
        ],
      },
    })
    expect([terms.status, terms.json.code]).toEqual([422, 'invalid_contract'])
    expect(paths(terms)).toEqual(['customer_ref', 'entity_ref', 'products.0.product_ref', 'products.1.model'])

    const form = await make('k-form', {
      currency: 'EURO',
      start_date: '2026-02-30',
      products: [
        { product_ref: 'calls', model: { type: 'graduated', tiers: [{ up_to: '10' }, { up_to: '5' }] } },
        { product_ref: 'seats', model: { type: 'flat', amount: '-1' }, discount: 1 },
      ],
    })
    expect(form.json.code).toBe('invalid_request')
    expect(paths(form).sort()).toEqual([
      'currency',
      'products.0.model.tiers.1.up_to',
      'products.1',
      'products.1.model.amount',
      'start_date',
    ])
  })

  it('names faults of form and of terms in one answer, of a contract and of an amendment', async () => {
    const products = [
      { product_ref: 'seats' },
      { ...calls, product_ref: 'nothing' },
      { ...seats, model: calls.model },
    ]
    const made = await make('k-both-kinds', { net_terms: -1, end_date: '2024-01-01', products })
    expect([made.status, made.json.code]).toEqual([422, 'invalid_request'])
    const ofProducts = ['products.0.model', 'products.1.product_ref', 'products.2.model']
    expect(paths(made).sort()).toEqual(['end_date', 'net_terms', ...ofProducts])

    await make('k-amended-wrong')
    await closeUpTo('k-amended-wrong', 3)
    const amended = await api('POST', '/api/contracts/edit/k-amended-wrong', {
      body: { net_terms: -1, effective_date: '2024-03-01', products },
    })
    expect([amended.status, amended.json.code]).toEqual([422, 'invalid_request'])
    expect(paths(amended).sort()).toEqual(['effective_date', 'net_terms', ...ofProducts])
  })

  it('refuses to bill usage twice over the same days', async () => {
    const body = await contractBody('k-first', { end_date: '2024-06-30' })
    expect((await api('POST', '/api/contracts', { body })).status).toBe(201)
    const second = { ...body, contract_ref: 'k-second', start_date: '2024-06-29', end_date: null }
    const refused = await api('POST', '/api/contracts', { body: second })
    expect([refused.status, refused.json.code]).toEqual([409, 'product_already_billed'])
    expect(refused.json.detail).toContain('k-first')
    const after = await api('POST', '/api/contracts', { body: { ...second, start_date: '2024-06-30' } })
    expect(after.status).toBe(201)
  })

  it('lets a customer have two subscriptions of the same product, and amend one', async () => {
    const body = await contractBody('k-plan-1', { products: [seats] })
    expect((await api('POST', '/api/contracts', { body })).status).toBe(201)
    const second = await api('POST', '/api/contracts', { body: { ...body, contract_ref: 'k-plan-2' } })
    expect(second.status).toBe(201)
    const amended = await edit('k-plan-2', { net_terms: 45 })
    expect([amended.status, amended.json.net_terms]).toEqual([200, 45])
  })

  it('refuses it even of two that are sent at the same moment', async () => {
    const body = await contractBody('k-race-0')
    const answers = await Promise.all(
      [0, 1, 2, 3].map((n) =>
        api('POST', '/api/contracts', { body: { ...body, contract_ref: `k-race-${n}` } }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
  })

  it('refuses a number that another contract has', async () => {
    await make('k-number-1', { contract_number: 'MSA-7' })
    const taken = await make('k-number-2', { contract_number: 'MSA-7' })
    expect([taken.status, taken.json.code]).toEqual([409, 'contract_number_taken'])
  })

  it('lists by customer and status, newest first', async () => {
    const { json } = await make('k-listed')
    const filtered = await api('GET', '/api/contracts/filter?customer_ref=of-k-listed&status=active')
    expect(filtered.json).toEqual({ data: [json], next_cursor: null })
    expect((await api('GET', '/api/contracts?limit=1')).json.data).toEqual([json])
    expect((await api('GET', '/api/contracts?status=cancelled&customer_ref=of-k-listed')).json.data).toEqual(
      [],
    )
    expect((await api('GET', '/api/contracts/nothing')).json.code).toBe('contract_not_found')
  })
})

const edit = (ref: string, body: object) => api('POST', `/api/contracts/edit/${ref}`, { body })
const cheaper = { ...calls, model: { type: 'unit', unit_amount: '0.08' } }

describe('POST /api/contracts/edit', () => {
  it('lets a new price begin at the next boundary and keeps the old one up to it', async () => {
    await make('k-price')
    await closeUpTo('k-price', 3)
    const amended = await edit('k-price', { products: [cheaper], reason: 'Renewal' })
    expect(amended.status).toBe(200)
    // Boundary 3 of a contract from 31 January is 30 April.
    expect(amended.json).toMatchObject({
      version: 2,
      products: [
        { ...calls, billing_start_date: null, billing_end_date: '2024-04-30' },
        { ...cheaper, billing_start_date: '2024-04-30', billing_end_date: null },
      ],
    })
    const versions = await rows(
      "SELECT version, effective_date, reason FROM contract_versions WHERE contract_ref = 'k-price' ORDER BY version",
    )
    expect(versions).toEqual([
      { version: 1, effective_date: START, reason: null },
      { version: 2, effective_date: '2024-04-30', reason: 'Renewal' },
    ])
    expect(
      await rows("SELECT id FROM outbox WHERE topic = 'meter_calendar' AND payload LIKE '%of-k-price%'"),
    ).toHaveLength(2)
  })

  it.each([
    {
      name: 'a cycle that is closed',
      date: '2024-03-30',
      apply: 'by_direction',
      code: 'effective_date_not_open',
    },
    { name: 'a cycle under way, of usage', date: '2024-04-15', apply: 'now', code: 'invalid_contract' },
  ])('refuses a day of $name', async ({ date, apply, code }) => {
    await make(`k-day-${date}`)
    await closeUpTo(`k-day-${date}`, 3)
    const refused = await edit(`k-day-${date}`, { effective_date: date, apply, products: [cheaper] })
    expect([refused.status, refused.json.code]).toEqual([422, code])
  })

  it('lets fees change inside the running cycle, in another zone from its end on', async () => {
    await make('k-inside', { products: [seats] })
    await closeUpTo('k-inside', 3)
    const today = new Date().toISOString().slice(0, 10)
    const more = { ...seats, quantity: 8 }
    const amended = await edit('k-inside', {
      effective_date: '2024-04-15',
      bill: 'now',
      timezone: 'Asia/Tokyo',
      products: [more],
    })
    expect(amended.status).toBe(200)
    expect(amended.json).toMatchObject({
      timezone: 'Asia/Tokyo',
      earlier_zones: [{ timezone: 'America/New_York' }],
      products: [
        { quantity: '5', billing_end_date: '2024-04-15' },
        { quantity: '8', billing_start_date: '2024-04-15' },
      ],
      next_invoice_date: '2024-04-15',
    })
    // The zone changes with the cycle that begins after today.
    expect(amended.json.earlier_zones[0].until > today).toBe(true)
  })

  it('keeps trials by their end, and refuses two of them', async () => {
    const made = await make('k-trial', { products: [{ ...seats, trial_days: 14 }] })
    // 14 days from 31 January end on 14 February.
    expect(made.json).toMatchObject({
      products: [{ trial_end_date: '2024-02-14' }],
      next_invoice_date: '2024-02-14',
    })
    const both = { ...seats, trial_days: 14, trial_end_date: '2024-02-14' }
    expect(paths(await make('k-trials', { products: [both] }))).toEqual(['products.0.trial_days'])
    const usage = { ...calls, trial_end_date: '2024-02-14' }
    expect(paths(await make('k-tried-usage', { products: [usage] }))).toEqual(['products.0.trial_end_date'])
  })

  it('changes how invoices are made from the next one on, and not later', async () => {
    await make('k-settings')
    await closeUpTo('k-settings', 1)
    const later = await edit('k-settings', { effective_date: '2024-03-31', net_terms: 60 })
    expect(later.json.code).toBe('effective_date_not_open')
    const change = { net_terms: 60, po_number: 'PO-1', tax: '7' }
    const now = await edit('k-settings', change)
    expect(now.json).toMatchObject({ ...change, version: 2 })
    // The same again is no other version.
    expect((await edit('k-settings', change)).json).toEqual(now.json)
    expect(
      await rows("SELECT version FROM contract_versions WHERE contract_ref = 'k-settings'"),
    ).toHaveLength(2)
  })

  it('waits while an invoice of the contract is being made', async () => {
    await make('k-claimed')
    await env.DB.prepare("UPDATE contracts SET claim_token = 't', claimed_until = ? WHERE ref = 'k-claimed'")
      .bind(Date.now() + 600_000)
      .run()
    const refused = await edit('k-claimed', { net_terms: 60 })
    expect([refused.status, refused.json.code]).toEqual([409, 'contract_being_invoiced'])
    expect((await api('GET', '/api/contracts/k-claimed')).json).toMatchObject({ version: 1, net_terms: 30 })
  })

  it('is refused by the database for a boundary that was closed meanwhile, and for a version that exists', async () => {
    await make('k-guard')
    const db = openDb(env.DB)
    const { results } = await env.DB.prepare("SELECT terms FROM contracts WHERE ref = 'k-guard'").all<{
      terms: string
    }>()
    const contract = {
      ref: 'k-guard',
      version: 2,
      status: 'active',
      terms: JSON.parse(results[0]!.terms),
    } as Contract
    const facts = { effectiveDate: START, fromBoundary: 0, reason: null, actor: 'test', now: 1 }
    await closeUpTo('k-guard', 1)
    const closed = await commit(db, updateContract(db, contract, facts)).catch((error) => error)
    expect(isRefusedBy(closed, 'contract is being invoiced')).toBe(true)
    const taken = { ...contract, version: 1 }
    const twice = await commit(db, updateContract(db, taken, { ...facts, fromBoundary: 1 })).catch(
      (error) => error,
    )
    expect(isUniqueViolation(twice)).toBe(true)
    expect(await rows("SELECT version FROM contract_versions WHERE contract_ref = 'k-guard'")).toHaveLength(1)
  })

  it('never rewrites a version', async () => {
    await make('k-kept')
    await expect(
      env.DB.prepare("UPDATE contract_versions SET reason = 'x' WHERE contract_ref = 'k-kept'").run(),
    ).rejects.toThrow('a contract version never changes')
    await expect(
      env.DB.prepare("DELETE FROM contract_versions WHERE contract_ref = 'k-kept'").run(),
    ).rejects.toThrow('a contract version never changes')
  })
})

const cancel = (ref: string, body?: object) => api('POST', `/api/contracts/cancel/${ref}`, { body })

describe('POST /api/contracts/cancel', () => {
  it('ends the contract with its running cycle, once', async () => {
    const today = new Date().toISOString().slice(0, 10)
    await make('k-cancel', {
      start_date: today,
      timezone: 'UTC',
      billing_cycle: { unit: 'DAILY', cycle: 10 },
    })
    const cancelled = await cancel('k-cancel', { reason: 'Moved away' })
    const end = new Date(Date.parse(today) + 10 * 86_400_000).toISOString().slice(0, 10)
    expect(cancelled.json).toMatchObject({ status: 'cancelled', version: 2, end_date: end })
    expect((await cancel('k-cancel', {})).json).toEqual(cancelled.json)
    expect(await rows("SELECT action FROM audit_log WHERE subject = 'k-cancel'")).toEqual([
      { action: 'contract.create' },
      { action: 'contract.cancel' },
    ])
  })

  it('ends a contract now where it is asked to, also one that was to end later', async () => {
    const today = new Date().toISOString().slice(0, 10)
    const dayFrom = (days: number) =>
      new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10)
    await make('k-now', {
      start_date: dayFrom(-4),
      timezone: 'UTC',
      billing_cycle: { unit: 'DAILY', cycle: 10 },
    })
    await closeUpTo('k-now', 1)
    expect((await cancel('k-now', {})).json.end_date).toBe(dayFrom(6))
    const now = { mode: 'now_without_credit', termination_day_used: true }
    const ended = await cancel('k-now', now)
    expect(ended.json).toMatchObject({ version: 3, end_date: dayFrom(1), next_invoice_date: dayFrom(1) })
    expect((await cancel('k-now', now)).json).toEqual(ended.json)
    expect((await cancel('k-now', { ...now, end_date: dayFrom(-1) })).json.code).toBe('end_date_not_open')
  })

  it('takes a later day, but none that cuts into what is billed', async () => {
    const start_date = '2200-01-01'
    await make('k-later', { start_date, end_date: '2201-01-01' })
    await closeUpTo('k-later', 2)
    for (const end_date of ['2200-02-01', '2201-01-02']) {
      const refused = await cancel('k-later', { end_date })
      expect([refused.status, refused.json.code]).toEqual([422, 'end_date_not_open'])
    }
    // Two cycles are closed; fees in advance are billed up to the end of the second, 1 March.
    expect((await cancel('k-later', { end_date: '2200-03-15' })).json).toMatchObject({
      end_date: '2200-03-15',
    })
  })

  it('of a contract that has not begun leaves nothing to bill, and frees its products', async () => {
    const body = await contractBody('k-future', { start_date: '2200-01-01' })
    await api('POST', '/api/contracts', { body })
    const cancelled = await cancel('k-future', {})
    expect(cancelled.json).toMatchObject({
      status: 'cancelled',
      end_date: '2200-01-01',
      next_invoice_date: null,
    })
    expect(
      (await api('POST', '/api/contracts', { body: { ...body, contract_ref: 'k-instead' } })).status,
    ).toBe(201)
  })

  it('is refused once all is billed', async () => {
    await make('k-over')
    await env.DB.prepare(
      "UPDATE contracts SET next_close_at = NULL, status = 'ended' WHERE ref = 'k-over'",
    ).run()
    for (const answer of [await cancel('k-over', {}), await edit('k-over', { net_terms: 1 })]) {
      expect([answer.status, answer.json.code]).toEqual([409, 'contract_over'])
    }
  })
})

describe('POST /api/preview/periods', () => {
  it('shows periods with their instants and the part of a whole cycle that they are', async () => {
    const { status, json } = await api('POST', '/api/preview/periods', {
      body: {
        start_date: '2024-03-15',
        end_date: '2024-05-11',
        anchor_date: '2024-03-01',
        billing_cycle: { unit: 'MONTHLY', cycle: 1 },
        timezone: 'America/New_York',
        issue_offset_days: 2,
        count: 5,
      },
    })
    expect(status).toBe(200)
    expect(json.periods).toHaveLength(3)
    expect(json.periods[0]).toEqual({
      start: '2024-03-15',
      end: '2024-04-01',
      start_at: '2024-03-15T04:00:00.000Z',
      end_at: '2024-04-01T04:00:00.000Z',
      issue_at: '2024-04-03T04:00:00.000Z',
      days: 17,
      full_days: 31,
      factor: expect.stringMatching(/^0\.54838709677419/),
    })
    expect(json.periods[1]).toMatchObject({ days: 30, full_days: 30, factor: '1' })
    expect(json.periods[2]).toMatchObject({ start: '2024-05-01', end: '2024-05-11', days: 10, full_days: 31 })
  })

  it('aligns periods to the calendar and prorates by the second', async () => {
    // 2026-02-10 to 1 April; on 8 March New York loses an hour. 50 days are 1,199 hours, the quarter's 90 are 2,159.
    const { json } = await api('POST', '/api/preview/periods', {
      body: {
        start_date: '2026-02-10',
        alignment: 'calendar',
        proration: 'second',
        billing_cycle: { unit: 'QUARTERLY' },
        timezone: 'America/New_York',
        count: 2,
      },
    })
    expect(json.periods).toMatchObject([
      {
        start: '2026-02-10',
        end: '2026-04-01',
        days: 50,
        full_days: 90,
        factor: expect.stringMatching(/^0\.55534969893/),
      },
      { start: '2026-04-01', end: '2026-07-01', factor: '1' },
    ])
  })

  it('shows the periods of a product with a cycle of its own, and the invoices that bill them', async () => {
    const mixed = { start_date: '2026-01-01', end_date: '2026-09-01', billing_cycle: { unit: 'MONTHLY' } }
    const product = { billing_cycle: { unit: 'QUARTERLY' }, anchor_date: '2026-02-10' }
    const { json } = await api('POST', '/api/preview/periods', { body: { ...mixed, product } })
    expect(json.periods).toHaveLength(4)
    // 40 of the 92 days from 10 November on; the last quarter is cut from 10 August on, to 22 days of 92.
    expect(json.periods[0]).toMatchObject({ start: '2026-01-01', end: '2026-02-10', days: 40, full_days: 92 })
    expect(json.periods[1]).toMatchObject({
      start: '2026-02-10',
      end: '2026-05-10',
      issue_in_advance_at: '2026-02-01T00:00:00.000Z',
      issue_at: '2026-06-01T00:00:00.000Z',
      factor: '1',
    })
    expect(json.periods[3]).toMatchObject({
      end: '2026-09-01',
      days: 22,
      issue_at: '2026-09-01T00:00:00.000Z',
    })
    const shorter = { ...mixed, product: { billing_cycle: { unit: 'WEEKLY' } } }
    const refused = await api('POST', '/api/preview/periods', { body: shorter })
    expect([refused.status, paths(refused)]).toEqual([422, ['product.billing_cycle']])
  })

  it('counts the days of a trial among those of their periods', async () => {
    const { json } = await api('POST', '/api/preview/periods', {
      body: { start_date: '2026-03-01', billing_cycle: { unit: 'MONTHLY' }, trial_days: 45, count: 3 },
    })
    // 45 days from 1 March end on 15 April: 14 of April's 30 days are free.
    expect(json.periods).toMatchObject([
      { days: 31, trial_days: 31, factor: '0' },
      { days: 30, trial_days: 14, factor: expect.stringMatching(/^0\.53333333/) },
      { days: 31, trial_days: 0, factor: '1' },
    ])
  })

  it.each([
    { given: { count: 501 }, path: 'count' },
    { given: { count: 1, at: '2026-01-01' }, path: 'at' },
    { given: { at: '9999-12-31T23:59:59Z' }, path: 'at' },
    { given: { start_date: '9999-12-31' }, path: 'start_date' },
    { given: { timezone: 'Mars/Olympus' }, path: 'timezone' },
    { given: { anchor_date: '2026-01-01', alignment: 'calendar' }, path: 'alignment' },
    { given: { end_date: '2025-01-01' }, path: 'end_date' },
    { given: { billing_cycle: { unit: 'YEARLY', cycle: 120 }, count: 500 }, path: 'count' },
  ])('refuses $given', async ({ given, path }) => {
    const answer = await api('POST', '/api/preview/periods', {
      body: { start_date: '2026-01-01', billing_cycle: { unit: 'MONTHLY' }, ...given },
    })
    expect(answer.status).toBe(422)
    expect(paths(answer)).toContain(path)
  })

  it.each([
    { at: '2024-02-29', start: '2024-02-29' },
    { at: '2024-02-28', start: '2024-01-31' },
    // 29 February 03:00Z is still the 28th in New York.
    { at: '2024-02-29T03:00:00Z', start: '2024-01-31' },
    { at: '2023-12-31', start: undefined },
  ])('finds the period that holds $at', async ({ at, start }) => {
    const { json } = await api('POST', '/api/preview/periods', {
      body: { start_date: START, billing_cycle: { unit: 'MONTHLY' }, timezone: 'America/New_York', at },
    })
    expect(json.periods.map((period: { start: string }) => period.start)).toEqual(start ? [start] : [])
  })
})

describe('POST /api/preview/change', () => {
  const body = {
    currency: 'USD',
    start_date: '2026-03-01',
    billing_cycle: { unit: 'MONTHLY' },
    date: '2026-03-15',
  }
  const change = (given: object, more: object = {}) =>
    api('POST', '/api/preview/change', { body: { ...body, ...more, change: given } })

  it.each([
    // 10 × 17/31 = 5.4838… and 20 × 17/31 = 10.9677…
    { given: { type: 'price', before: 10, after: 20 }, on: '2026-03-15', credit: '-5.48', charge: '10.97' },
    { given: { type: 'price', before: 20, after: 10 }, on: '2026-04-01', credit: '0.00', charge: '0.00' },
    // 3 × 31 × 17/31.
    {
      given: { type: 'quantity', unit_amount: 31, before: 5, after: 8 },
      on: '2026-03-15',
      credit: '0.00',
      charge: '51.00',
    },
    // The 15th is used: 16 days are left.
    {
      given: { type: 'cancellation', price: 31, mode: 'now_with_credit', termination_day_used: true },
      on: '2026-03-16',
      credit: '-16.00',
      charge: '0.00',
    },
  ])('of $given', async ({ given, on, credit, charge }) => {
    const { status, json } = await change(given)
    expect(status).toBe(200)
    expect(json).toMatchObject({ effective_date: on, credit, charge })
  })

  it('refuses a day outside the terms, and an amount finer than the currency', async () => {
    const price = { type: 'price', before: 10, after: 20 }
    expect((await change(price, { date: '2026-02-28' })).json.code).toBe('date_out_of_terms')
    expect((await change(price, { paid: '1.001' })).json.code).toBe('amount_too_fine')
  })
})

describe('POST /api/contracts/activate', () => {
  const activate = (ref: string) => api('POST', `/api/contracts/activate/${ref}`)

  it('puts a draft in force, which billed nothing and kept nobody from selling', async () => {
    const body = await contractBody('k-draft', { draft: true })
    const draft = await api('POST', '/api/contracts', { body })
    expect(draft.json).toMatchObject({ status: 'draft', state: 'draft', next_invoice_date: null })
    expect(await rows("SELECT next_close_at FROM contracts WHERE ref = 'k-draft'")).toEqual([
      { next_close_at: null },
    ])
    const changed = await edit('k-draft', { products: [cheaper] })
    expect(changed.json.products).toMatchObject([{ ...cheaper, billing_start_date: START }])
    const active = await activate('k-draft')
    expect(active.json).toMatchObject({ status: 'active', state: 'active', version: 3 })
    expect(active.json.next_invoice_date).toBe('2024-02-29')
    expect((await activate('k-draft')).json).toEqual(active.json)
    const amended = await edit('k-draft', { net_terms: 60 })
    expect(amended.json.state).toBe('amended')
  })

  it('refuses one whose usage is billed by another meanwhile, and one that is discarded', async () => {
    const body = await contractBody('k-quote', { draft: true })
    await api('POST', '/api/contracts', { body })
    const signed = await api('POST', '/api/contracts', {
      body: { ...body, draft: false, contract_ref: 'k-signed' },
    })
    expect(signed.status).toBe(201)
    expect((await activate('k-quote')).json.code).toBe('product_already_billed')
    expect((await cancel('k-quote')).json.status).toBe('cancelled')
    expect((await activate('k-quote')).json.code).toBe('contract_not_draft')
    expect((await activate('k-nothing')).status).toBe(404)
  })

  it('is refused by the database too, where two are put in force at a time', async () => {
    const body = await contractBody('k-two-1', { draft: true })
    for (const contract_ref of ['k-two-1', 'k-two-2']) {
      await api('POST', '/api/contracts', { body: { ...body, contract_ref } })
    }
    const answers = await Promise.all(['k-two-1', 'k-two-2'].map(activate))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })
})

describe('renewal', () => {
  const renewal = { term_months: 12, notice_days: 30, price_uplift_percent: 5 }
  /** A year from 1 January 2030, so that the day for notice lies ahead. */
  const yearly = (ref: string, given: object = {}) =>
    make(ref, {
      start_date: '2030-01-01',
      end_date: '2031-01-01',
      timezone: 'UTC',
      products: [seats, calls],
      renewal,
      commitment: { amount: 12000, period: 'contract' },
      custom_fields: { region: 'EMEA' },
      ...given,
    })
  const LAST_DAY = Date.parse('2030-12-02')

  it('comes on the last day for notice, once, as a version from the end of the term', async () => {
    const made = await yearly('k-renewed')
    expect(made.json).toMatchObject({
      renewal: { ...renewal, auto: true, price_uplift_percent: '5', notice_date: null },
      commitment: { amount: '12000', period: 'contract', true_up: true },
      custom_fields: { region: 'EMEA' },
    })
    await renewContracts(env, LAST_DAY - 1)
    expect((await api('GET', '/api/contracts/k-renewed')).json.version).toBe(1)
    await renewContracts(env, LAST_DAY)
    await renewContracts(env, LAST_DAY)
    const { json } = await api('GET', '/api/contracts/k-renewed')
    expect(json).toMatchObject({ state: 'renewed', version: 2, end_date: '2032-01-01' })
    // 20 × 1.05 and 0.10 × 1.05 from the new term on.
    expect(json.products.map((one: { model: object }) => one.model)).toEqual([
      { type: 'flat', amount: '20', term: 'in_advance' },
      { type: 'flat', amount: '21', term: 'in_advance' },
      { type: 'unit', unit_amount: '0.10' },
      { type: 'unit', unit_amount: '0.105' },
    ])
    const versions = (await api('GET', '/api/contracts/k-renewed/versions')).json.data
    expect(versions).toMatchObject([
      { version: 2, effective_date: '2031-01-01', reason: 'Renewed', terms: { end_date: '2032-01-01' } },
      { version: 1, effective_date: '2030-01-01', reason: null, terms: { end_date: '2031-01-01' } },
    ])
    expect((await api('GET', '/api/contracts/k-nothing/versions')).status).toBe(404)
  })

  it('does not come after notice, which is taken once', async () => {
    await yearly('k-noticed')
    const notice = () =>
      api('POST', '/api/contracts/notice/k-noticed', { body: { reason: 'Moving to another tool' } })
    const noticed = await notice()
    const today = new Date().toISOString().slice(0, 10)
    expect(noticed.json).toMatchObject({ state: 'active', version: 2, renewal: { notice_date: today } })
    expect((await notice()).json).toEqual(noticed.json)
    await renewContracts(env, LAST_DAY)
    expect((await api('GET', '/api/contracts/k-noticed')).json.end_date).toBe('2031-01-01')
    const { json } = await api('GET', '/api/contracts/k-noticed/versions')
    expect(json.data[0]).toMatchObject({ reason: 'Moving to another tool', effective_date: '2031-01-01' })
  })

  it('takes no notice where nothing renews', async () => {
    await make('k-endless')
    const refused = await api('POST', '/api/contracts/notice/k-endless')
    expect([refused.status, refused.json.code]).toEqual([409, 'contract_does_not_renew'])
    await make('k-quoted', { end_date: '2025-01-31', renewal: {}, draft: true })
    const quoted = await api('POST', '/api/contracts/notice/k-quoted')
    expect([quoted.status, quoted.json.code]).toEqual([409, 'contract_not_active'])
  })

  it('waits while an invoice is being made, and keeps the contract from being closed before', async () => {
    await yearly('k-busy')
    await env.DB.prepare("UPDATE contracts SET claim_token = 't', claimed_until = ? WHERE ref = 'k-busy'")
      .bind(LAST_DAY + 1)
      .run()
    await renewContracts(env, LAST_DAY)
    expect((await api('GET', '/api/contracts/k-busy')).json.version).toBe(1)
    await renewContracts(env, LAST_DAY + 1)
    expect((await api('GET', '/api/contracts/k-busy')).json.version).toBe(2)
  })

  it('gives way to a contract that bills the same usage from its end on', async () => {
    const body = await contractBody('k-old', {
      start_date: '2030-01-01',
      end_date: '2031-01-01',
      timezone: 'UTC',
      renewal,
    })
    await api('POST', '/api/contracts', { body })
    const after = { ...body, contract_ref: 'k-next', start_date: '2031-01-01', end_date: null, renewal: null }
    expect((await api('POST', '/api/contracts', { body: after })).status).toBe(201)
    await renewContracts(env, LAST_DAY)
    const { json } = await api('GET', '/api/contracts/k-old')
    expect(json).toMatchObject({ end_date: '2031-01-01', renewal: null, version: 2 })
  })

  it('is agreed with all faults told at once', async () => {
    const refused = await yearly('k-faulty', {
      end_date: '2031-01-15',
      commitment: { amount: 1, period: 'year', product_ref: 'nothing' },
    })
    expect(paths(refused)).toEqual(['commitment.product_ref', 'end_date'])
  })
})

describe('/api/contract-attachments', () => {
  const send = (query: string, body: string, type = 'application/pdf') =>
    api('POST', `/api/contract-attachments?${query}`, { headers: { 'content-type': type }, body })

  it('keeps a file of terms once, lists it, and hands it out to those who may read', async () => {
    await make('k-filed')
    const sent = await send('contract_ref=k-filed&name=Terms%202024.pdf', '%PDF-1.7 terms')
    expect(sent.json).toMatchObject({ name: 'Terms 2024.pdf', content_type: 'application/pdf', size: 14 })
    const again = await send('contract_ref=k-filed&name=Terms%202024.pdf', '%PDF-1.7 terms')
    expect(again.json).toEqual(sent.json)
    const listed = await api('GET', '/api/contract-attachments?contract_ref=k-filed')
    expect(listed.json.data).toEqual([sent.json])
    const path = `/api/contract-attachments/${sent.json.attachment_id}`
    const file = await api('GET', path)
    expect([file.status, file.text]).toEqual([200, '%PDF-1.7 terms'])
    expect(file.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''Terms%202024.pdf")
    expect((await api('GET', path, { key: null })).status).toBe(401)
    expect((await api('GET', '/api/contract-attachments/att_none')).status).toBe(404)
  })

  it.each([
    { name: 'of a contract that is not there', ref: 'k-none', body: 'x', type: 'text/plain', status: 404 },
    { name: 'without content', ref: 'k-filed', body: '', type: 'text/plain', status: 422 },
    { name: 'that a browser would run', ref: 'k-filed', body: 'x', type: 'text/html', status: 415 },
    {
      name: 'of more than 10 MB',
      ref: 'k-filed',
      body: 'x'.repeat(10 * 1024 * 1024 + 1),
      type: 'text/plain',
      status: 413,
    },
  ])('refuses one $name', async ({ ref, body, type, status }) => {
    expect((await send(`contract_ref=${ref}&name=a`, body, type)).status).toBe(status)
  })
})

describe('price books', () => {
  const price = (product_ref: string, valid_from: string, model: object, more: object = {}) => ({
    product_ref,
    currency: 'USD',
    valid_from,
    model,
    ...more,
  })
  const tiers = [
    { up_to: '1000', unit_amount: '0.10' },
    { up_to: null, unit_amount: '0.05' },
  ]
  const prices = [
    price('calls', '2023-01-01', { type: 'unit', unit_amount: '0.20' }),
    price('calls', '2024-01-01', { type: 'graduated', tiers }, { modifiers: { minimum_amount: '50' } }),
    price('calls', '2024-06-01', { type: 'unit', unit_amount: '0.30' }),
    price('seats', '2024-01-01', { type: 'flat', amount: '20' }),
  ]
  const write = (price_book: string, given: object = {}) =>
    api('POST', '/api/price-books', { body: { price_book, name: 'List 2024', prices, ...given } })

  it('are written once for each content, and every version stays readable', async () => {
    const first = await write('list')
    expect([first.status, first.json.version]).toEqual([201, 1])
    expect((await write('list')).status).toBe(200)
    const second = await write('list', { prices: prices.slice(0, 1) })
    expect([second.status, second.json.version]).toEqual([201, 2])
    expect((await api('GET', '/api/price-books/list')).json).toEqual(second.json)
    expect((await api('GET', '/api/price-books/list?version=1')).json).toEqual(first.json)
    const listed = await api('GET', '/api/price-books')
    expect(listed.json.data.filter((one: { price_book: string }) => one.price_book === 'list')).toEqual([
      second.json,
    ])
    expect((await api('GET', '/api/price-books/list?version=9')).json.code).toBe('price_book_not_found')
  })

  it('refuse prices that are no prices, with all faults at once', async () => {
    const wrong = [
      price(
        'calls',
        '2024-01-01',
        { type: 'unit', unit_amount: '1' },
        { modifiers: { percent_discount: '101' } },
      ),
      price('seats', '2024-02-30', { type: 'flat', amount: '-1' }),
    ]
    expect(paths(await write('wrong', { prices: wrong })).sort()).toEqual([
      'prices.0.modifiers.percent_discount',
      'prices.1.model.amount',
      'prices.1.valid_from',
    ])
    expect(paths(await write('wrong', { prices: [prices[0], prices[0]] }))).toEqual(['prices.1.valid_from'])
    const unknown = price('nothing', '2024-01-01', { type: 'unit', unit_amount: '1' })
    expect((await write('wrong', { prices: [unknown] })).json).toMatchObject({
      code: 'product_unknown',
      errors: [{ path: 'prices.0.product_ref' }],
    })
  })

  it('give a contract the price of its first day, with any number replaced, for good', async () => {
    await write('book')
    const products = [
      { product_ref: 'calls', price_book: 'book', overrides: { modifiers: { minimum_amount: '40' } } },
      {
        product_ref: 'seats',
        price_book: 'book',
        quantity: 5,
        bill: 'arrears',
        overrides: { model: { amount: '18.50' } },
      },
    ]
    const made = await make('k-booked', { products })
    expect(made.json.products).toMatchObject([
      {
        model: { type: 'graduated', tiers: [{ unit_amount: '0.10' }, { unit_amount: '0.05' }] },
        modifiers: { minimum_amount: '40' },
        price_book: { ref: 'book', version: 1 },
      },
      { model: { type: 'flat', amount: '18.50', term: 'in_arrears' }, quantity: '5' },
    ])
    await write('book', { prices: [price('calls', '2024-01-01', { type: 'unit', unit_amount: '9' })] })
    expect((await api('GET', '/api/contracts/k-booked')).json).toEqual(made.json)
    // Sent as it is read, nothing is amended; named again, it is the price of the new version.
    const same = await edit('k-booked', { products: made.json.products })
    expect(same.json.products).toEqual(made.json.products)
    await closeUpTo('k-booked', 3)
    const renewed = await edit('k-booked', { products: [{ product_ref: 'calls', price_book: 'book' }] })
    expect(renewed.json.products.at(-1)).toMatchObject({
      model: { type: 'unit', unit_amount: '9' },
      billing_start_date: '2024-04-30',
      price_book: { ref: 'book', version: 2 },
    })
  })

  it('tell what they cannot give, with all that is wrong besides', async () => {
    await write('faulty')
    const refused = await make('k-no-price', {
      end_date: '2024-01-01',
      products: [
        { product_ref: 'calls', price_book: 'faulty', overrides: { model: { tiers: 'none' } } },
        { product_ref: 'setup', price_book: 'faulty' },
        { product_ref: 'seats', price_book: 'no-book' },
        { product_ref: 'nothing', model: calls.model },
      ],
    })
    expect([refused.status, refused.json.code]).toEqual([422, 'invalid_contract'])
    expect(paths(refused)).toEqual([
      'products.0.overrides.model.tiers',
      'products.1.price_book',
      'products.2.price_book',
      'end_date',
      'products.3.product_ref',
    ])
    const both = await make('k-both-prices', { products: [{ ...calls, price_book: 'faulty' }] })
    expect(paths(both)).toEqual(['products.0.model'])
    expect(paths(await make('k-neither', { products: [{ product_ref: 'calls' }] }))).toEqual([
      'products.0.model',
    ])
  })
})

describe('a preview with faults of form and of content', () => {
  it.each([
    {
      call: 'periods',
      // Whether the end is before the start cannot be said of a start that is none.
      body: {
        start_date: '2026-02-30',
        end_date: '2025-01-01',
        billing_cycle: { unit: 'MONTHLY' },
        alignment: 'calendar',
        anchor_date: '2026-01-01',
        count: 'ten',
      },
      expected: ['start_date', 'count', 'alignment'],
    },
    {
      call: 'periods',
      body: { start_date: '9990-01-01', billing_cycle: { unit: 'YEARLY' }, count: 0, timezone: 'Mars' },
      expected: ['start_date', 'timezone', 'count'],
    },
    {
      call: 'change',
      body: {
        start_date: '2026-01-01',
        billing_cycle: { unit: 'MONTHLY' },
        currency: 'JPY',
        date: '2025-12-31',
        paid: '1.5',
        change: { type: 'price', before: 'x', after: '2' },
      },
      expected: ['change.before', 'date', 'paid'],
    },
    {
      call: 'invoice',
      body: {
        currency: 'EUR',
        lines: [{ amount: 'x' }, { amount: '1', tax: 'gst' }, { key: 5, amount: '1' }],
        taxes: { vat: { rate_percent: 20 } },
        discounts: [{ type: 'fixed', value: '1.234' }],
      },
      expected: ['lines.0.amount', 'lines.2.key', 'lines.1.tax', 'discounts.0.value'],
    },
    {
      call: 'invoice',
      // Which taxes there are, and how many decimals, is not known.
      body: {
        currency: 'EURO',
        lines: [{ amount: '1', tax: 'vat' }],
        taxes: 7,
        credits: [{ amount: '0.001' }],
      },
      expected: ['currency', 'taxes'],
    },
  ])('of $call tells $expected', async ({ call, body, expected }) => {
    const refused = await api('POST', `/api/preview/${call}`, { body })
    expect([refused.status, refused.json.code]).toEqual([422, 'invalid_request'])
    expect(paths(refused)).toEqual(expected)
  })
})
