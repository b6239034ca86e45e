import { beforeAll, describe, expect, it } from 'vitest'
import { REPORTS } from '../../src/console/report-view.ts'
import { addDays, addMonths, firstOfMonth } from '../../src/kernel/calendar.ts'
import { openDb } from '../../src/storage/db.store.ts'
import { issueInvoice } from '../support/issued-invoice.ts'
import { moveTo, ok } from '../support/scenario.ts'
import { api, env } from '../support/worker.ts'

const db = openDb(env.DB)
const NOT_A_TAG = '<script>alert(1)</script>'
const form = { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://accrue.test' }
let cookie = ''

const page = (path: string, as = cookie) => api('GET', path, { key: null, headers: { cookie: as } })

async function sessionOf(name: string, role: string): Promise<string> {
  const email = `${name}@lumen.example`
  await api('POST', '/api/operators', { body: { email, name, role } })
  const { json } = await api('POST', `/api/operators/${email}/sign-in-link`)
  const answer = await api('POST', new URL(json.url).pathname, { key: null, headers: form, body: '' })
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}

async function signIn(): Promise<void> {
  cookie = await sessionOf('ada', 'viewer')
}

const send = (path: string, session: string, fields: Record<string, string>, origin = form.origin) =>
  api('POST', path, {
    key: null,
    headers: { ...form, origin, cookie: session },
    body: new URLSearchParams(fields).toString(),
  })

const CONTRACT = {
  contract_ref: 'k-1',
  customer_ref: 'globex',
  entity_ref: 'lumen',
  currency: 'EUR',
  timezone: 'Europe/Berlin',
  start_date: '2026-01-01',
  billing_cycle: { unit: 'MONTHLY', cycle: 1 },
  products: [{ product_ref: 'calls', model: { type: 'unit', unit_amount: '0.0004' } }],
}

beforeAll(async () => {
  const made = [
    await api('POST', '/api/entities', {
      body: {
        entity_ref: 'lumen',
        name: 'Lumen',
        legal_name: 'Lumen Inc.',
        currency: 'EUR',
        timezone: 'Europe/Berlin',
        invoice_series: 'LUM',
      },
    }),
    await api('POST', '/api/customers', {
      body: { customer_ref: 'globex', name: NOT_A_TAG, entity_ref: 'lumen' },
    }),
    await api('POST', '/api/products', {
      body: {
        product_ref: 'calls',
        name: 'API calls',
        kind: 'usage',
        unit_name: 'call',
        metric: { type: 'sum' },
      },
    }),
    await api('POST', '/api/contracts', { body: CONTRACT }),
  ]
  expect(made.map(({ status }) => status < 300)).toEqual([true, true, true, true])
  await signIn()
})

const issue = (number: string) =>
  issueInvoice(db, { number, entityRef: 'lumen', contractRef: `k-${number}`, total: 12_345n })
const pay = (invoiceRef: string, amount: string) =>
  api('POST', '/api/invoices/reconcile', {
    body: {
      invoice_ref: invoiceRef,
      amount,
      currency: 'EUR',
      received_on: '2026-01-20',
      payer: { name: 'Globex Bank' },
    },
  })

describe('the console', () => {
  it.each([
    ['/console', 'Needs a person'],
    ['/console/customers', 'Customers, the newest first'],
    ['/console/customers/globex', 'Contracts'],
    ['/console/contracts', 'Every month'],
    ['/console/contracts/k-1', '€0.0004 per call'],
    ['/console/invoices', 'No invoice has been issued yet.'],
    ['/console/payments', 'No payment has arrived yet.'],
    ['/console/trial-balance', 'Nothing has been posted up to this day.'],
    ['/console/journal', 'No entry has been posted here.'],
    ['/console/accounts', 'Accounts receivable'],
    ['/console/close', 'Checklist'],
    ['/console/webhooks', 'Nobody is told what happens here.'],
  ])('shows %s, safely, with what is there', async (path, words) => {
    const { status, text, headers } = await page(path)
    expect(status).toBe(200)
    expect(text).toContain(words)
    expect(text).not.toContain(NOT_A_TAG)
    expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]* src="\/assets\/)/)
    expect(headers.get('cache-control')).toBe('private, no-store')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('begins at the overview', async () => {
    const answer = await page('/')
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/console'])
  })

  it.each([
    '/console/customers/nobody',
    '/console/contracts/none',
    '/console/invoices/none',
    '/console/payments/none',
    '/console/nowhere',
  ])('answers %s with a page that says what is missing', async (path) => {
    const { status, text, headers } = await page(path)
    expect(status).toBe(404)
    expect(headers.get('content-type')).toContain('text/html')
    expect(text).toContain('Not found')
  })

  it('escapes the name of a customer', async () => {
    expect((await page('/console/customers/globex')).text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  })

  it('asks whether fees that are paid more than a year ahead are a loan', async () => {
    await api('POST', '/api/products', {
      body: { product_ref: 'plan', name: 'Plan', kind: 'recurring', revenue: { recognition: 'month_even' } },
    })
    const years = { end_date: '2028-01-01', billing_cycle: { unit: 'YEARLY', cycle: 2 } }
    const products = [{ product_ref: 'plan', model: { type: 'flat', amount: '2400', term: 'in_advance' } }]
    await api('POST', '/api/contracts', { body: { ...CONTRACT, ...years, contract_ref: 'k-2y', products } })
    const { text } = await page('/console/contracts/k-2y')
    // By 1 January 2027 half of it is served.
    expect(text).toContain('Payment and service are more than a year apart')
    expect(text).toMatch(/1,200\.00 .*EUR.*are paid ahead of the service/)
    expect((await page('/console/contracts/k-1')).text).not.toContain('more than a year apart')
  })

  it('sets a webhook up, shows its secret once, and has it paused', async () => {
    const admin = await sessionOf('hook', 'admin')
    const made = await send('/console/webhooks', admin, {
      url: 'https://hooks.example/',
      events: 'invoice.paid',
    })
    expect([made.status, made.text]).toEqual([200, expect.stringMatching(/whsec_[A-Za-z0-9+/]{43}=/)])
    const path = /href="(\/console\/webhooks\/whk_[^"]+)"/.exec(made.text)?.[1] ?? ''
    expect((await page(path)).text).toContain('Nothing was sent yet.')
    expect((await send(`${path}/pause`, cookie, {})).status).toBe(403)
    expect((await send(`${path}/pause`, admin, {})).status).toBe(303)
    const shown = (await page(path, admin)).text
    expect([shown.includes('Make active'), shown.includes('whsec_')]).toEqual([true, false])
    expect((await send(`${path}/delete`, admin, {})).headers.get('location')).toBe('/console/webhooks')
  })

  it('follows an invoice from its issue over its payment to the books', async () => {
    const invoice = await issue('A-1')
    const shown = (await page(`/console/invoices/${invoice.id}`)).text
    expect(shown).toContain('Invoice issued')
    expect(shown).toContain('http://accrue.test/i/')
    expect(shown).toContain('Nothing has been paid yet.')

    const { json } = await pay('A-1', '100.00')
    expect((await page('/console/invoices/A-1')).text).toContain('23.45 <span class="code">EUR</span>')
    const payment = (await page(`/console/payments/${json.payment_id}`)).text
    expect(payment).toContain('Payment of €100.00')
    expect(payment).toContain(json.explanation)
    expect(payment).toContain(`href="/console/invoices/${invoice.id}"`)
    const links = [...payment.matchAll(/href="(\/console\/journal\?[^"]*)"/g)].map(([, path]) => path!)
    const behind = await Promise.all(links.map((path) => page(path.replaceAll('&amp;', '&'))))
    // What arrived, and what the invoice took: one entry each.
    const events = behind.map(({ text }) =>
      [...text.matchAll(/<h3><span>([^<]+)/g)].map(([, event]) => event),
    )
    expect(events).toEqual([['Payment received'], ['Payment allocated']])

    // 123.45 invoiced, 100.00 paid: 23.45 receivable; what is not earned yet stands against it.
    const books = (await page('/console/trial-balance')).text
    expect(books).toContain('Balanced')
    expect(books).toMatch(/Accounts receivable<\/a><\/th><td[^>]*><data class="money" value="23.45"/)
    expect(books).toMatch(/Contract position<\/a><\/th>.*?<data class="money" value="123.45"/)
    expect((await page('/console/journal?account=accounts_receivable')).text).toContain('Payment allocated')
    expect((await page('/console/journal?account=revenue')).text).toContain('No entry has been posted here.')
    expect((await page('/console/trial-balance?as_of=2025-12-31')).text).toContain('Nothing has been posted')
  })

  it('says of an entry in a later month which day it belongs to', async () => {
    await issue('A-LATE')
    await api('POST', '/api/accounting-periods/2020-01/lock', { body: { entity_ref: 'lumen' } })
    const money = { invoice_ref: 'A-LATE', amount: '123.45', currency: 'EUR', received_on: '2020-01-20' }
    await api('POST', '/api/invoices/reconcile', { body: money })
    const journal = (await page('/console/journal?from=2020-02-01&to=2020-02-01')).text
    expect(journal).toContain('Payment received by manual · EUR · Belongs to 2020-01-20')
  })

  it('filters invoices by the state in the address', async () => {
    await issue('F-OPEN')
    await issue('F-PAID')
    await pay('F-PAID', '123.45')
    const numbers = async (query: string) =>
      (await page(`/console/invoices${query}`)).text.match(/F-(OPEN|PAID)/g)
    expect(await numbers('')).toEqual(['F-PAID', 'F-OPEN'])
    expect(await numbers('?state=open')).toEqual(['F-OPEN'])
    expect(await numbers('?state=paid')).toEqual(['F-PAID'])
    expect(await numbers('?state=nonsense')).toEqual(['F-PAID', 'F-OPEN'])
  })

  it('names usage that no contract bills', async () => {
    await api('POST', '/api/customers', { body: { customer_ref: 'known', name: 'Known' } })
    await env.DB.prepare("UPDATE customers SET origin = 'usage' WHERE ref = 'known'").run()
    expect((await page('/console')).text).toContain('Customers: Known')
  })

  it('shows the money of each currency by itself', async () => {
    await issueInvoice(db, {
      number: 'J-1',
      entityRef: 'lumen',
      contractRef: 'k-j',
      currency: 'JPY',
      total: 380_000n,
    })
    const { text } = await page('/console')
    expect(text).toMatch(/id="money-JPY".*?Outstanding<\/dt><dd><a[^>]*><data class="money" value="380000"/)
    expect(text).toContain('id="money-EUR"')
  })

  it('reports, on screen and as CSV', async () => {
    await issueInvoice(db, {
      number: 'R-1',
      entityRef: 'lumen',
      contractRef: 'k-r',
      currency: 'CHF',
      total: 5_000n,
    })
    // Due on 31 January 2026: 28 days late on 28 February.
    const address = '/console/reports?report=ageing&as_of=2026-02-28'
    const ageing = (await page(address)).text
    expect(ageing).toContain('Agrees with the ledger')
    expect(ageing).toMatch(
      /id="report-CHF".*?href="\/console\/customers\/globex".*?data-label="1–30 days"[^>]*><a[^>]*><data class="money" value="50.00"/,
    )
    // Far behind the last row.
    expect((await page(`${address}&cursor=200`)).text).not.toContain('id="report-CHF"')
    const row = (await page(`${address}&format=csv`)).text.split('\r\n').find((line) => line.includes('CHF'))
    expect(row).toMatch(/,CHF,0.00,50.00,0.00,0.00,0.00,50.00$/)
    for (const [report] of [...REPORTS, ['nonsense']])
      expect((await page(`/console/reports?report=${report}&as_of=9999-12-31`)).status).toBe(200)
    const { text: positions } = await page('/console/reports?report=rollforward&as_of=2026-01-31')
    expect(positions).toMatch(/data-label="Legal entity"[^>]*>Lumen</)
  })

  it('reports of one legal entity, with links that stay with it', async () => {
    await api('POST', '/api/entities', {
      body: { entity_ref: 'other', name: 'Other', currency: 'SEK', invoice_series: 'OTH' },
    })
    const sold = { number: 'E-1', entityRef: 'other', contractRef: 'k-e', currency: 'SEK', total: 9_000n }
    await issueInvoice(db, sold)
    const ageing = '/console/reports?report=ageing&as_of=2026-01-15'
    expect((await page(ageing)).text).toContain('id="report-SEK"')
    expect((await page(`${ageing}&entity_ref=lumen`)).text).not.toContain('id="report-SEK"')
    const { text } = await page(`${ageing}&entity_ref=other`)
    expect(text).toMatch(/<option value="other" selected[^>]*>Other/)
    expect(text).toMatch(
      /id="report-SEK".*?href="\/console\/reports\/figure\?[^"]*entity_ref=other&amp;currency=SEK/,
    )
    expect(text).toMatch(/href="\/console\/reports\?report=mrr&amp;as_of=2026-01-15&amp;entity_ref=other"/)
    expect(text).not.toContain('id="report-CHF"')
    const { text: moved } = await page(
      '/console/reports?report=rollforward&as_of=2026-01-15&entity_ref=other',
    )
    const paths = [...moved.matchAll(/href="\/console\/journal\?([^"]*)/g)].map(([, query]) => query!)
    expect(paths.length).toBeGreaterThan(3)
    expect(paths.filter((query) => !query.includes('entity_ref=other'))).toEqual([])
  })

  it('draws a report, and leads from a figure to the entries behind it', async () => {
    await issueInvoice(db, {
      number: 'D-1',
      entityRef: 'lumen',
      contractRef: 'k-d',
      currency: 'NOK',
      total: 7_000n,
    })
    const { text } = await page('/console/reports?report=ageing&as_of=2026-01-15')
    expect(text).toMatch(/<svg[^>]*role="img"[^>]*>.*?<title id="chart-NOK-title">Open invoices by age/)
    const linkIn = (html: string, path: RegExp) =>
      path.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '/console/nowhere'
    const parts = (await page(linkIn(text, /href="(\/console\/reports\/figure\?[^"]*currency=NOK[^"]*)"/)))
      .text
    expect(parts).toContain('Invoice D-1, due on 2026-01-31')
    const journal = (await page(linkIn(parts, /href="(\/console\/journal\?[^"]*)"/))).text
    expect(journal).toMatch(/In total on Accounts receivable: <data class="money" value="70.00"/)
    expect(journal).toContain('Invoice D-1')
    expect(journal).not.toContain('Invoice A-1')
    expect(journal).toContain('Currency: NOK ×')
    expect(journal).toMatch(/href="\/console\/invoices\/inv_d1#bill"/)
  })

  it('leads from a line to its usage events', async () => {
    for (const [timestamp, quantity] of [
      ['2026-01-10T12:00:00Z', '5'],
      ['2026-02-10T12:00:00Z', '7'],
    ])
      await api('POST', '/api/usage/event', {
        body: { customer_ref: 'globex', usage_product_ref: 'calls', timestamp, quantity },
      })
    await api('POST', '/api/usage/event', {
      body: {
        customer_ref: 'globex',
        usage_product_ref: 'calls',
        timestamp: '2026-01-11T12:00:00Z',
        quantity: '12500.5',
      },
    })
    const span = 'product_ref=calls&from=2026-01-01T00:00:00.000Z&to=2026-02-01T00:00:00.000Z'
    const { text } = await page(`/console/customers/globex/events?${span}`)
    expect(text).toContain('10 Jan 2026, 12:00 UTC')
    expect(text).toContain('12,500.5')
    expect(text).toMatch(
      /from <time[^>]*>1 Jan 2026, 00:00 UTC<\/time> up to <time[^>]*>1 Feb 2026, 00:00 UTC/,
    )
    expect(text).not.toContain('10 Feb 2026')
    expect((await page('/console/customers/globex/events')).text).toContain('10 Feb 2026')
    expect((await page('/console/customers/nobody/events')).status).toBe(404)
  })

  it('closes a month and opens it again, each by the role that may', async () => {
    const path = '/console/close?entity_ref=lumen&month=2019-03'
    const [finance, admin] = [await sessionOf('finn', 'finance'), await sessionOf('root', 'admin')]
    const asked = { entity_ref: 'lumen', month: '2019-03' }
    const shown = async (session: string) =>
      (await api('GET', path, { key: null, headers: { cookie: session } })).text
    expect(await shown(cookie)).toContain('Close Mar 2019')
    expect(await shown(cookie)).not.toContain('name="action"')
    expect((await send('/console/close/entries', cookie, asked)).status).toBe(403)
    expect(await shown(finance)).toContain('Post closing entries')
    const posted = await send('/console/close/entries', finance, asked)
    expect([posted.status, posted.headers.get('location')]).toEqual([303, path])
    expect(await shown(finance)).toContain('Entries posted')

    expect((await send('/console/close', cookie, { ...asked, action: 'lock' })).status).toBe(403)
    const foreign = await send('/console/close', finance, { ...asked, action: 'lock' }, 'http://evil.test')
    expect(foreign.status).toBe(403)
    expect((await send('/console/close', finance, { ...asked, action: 'seal' })).status).toBe(422)

    const locked = await send('/console/close', finance, { ...asked, action: 'lock', reason: 'Reported' })
    expect([locked.status, locked.headers.get('location')]).toEqual([303, path])
    const closed = await shown(finance)
    expect(closed).toContain('Locked')
    expect(closed).toContain('finn@lumen.example')
    expect(closed).not.toContain('value="reopen"')

    const reopen = { ...asked, action: 'reopen' }
    expect((await send('/console/close', finance, { ...reopen, reason: 'Late' })).status).toBe(403)
    expect((await send('/console/close', admin, reopen)).status).toBe(422)
    expect((await send('/console/close', admin, { ...reopen, reason: 'A payment was missing' })).status).toBe(
      303,
    )
    expect(await shown(admin)).toContain('A payment was missing')
  })

  it('names accounts', async () => {
    const finance = await sessionOf('finn', 'finance')
    const names = { entity_ref: 'lumen', number_revenue: '4000', name_revenue: 'Sales' }
    expect((await send('/console/accounts', cookie, names)).status).toBe(403)
    expect((await send('/console/accounts', finance, { ...names, number_revenue: '???' })).status).toBe(422)
    expect((await send('/console/accounts', finance, names)).status).toBe(303)
    expect((await page('/console/accounts?entity_ref=lumen')).text).toMatch(/4000<\/td><td[^>]*>Sales/)

    const path = '/console/accounts/dimensions'
    const fixed = {
      entity_ref: 'lumen',
      account: 'revenue',
      name_0: 'Class',
      from_0: 'text',
      text_0: 'Services',
    }
    const found = { name_1: 'Region', from_1: 'product_ref', values_1: 'api = Usage', otherwise_1: 'Other' }
    expect((await send(path, cookie, fixed)).status).toBe(403)
    expect((await send(path, finance, { ...fixed, from_0: 'customer_field', text_0: '' })).status).toBe(422)
    expect((await send(path, finance, { ...fixed, ...found })).status).toBe(303)
    const [chart, form] = [
      await page('/console/accounts?entity_ref=lumen', finance),
      await page(`${path}?entity_ref=lumen&account=revenue`, finance),
    ]
    expect(chart.text).toContain('Class: Services, Region: from the product')
    expect(form.text).toContain('api = Usage')
    expect(form.text).toMatch(/value="product_ref" selected/)
  })

  it('finds what goes by a part of a name, a number or a reference', async () => {
    const { number, paymentReference, id } = await issueInvoice(db, {
      number: 'FIND-0042',
      entityRef: 'lumen',
      customerRef: 'globex',
      total: 100n,
    })
    for (const words of [number, 'find-004', paymentReference.replace(/.{4}/g, '$& ').toLowerCase()]) {
      const { status, headers } = await page(`/console/find?q=${encodeURIComponent(words)}`)
      expect({ words, status, to: headers.get('location') }).toMatchObject({
        status: 303,
        to: `/console/invoices/${id}`,
      })
    }
    for (const words of ['100%', "';--", 'x'.repeat(500), '', '\u0000']) {
      const { status, text } = await page(`/console/find?q=${encodeURIComponent(words)}`)
      expect(status).toBe(200)
      expect(text).toContain(words < ' ' ? 'Type a name' : 'Nothing goes by this')
    }
  })

  it('applies money that waits to the invoice that a person names', async () => {
    await issueInvoice(db, { number: 'HAND-1', entityRef: 'lumen', customerRef: 'globex', total: 7_000n })
    const statement = 'date,amount,currency,reference,payer,id\n2026-01-20,50.00,EUR,?,Somebody,hand-1\n'
    const { json } = await api('POST', '/api/bank-statements?entity_ref=lumen', {
      headers: { 'content-type': 'text/csv' },
      body: statement,
    })
    const path = `/console/payments/${json.entries[0].payment_id}`
    const finance = await sessionOf('hanna', 'finance')
    expect((await page(path)).text).not.toContain('Apply the rest')
    expect((await page(path, finance)).text).toContain('<option value="HAND-1">')

    const decision = { invoice_ref: 'HAND-1', reason: 'they called' }
    expect((await send(`${path}/apply`, cookie, decision)).status).toBe(403)
    expect((await send(`${path}/apply`, finance, { ...decision, reason: '' })).status).toBe(422)
    expect((await send(`${path}/apply`, finance, decision)).status).toBe(303)
    const after = await page(path, finance)
    expect(after.text).toContain('they called')
    expect(after.text).not.toContain('Apply the rest')
    // 70.00 less 50.00.
    expect((await api('GET', '/api/invoices/HAND-1')).json.amount_due).toBe('20.00')
  })

  it('says what is wrong with a form, and leads back to it', async () => {
    const finance = await sessionOf('fay', 'finance')
    const { status, text } = await api('POST', '/console/accounts', {
      key: null,
      headers: { ...form, cookie: finance, referer: 'http://accrue.test/console/accounts?entity_ref=lumen' },
      body: new URLSearchParams({
        entity_ref: 'lumen',
        number_revenue: '???',
        name_revenue: 'Sales',
      }).toString(),
    })
    expect(status).toBe(422)
    expect(text).toContain('accounts 0 number: ')
    expect(text).toContain('href="http://accrue.test/console/accounts?entity_ref=lumen"')
  })

  it('signs out', async () => {
    const answer = await api('POST', '/logout', { key: null, headers: { ...form, cookie }, body: '' })
    expect(answer.status).toBe(303)
    expect((await page('/console')).headers.get('location')).toBe('/login')
    await signIn()
  })
})

/** The figures of a page that are not zero, each with the address that it leads to. */
const figuresOf = (html: string) =>
  [...html.matchAll(/(?:<a href="([^"]*)">)?<data class="money" value="([^"]*)"/g)]
    .map(([, path, amount]) => ({ path: path?.replaceAll('&amp;', '&'), amount: amount! }))
    .filter(({ amount }) => /[1-9]/.test(amount))

/** What an address adds up to: entries on an account, without the sign of their side, or the parts of a figure. */
async function totalAt(path: string): Promise<string | undefined> {
  const { text } = await page(path)
  if (path.startsWith('/console/journal'))
    return /In total on [^:]*: <data class="money" value="([^"]*)"/.exec(text)?.[1]
  return /<tfoot.*?value="([^"]*)"/s.exec(text)?.[1]
}

/** Those figures of a report that lead nowhere, or to something else than themselves. */
async function misled(report: string, asOf: string) {
  const { text } = await page(`/console/reports?report=${report}&as_of=${asOf}&entity_ref=walked`)
  const figures = figuresOf(text.slice(text.indexOf('<table')))
  const faults = await Promise.all(
    figures.map(async ({ path = '', amount }) => {
      const total = path && (await totalAt(path))
      const shown = path.startsWith('/console/journal') ? amount.replace('-', '') : amount
      return total === shown ? [] : [`${report}: ${amount} opens ${total} at ${path}`]
    }),
  )
  return { count: figures.length, faults: faults.flat() }
}

describe('each figure of each report', () => {
  let monthEnd = ''

  beforeAll(async () => {
    const vat = { name: 'VAT', percent: '19', reason: null, taxable: '100.00', tax: '19.00' }
    const taxed = { subTotal: 10_000n, totalTax: 1_900n, total: 11_900n, taxes: [vat] }
    const { now } = await ok('GET', '/api/sandbox/clock')
    const month = firstOfMonth(now.slice(0, 10))
    const own = { entity_ref: 'walked', customer_ref: 'walker' }
    await ok('POST', '/api/entities', { ...own, name: 'Walked', currency: 'EUR', invoice_series: 'W' })
    await ok('POST', '/api/customers', { ...own, name: 'Walker' })
    const sold = { ...CONTRACT, ...own, timezone: 'UTC', start_date: month }
    await ok('POST', '/api/contracts', { ...sold, contract_ref: 'w-usage' })
    const years = { end_date: addMonths(month, 24), billing_cycle: { unit: 'YEARLY', cycle: 2 } }
    const products = [{ product_ref: 'plan', model: { type: 'flat', amount: '2400', term: 'in_advance' } }]
    await ok('POST', '/api/contracts', { ...sold, ...years, contract_ref: 'w-plan', products })
    await issueInvoice(db, {
      ...{ number: 'W-VAT', entityRef: 'walked', contractRef: 'w-vat', customerRef: 'walker' },
      ...{ ...taxed, issueDate: month, dueDate: month },
    } as Parameters<typeof issueInvoice>[1])
    const used = { customer_ref: 'walker', usage_product_ref: 'calls', quantity: '50000' }
    await ok('POST', '/api/usage/event', { ...used, timestamp: now })
    monthEnd = addDays(addMonths(month, 1), -1)
    await moveTo(addMonths(month, 1))
    await ok('POST', `/api/accounting-periods/${month.slice(0, 7)}/close-entries`, { entity_ref: 'walked' })
    await signIn()
  })

  it.each(REPORTS.map(([report]) => report))('of %s opens into what adds up to it', async (report) => {
    const { count, faults } = await misled(report, monthEnd)
    expect(faults).toEqual([])
    // No usage of closed months has come late.
    if (report !== 'earlier') expect(count).toBeGreaterThan(1)
  })
})
