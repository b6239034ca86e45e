import { describe, expect, it } from 'vitest'
import { insertCustomer } from '../../src/customers/customers.store.ts'
import { commit, openDb } from '../../src/storage/db.store.ts'
import { issueInvoice } from '../support/issued-invoice.ts'
import { api, env } from '../support/worker.ts'

/** BIP-32, test vector 1, chain m/0H/1/2H/2: an extended key of depth 4, public and private. */
const XPUB =
  'xpub6FHa3pjLCk84BayeJxFW2SP4XRrFd1JYnxeLeU8EqN3vDfZmbqBqaGJAyiLjTAwm6ZLRQUMv1ZACTj37sR62cfN7fe5JnJ7dh8zL4fiyLHV'
const XPRV =
  'xprvA2JDeKCSNNZky6uBCviVfJSKyQ1mDYahRjijr5idH2WwLsEd4Hsb2Tyh8RfQMuPh7f7RtyzTtdrbdqqsunu5Mm3wDvUAKRHSC34sJ7in334'
/** The public key above them all, of depth 0. */
const MASTER_XPUB =
  'xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8'

const entity = (given: object) => ({
  name: 'Accrue GmbH',
  currency: 'EUR',
  timezone: 'Europe/Berlin',
  ...given,
})
const wallet = { id: 'w', xpub: XPUB, chains: [{ chain_id: 8453, tokens: [usdc()] }] }

function usdc() {
  return {
    symbol: 'USDC',
    address: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
    decimals: 6,
    currency: 'USD',
  }
}

describe('POST /api/entities', () => {
  it('sets up an entity once: the same again is the same, other content a conflict', async () => {
    const body = entity({
      entity_ref: 'e-once',
      bank_accounts: [
        {
          id: 'b',
          currency: 'EUR',
          beneficiary: 'Accrue',
          bank_name: 'Bank',
          iban: 'de89 3704 0044 0532 0130 00',
        },
      ],
      wallets: [wallet],
    })
    const first = await api('POST', '/api/entities', { body })
    expect(first.status).toBe(201)
    expect(first.json).toMatchObject({
      entity_ref: 'e-once',
      legal_name: 'Accrue GmbH',
      framework: 'ASC606',
      invoice_series: 'INV',
      bank_accounts: [{ iban: 'DE89370400440532013000' }],
      wallets: [{ xpub: XPUB, chains: [{ tokens: [{ address: usdc().address.toLowerCase() }] }] }],
    })
    const again = await api('POST', '/api/entities', { body })
    expect([again.status, again.json]).toEqual([200, first.json])
    const other = await api('POST', '/api/entities', { body: { ...body, name: 'Else' } })
    expect([other.status, other.json.code]).toEqual([409, 'entity_exists'])
    expect((await api('GET', '/api/entities/e-once')).json).toEqual(first.json)
  })

  it('names every fault at once, and refuses a private key in words', async () => {
    const answer = await api('POST', '/api/entities', {
      body: {
        name: '',
        currency: 'EURO',
        timezone: 'Mars/Olympus',
        bank_accounts: [
          { id: 'b', currency: 'EUR', beneficiary: 'A', bank_name: 'B', iban: 'DE00370400440532013000' },
        ],
        wallets: [{ ...wallet, xpub: XPRV }],
      },
    })
    expect(answer.status).toBe(422)
    const faults = new Map<string, string>(
      answer.json.errors.map((fault: { path: string; message: string }) => [fault.path, fault.message]),
    )
    expect([...faults.keys()].sort()).toEqual([
      'bank_accounts.0.iban',
      'currency',
      'name',
      'timezone',
      'wallets.0.xpub',
    ])
    expect(faults.get('wallets.0.xpub')).toContain('PRIVATE key')
    expect(answer.text).not.toContain(XPRV)
  })

  const notAnXpub = 'must be an extended public key (xpub…) with a valid checksum'
  it.each([
    { name: 'a wrong checksum', xpub: `${XPUB.slice(0, -1)}9`, message: notAnXpub },
    { name: 'no key at all', xpub: 'xpub', message: notAnXpub },
    {
      name: 'another level, whose addresses the wallet would not show',
      xpub: MASTER_XPUB,
      message: "must be the key of the change level, m/44'/60'/n'/0 (depth 4); this one has depth 0",
    },
  ])('refuses an xpub with $name', async ({ xpub, message }) => {
    const answer = await api('POST', '/api/entities', { body: entity({ wallets: [{ ...wallet, xpub }] }) })
    expect(answer.json.errors).toEqual([{ path: 'wallets.0.xpub', message }])
  })

  it('is not for keys that only read or send usage', async () => {
    const answer = await api('POST', '/api/entities', { key: 'sandbox_ingest_key', body: entity({}) })
    expect(answer.status).toBe(403)
  })
})

describe('customers', () => {
  const acme = {
    customer_ref: 'c-acme',
    name: 'ACME',
    email: 'billing@acme.example, cfo@acme.example',
    ein: '12-345',
    country: 'US',
    country_state: 'CA',
    billing_address: '1 Road',
    currency: 'USD',
    tax: 8.5,
    net_terms: 14,
    billing_online_payment_details: { auto_charge: true },
    billing_crypto_details: { address: '0xabc', tokens: ['USDC'] },
  }

  it('are kept with the names of the seed product', async () => {
    const made = await api('POST', '/api/customers', { body: acme })
    expect(made.status).toBe(201)
    expect(made.json).toMatchObject({
      ...acme,
      tax: '8.5',
      billing_online_payment_details: { auto_charge: true },
    })
    expect((await api('GET', '/api/customers/c-acme')).json).toEqual(made.json)
    expect((await api('POST', '/api/customers', { body: acme })).status).toBe(200)
    const other = await api('POST', '/api/customers', { body: { ...acme, tax: '9' } })
    expect([other.status, other.json.code]).toEqual([409, 'customer_exists'])
  })

  it('that usage made known are completed, once', async () => {
    const db = openDb(env.DB)
    await commit(db, insertCustomer(db, { ...blank, ref: 'c-known', origin: 'usage' }))
    expect((await api('GET', '/api/customers/c-known')).json).toMatchObject({ origin: 'usage', email: null })
    const body = { ...acme, customer_ref: 'c-known' }
    const completed = await api('POST', '/api/customers', { body })
    expect(completed.status).toBe(200)
    expect(completed.json).toMatchObject({ origin: 'api', email: acme.email, net_terms: 14 })
    expect((await api('POST', '/api/customers', { body: { ...body, name: 'Else' } })).status).toBe(409)
  })

  it('are the same when sent again after a card was saved for them', async () => {
    const body = { ...acme, customer_ref: 'c-card' }
    await api('POST', '/api/customers', { body })
    await env.DB.prepare("UPDATE customers SET stripe_customer_id = 'cus_1' WHERE ref = 'c-card'").run()
    const again = await api('POST', '/api/customers', { body })
    expect([again.status, again.json.billing_online_payment_details.payment_gateway_id]).toEqual([
      200,
      'cus_1',
    ])
  })

  it('name every fault at once, and an entity that is not there', async () => {
    const wrong = await api('POST', '/api/customers', {
      body: { email: 'a@b.example,nobody', tax: '-1', net_terms: 1.5 },
    })
    expect(wrong.json.errors.map((fault: { path: string }) => fault.path).sort()).toEqual([
      'email',
      'name',
      'net_terms',
      'tax',
    ])
    const lost = await api('POST', '/api/customers', { body: { name: 'Lost', entity_ref: 'nowhere' } })
    expect([lost.status, lost.json.code]).toEqual([422, 'entity_not_found'])
  })

  it('get a reference of their own and are listed newest first, page by page', async () => {
    const { json } = await api('POST', '/api/customers', { body: { name: 'Last' } })
    expect(json.customer_ref).toMatch(/^cus_[0-9a-f]{32}$/)
    const first = await api('GET', '/api/customers/names?limit=1')
    expect(first.json.data).toEqual([{ customer_ref: json.customer_ref, name: 'Last' }])
    const second = await api('GET', `/api/customers/names?limit=1&cursor=${first.json.next_cursor}`)
    expect(second.json.data).not.toEqual(first.json.data)
    const rest = await api('GET', '/api/customers?limit=200')
    expect(rest.json.next_cursor).toBeNull()
  })

  it('answer 404 where there is none', async () => {
    const answer = await api('GET', '/api/customers/nobody')
    expect([answer.status, answer.json.code]).toEqual([404, 'customer_not_found'])
  })

  it('leave a word in the audit log, in the same batch', async () => {
    const { results } = await env.DB.prepare("SELECT action FROM audit_log WHERE subject = 'c-known'").all()
    expect(results).toEqual([{ action: 'customer.complete' }])
  })
})

describe('POST /api/customers/edit/{customer_ref}', () => {
  const edit = (ref: string, body: object) => api('POST', `/api/customers/edit/${ref}`, { body })

  it('changes what is sent and nothing else; null clears', async () => {
    const made = await api('POST', '/api/customers', {
      body: {
        customer_ref: 'c-edit',
        name: 'Old',
        email: 'old@acme.example',
        phone: { phone: '1' },
        net_terms: 14,
        billing_online_payment_details: { auto_charge: true, payment_gateway_id: 'cus_1' },
        custom_fields: { crm: '7' },
      },
    })
    const edited = await edit('c-edit', {
      name: 'New',
      email: null,
      phone: null,
      tax: '8.5',
      billing_online_payment_details: { payment_gateway_card_id: 'pm_1' },
    })
    expect(edited.status).toBe(200)
    const { phone: _, ...kept } = made.json
    expect(edited.json).toEqual({
      ...kept,
      name: 'New',
      email: null,
      tax: '8.5',
      billing_online_payment_details: {
        auto_charge: true,
        payment_gateway_id: 'cus_1',
        payment_gateway_card_id: 'pm_1',
      },
    })
    expect((await api('GET', '/api/customers/c-edit')).json).toEqual(edited.json)
  })

  it('is recorded with before and after, once', async () => {
    expect((await edit('c-edit', { name: 'New' })).status).toBe(200)
    const { results } = await env.DB.prepare(
      "SELECT before ->> 'name' AS was, after ->> 'name' AS is_now FROM audit_log WHERE action = 'customer.edit'",
    ).all()
    expect(results).toEqual([{ was: 'Old', is_now: 'New' }])
  })

  it('names every fault at once, and an entity that is not there', async () => {
    const wrong = await edit('c-edit', { name: null, tax: '-1', customer_ref: 'c-other' })
    expect(wrong.status).toBe(422)
    expect(wrong.json.errors.map((fault: { path: string }) => fault.path).sort()).toEqual(['', 'name', 'tax'])
    const lost = await edit('c-edit', { entity_ref: 'nowhere' })
    expect([lost.status, lost.json.code]).toEqual([422, 'entity_not_found'])
  })

  it('answers 404 where there is none, and is for finance', async () => {
    const answer = await edit('nobody', { name: 'X' })
    expect([answer.status, answer.json.code]).toEqual([404, 'customer_not_found'])
    const denied = await api('POST', '/api/customers/edit/c-edit', { key: 'sandbox_ingest_key', body: {} })
    expect(denied.status).toBe(403)
  })
})

describe('POST /api/entities/edit/{entity_ref}', () => {
  const edit = (ref: string, body: object) => api('POST', `/api/entities/edit/${ref}`, { body })

  it('changes anything before the first invoice; after it, not what the books rest on', async () => {
    const made = await api('POST', '/api/entities', { body: entity({ entity_ref: 'e-edit', tax_id: 'DE1' }) })
    const before = await edit('e-edit', { framework: 'IFRS15', invoice_series: 'RE', tax_id: null })
    expect([before.status, before.json]).toEqual([
      200,
      { ...made.json, framework: 'IFRS15', invoice_series: 'RE', tax_id: null },
    ])
    await issueInvoice(openDb(env.DB), { number: 'E-EDIT-1', entityRef: 'e-edit' })
    for (const body of [{ currency: 'USD' }, { framework: 'ASC606' }, { invoice_series: 'INV' }]) {
      const refused = await edit('e-edit', { ...body, name: 'Half written' })
      expect([refused.status, refused.json.code]).toEqual([409, 'entity_has_issued'])
    }
    const after = await edit('e-edit', { currency: 'EUR', address: { city: 'Berlin' }, wallets: [wallet] })
    expect([after.status, after.json]).toEqual([
      200,
      { ...before.json, address: { city: 'Berlin' }, wallets: after.json.wallets },
    ])
    expect(after.json.wallets).toHaveLength(1)
    expect((await api('GET', '/api/entities/e-edit')).json).toEqual(after.json)
    const { results } = await env.DB.prepare(
      "SELECT count(*) AS edits FROM audit_log WHERE action = 'entity.edit' AND subject = 'e-edit'",
    ).all()
    expect(results).toEqual([{ edits: 2 }])
  })

  it('names every fault, and answers 404 where there is none', async () => {
    const wrong = await edit('e-edit', { timezone: 'Mars/Olympus', currency: null })
    expect(wrong.json.errors.map((fault: { path: string }) => fault.path).sort()).toEqual([
      'currency',
      'timezone',
    ])
    expect((await edit('nowhere', { name: 'X' })).json.code).toBe('entity_not_found')
  })
})

const blank = {
  name: 'c-known',
  legalName: null,
  email: null,
  taxId: null,
  country: null,
  address: {},
  currency: null,
  entityRef: null,
  taxPercent: null,
  netTerms: null,
  autoCharge: false,
  stripeCustomerId: null,
  stripePaymentMethodId: null,
  profile: null,
  customFields: {},
  createdAt: 0,
}
