import { beforeAll, describe, expect, it } from 'vitest'
import { TOKEN_ADDRESS } from '../../sandbox/chain/token.ts'
import { testXpub } from '../../sandbox/chain/wallet.ts'
import { hostedToken } from '../../src/invoicing/documents/hosted-link.ts'
import { openDb } from '../../src/storage/db.store.ts'
import { issueInvoice } from '../support/issued-invoice.ts'
import { connectStripe } from '../support/stripe.ts'
import { api, env } from '../support/worker.ts'

connectStripe()

const db = openDb(env.DB)
const NOT_A_TAG = '<script>alert(1)</script>'
const page = (method: string, path: string) => api(method, path, { key: null })
const pathOf = (invoice: { id: string }) => `/i/${hostedToken(env.LINK_SECRET ?? '', invoice.id)}`

const parties = {
  seller: {
    name: 'Lumen Cloud',
    tax_id: null,
    email: 'billing@lumen.example',
    address: {},
    bank_accounts: [
      {
        id: 'e',
        currency: 'EUR',
        beneficiary: 'Lumen Cloud',
        bank_name: 'Hafenbank',
        iban: 'DE89370400440532013000',
      },
      {
        id: 'u',
        currency: 'USD',
        beneficiary: 'Lumen Cloud',
        bank_name: 'First Harbor',
        account_number: '4400123456',
      },
    ],
  },
  buyer: { name: NOT_A_TAG, tax_id: null, email: null, address: {} },
  po_number: null,
  contract_number: 'C-1',
}

let made = 0
/** An invoice over 123.45; each has a customer of its own. */
async function issue(fields: Partial<Parameters<typeof issueInvoice>[1]> = {}) {
  made += 1
  const customerRef = `payer-${made}`
  await api('POST', '/api/customers', { body: { customer_ref: customerRef, name: customerRef } })
  const common = { number: `P-${made}`, entityRef: 'lumen', customerRef, total: 12_345n, parties }
  return issueInvoice(db, { ...common, ...fields })
}

beforeAll(async () => {
  const wallet = {
    id: 'treasury',
    xpub: testXpub(7),
    chains: [
      { chain_id: 31337, tokens: [{ symbol: 'USDC', address: TOKEN_ADDRESS, decimals: 6, currency: 'USD' }] },
    ],
  }
  const answer = await api('POST', '/api/entities', {
    body: {
      entity_ref: 'lumen',
      name: 'Lumen Cloud',
      legal_name: 'Lumen Cloud Inc.',
      currency: 'USD',
      timezone: 'America/New_York',
      invoice_series: 'LUM',
      wallets: [wallet],
    },
  })
  expect(answer.status).toBeLessThan(300)
})

describe('the hosted invoice', () => {
  it('shows seller, amount, due date and lines to whoever holds the link, and to nobody else', async () => {
    const invoice = await issue({ dueDate: '2099-01-31' })
    const { status, text, headers } = await page('GET', pathOf(invoice))
    expect(status).toBe(200)
    expect(text).toContain('123.45 <span class="code">EUR</span>')
    expect(text).toContain('31 January 2099')
    expect(headers.get('cache-control')).toBe('private, no-store')
    expect(headers.get('x-robots-tag')).toBe('noindex, nofollow')
    expect(headers.get('referrer-policy')).toBe('same-origin')
  })

  it('answers a forged, a foreign and an unsigned link with the same page', async () => {
    const { id } = await issue()
    const forged = [
      `${id}.${'0'.repeat(40)}`,
      hostedToken('another secret', id),
      id,
      hostedToken(env.LINK_SECRET!, 'inv_none'),
    ]
    for (const token of forged) {
      for (const [method, rest] of [
        ['GET', ''],
        ['GET', '/status'],
        ['GET', '/pdf'],
        ['POST', '/card'],
      ] as const) {
        const answer = await page(method, `/i/${token}${rest}`)
        expect(answer.status).toBe(404)
        expect(answer.text).toContain('This link opens no invoice.')
      }
    }
  })

  it('holds no script or style of its own that the policy would have to allow, and what people typed is text', async () => {
    const { text, headers } = await page(
      'GET',
      pathOf(await issue({ paymentMethods: ['card', 'wire', 'crypto'] })),
    )
    expect(text).not.toContain(NOT_A_TAG)
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]* src="\/assets\/)/)
    expect(headers.get('content-security-policy')).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self'",
    )
    expect(new TextEncoder().encode(text).length).toBeLessThan(60_000)
  })

  it('offers the methods that the invoice allows and the seller has set up', async () => {
    const methods = async (fields: Parameters<typeof issue>[0]) => {
      const { text } = await page('GET', pathOf(await issue(fields)))
      return [...text.matchAll(/<\/svg>(Card|Bank transfer|Crypto)<\/summary>/g)].map(([, name]) => name)
    }
    expect(await methods({ currency: 'USD', paymentMethods: ['card', 'wire', 'crypto'] })).toEqual([
      'Card',
      'Bank transfer',
      'Crypto',
    ])
    expect(await methods({ currency: 'EUR', paymentMethods: ['crypto', 'wire'] })).toEqual(['Bank transfer'])
    expect(await methods({ currency: 'JPY', paymentMethods: ['wire'] })).toEqual([])
  })

  it('gives the data of a transfer, with a SEPA code for euro', async () => {
    const invoice = await issue({ paymentMethods: ['wire'] })
    const { text } = await page('GET', pathOf(invoice))
    expect(text).toContain('DE89 3704 0044 0532 0130 00')
    expect(text).toContain(`data-copy="${invoice.paymentReference}"`)
    expect(text).toContain('aria-label="SEPA transfer code"')
    expect(text).not.toContain('4400123456')
  })

  it('gives the same deposit address each time, with a call that pays exactly what is due', async () => {
    const invoice = await issue({ currency: 'USD', paymentMethods: ['crypto'] })
    const [first, second] = [await page('GET', pathOf(invoice)), await page('GET', pathOf(invoice))]
    expect(second.text).toBe(first.text)
    const [, attribute = ''] = /data-wallet-request="([^"]+)"/.exec(first.text) ?? []
    const request = JSON.parse(attribute.replaceAll('&quot;', '"'))
    expect(request.to.toLowerCase()).toBe(TOKEN_ADDRESS.toLowerCase())
    // 123.45 in 6 decimals is 123,450,000 = 0x75bb290.
    expect(request.data).toMatch(/^0xa9059cbb0{24}[0-9a-f]{40}0{57}75bb290$/)
  })

  it('leads to the card page and back, and no longer asks for a card payment that is on its way', async () => {
    const invoice = await issue({ paymentMethods: ['card'] })
    const answer = await page('POST', `${pathOf(invoice)}/card`)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toContain('http://stripe.test/')
    const back = await page('GET', `${pathOf(invoice)}?card=sent`)
    expect(back.text).toContain('Your payment is being confirmed.')
    expect(back.text).not.toContain('<form')
  })

  it('has no card page for an invoice that is not to be paid by card', async () => {
    const invoice = await issue({ paymentMethods: ['wire'] })
    const answer = await page('POST', `${pathOf(invoice)}/card`)
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      `http://accrue.test${pathOf(invoice)}`,
    ])
  })

  it('tells its page script what is due, and says thank you when it is paid', async () => {
    const invoice = await issue({ paymentMethods: ['card'] })
    const before = (await page('GET', `${pathOf(invoice)}/status`)).json
    expect(before).toMatchObject({ amount_due: '123.45', currency: 'EUR' })
    const paid = await api('POST', '/api/invoices/reconcile', {
      body: { invoice_ref: invoice.id, amount: '123.45', currency: 'EUR', received_on: '2026-01-20' },
    })
    expect(paid.status).toBe(201)
    const after = (await page('GET', `${pathOf(invoice)}/status`)).json
    expect(after).toMatchObject({ standing: 'paid', amount_due: '0.00' })
    expect(after.version).not.toBe(before.version)
    const { text } = await page('GET', pathOf(invoice))
    expect(text).toContain('Nothing is left to pay.')
    expect(text).not.toMatch(/<form|data-status-url/)
  })

  it('gives the invoice as a PDF', async () => {
    const { status, text, headers } = await page('GET', `${pathOf(await issue())}/pdf`)
    expect([status, headers.get('content-type')]).toEqual([200, 'application/pdf'])
    expect(text.slice(0, 5)).toBe('%PDF-')
  })
})
