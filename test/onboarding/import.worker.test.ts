import { beforeAll, describe, expect, it } from 'vitest'
import { revenueSchedules, unscheduledLines } from '../../src/revenue/revenue.schema.ts'
import { openDb } from '../../src/storage/db.store.ts'
import { differencesFromFacts } from '../support/recomputed.ts'
import { api, env } from '../support/worker.ts'

type Row = {
  kind: string
  row: number
  ref: string | null
  outcome: string
  errors: { path: string; message: string }[]
}

const post = async (body: object | string, query = '') => {
  const csv = typeof body === 'string'
  const { status, json } = await api('POST', `/api/import${query}`, {
    body,
    headers: { 'content-type': csv ? 'text/csv' : 'application/json' },
  })
  return { status, json, rows: (json?.rows ?? []) as Row[], totals: json?.totals }
}

const outcomes = (rows: Row[]) => rows.map(({ ref, outcome }) => `${ref} ${outcome}`)
const paths = (row: Row | undefined) => row?.errors.map(({ path }) => path).sort()
const totals = (some: object) => ({ created: 0, unchanged: 0, updated: 0, refused: 0, ...some })

const db = openDb(env.DB)

const IBAN = 'DE02120300000000202051'
const SELLER = {
  entity_ref: 'ob-eu',
  name: 'Onboard GmbH',
  currency: 'EUR',
  timezone: 'Europe/Berlin',
  invoice_series: 'OB',
  bank_accounts: [{ id: 'main', currency: 'EUR', beneficiary: 'Onboard', bank_name: 'Bank', iban: IBAN }],
}

beforeAll(async () => {
  const { totals: made } = await post({ entities: [SELLER] })
  expect(made).toEqual(totals({ created: 1 }))
})

const contract = (ref: string, customer: string, more = {}) => ({
  contract_ref: ref,
  customer_ref: customer,
  start_date: '2030-01-01',
  products: [{ product_ref: 'ob-calls', model: { type: 'unit', unit_amount: '0.10' } }],
  ...more,
})

describe('a JSON import', () => {
  const FILE = {
    // Later kinds refer to earlier ones, wherever they stand in the body.
    contracts: [contract('ob-k1', 'ob-c1'), contract('ob-k2', 'ob-c1'), contract('ob-k3', 'nobody')],
    customers: [
      { customer_ref: 'ob-c1', name: 'One', entity_ref: 'ob-eu' },
      { customer_ref: 'ob-c2', name: 'Two', entity_ref: 'nowhere' },
      { name: 'Three' },
    ],
    products: [{ product_ref: 'ob-calls', name: 'Calls', kind: 'usage' }],
  }
  const EXPECTED = [
    'ob-calls created',
    'ob-c1 created',
    'ob-c2 refused',
    'null refused',
    'ob-k1 created',
    'ob-k2 refused',
    'ob-k3 refused',
  ]

  it('says in a dry run what would become of each row, and leaves nothing', async () => {
    const before = await api('GET', '/api/audit-log?limit=200')
    const { status, json, rows } = await post(FILE, '?dry_run=true')
    expect(status).toBe(200)
    expect(json.dry_run).toBe(true)
    expect(outcomes(rows)).toEqual(EXPECTED)
    for (const path of ['/api/products/ob-calls', '/api/customers/ob-c1', '/api/contracts/ob-k1']) {
      expect((await api('GET', path)).status).toBe(404)
    }
    expect((await api('GET', '/api/audit-log?limit=200')).json).toEqual(before.json)
  })

  it('then does just that, and finds it all unchanged when it comes again', async () => {
    const first = await post(FILE)
    expect(outcomes(first.rows)).toEqual(EXPECTED)
    expect(first.totals).toEqual(totals({ created: 3, refused: 4 }))
    expect(paths(first.rows[2])).toEqual(['entity_ref'])
    expect(paths(first.rows[3])).toEqual(['customer_ref'])
    // The second contract would bill the same usage of the same customer.
    expect(first.rows[5]?.errors[0]?.message).toContain('ob-k1')
    // Whose entity it would be is not known of a customer that there is not.
    expect(paths(first.rows[6])).toEqual(['customer_ref'])

    const made = await api('GET', '/api/contracts/ob-k1')
    expect(made.json).toMatchObject({ entity_ref: 'ob-eu', currency: 'EUR', timezone: 'Europe/Berlin' })
    expect(made.json.contract_number).toMatch(/^C-\d{5}$/)

    const again = await post(FILE)
    expect(outcomes(again.rows)).toEqual(EXPECTED.map((line) => line.replace('created', 'unchanged')))
  })

  it('tells of each row what is wrong with its form and its content, and writes the others', async () => {
    const { rows } = await post(
      {
        customers: [{ customer_ref: 'ob-c9', name: '', entity_ref: 'nowhere' }],
        contracts: [
          contract('ob-k9', 'nobody', { net_terms: 'soon' }),
          contract('ob-k10', 'ob-c1', { end_date: '2029-01-01', products: [{ product_ref: 'ob-nothing' }] }),
        ],
        open_invoices: [
          {
            number: 'OB-000001',
            customer_ref: 'nobody',
            entity_ref: 'ob-eu',
            issue_date: '2024-11-01',
            due_date: '2024-10-01',
            currency: 'EURO',
            amount: '1.005',
          },
        ],
      },
      '?dry_run=true',
    )
    expect(rows.map(paths)).toEqual([
      ['entity_ref', 'name'],
      ['customer_ref', 'net_terms'],
      ['end_date', 'products.0.model', 'products.0.product_ref'],
      ['currency', 'customer_ref', 'due_date', 'number'],
    ])
  })

  it('makes a contract just as the call for one does', async () => {
    const body = contract('ob-same', 'ob-c1', {
      products: [{ product_ref: 'ob-seats', model: { type: 'flat', amount: '9.00' }, quantity: 3 }],
      po_number: 'PO-1',
    })
    await post({
      products: [{ product_ref: 'ob-seats', name: 'Seats', kind: 'recurring' }],
      contracts: [body],
    })
    const { status, json } = await api('POST', '/api/contracts', { body })
    // 200 and not 201: the route finds the very contract that the import has made.
    expect(status).toBe(200)
    expect(json).toMatchObject({ contract_ref: 'ob-same', po_number: 'PO-1' })
  })

  it('refuses what is there with other content, and says what differs', async () => {
    const { rows } = await post({
      products: [{ product_ref: 'ob-calls', name: 'API calls', kind: 'usage', unit_name: 'call' }],
      contracts: [contract('ob-k1', 'ob-c1', { net_terms: 14 })],
    })
    expect(rows.map(({ outcome }) => outcome)).toEqual(['refused', 'refused'])
    expect(rows[0]?.errors).toEqual([
      { path: 'name', message: 'is "Calls" here, and "API calls" in the row' },
      { path: 'unit_name', message: 'is nothing here, and "call" in the row' },
    ])
    expect(paths(rows[1])).toEqual(['contract_ref', 'net_terms'])
  })

  it('edits what may be edited, where that is asked for', async () => {
    const products = [{ product_ref: 'ob-calls', unit_name: 'call', name: 'Calls', kind: 'usage' }]
    const dry = await post({ products }, '?update=true&dry_run=true')
    expect(outcomes(dry.rows)).toEqual(['ob-calls updated'])
    expect((await api('GET', '/api/products/ob-calls')).json.unit_name).toBeNull()
    expect(outcomes((await post({ products }, '?update=true')).rows)).toEqual(['ob-calls updated'])
    expect((await api('GET', '/api/products/ob-calls')).json.unit_name).toBe('call')
    expect(outcomes((await post({ products }, '?update=true')).rows)).toEqual(['ob-calls unchanged'])
  })

  it('refuses alone the row that only the database can refuse', async () => {
    const rows = [
      { product_ref: 'ob-p1', name: 'P1', kind: 'recurring' },
      // A contract bills it by its kind.
      { product_ref: 'ob-calls', name: 'Calls', kind: 'recurring' },
      { product_ref: 'ob-p2', name: 'P2', kind: 'recurring' },
    ]
    const expected = ['ob-p1 created', 'ob-calls refused', 'ob-p2 created']
    const dry = await post({ products: rows }, '?update=true&dry_run=true')
    expect(outcomes(dry.rows)).toEqual(expected)
    const real = await post({ products: rows }, '?update=true')
    expect(outcomes(real.rows)).toEqual(expected)
    expect(real.rows[1]?.errors[0]?.message).toContain('its kind stays')
  })

  it.each([
    { name: 'a row that is no object', row: 7, path: '' },
    {
      name: 'a field that there is not',
      row: { product_ref: 'ob-x', name: 'X', kind: 'usage', nme: 'x' },
      path: 'nme',
    },
    {
      name: 'a ref of the wrong type',
      row: { product_ref: 5, name: 'X', kind: 'usage' },
      path: 'product_ref',
    },
  ])('refuses $name', async ({ row, path }) => {
    const { status, rows } = await post({ products: [row] }, '?dry_run=true')
    expect(status).toBe(200)
    expect(rows[0]?.outcome).toBe('refused')
    expect(paths(rows[0])).toEqual([path])
  })

  it.each([
    { name: 'a kind that there is not', body: { orders: [] }, status: 422, code: 'invalid_request' },
    { name: 'a list that is none', body: { products: {} }, status: 422, code: 'invalid_request' },
    { name: 'CSV without a kind', body: 'name\nx', status: 422, code: 'kind_missing' },
    {
      name: 'more rows than a call takes',
      body: { products: Array(10_001).fill(0) },
      status: 422,
      code: 'too_many_rows',
    },
  ])('refuses $name', async ({ body, status, code }) => {
    const answer = await post(body)
    expect(answer).toMatchObject({ status, json: { code } })
  })

  it('is for finance', async () => {
    const { json: key } = await api('POST', '/api/keys', { body: { name: 'reader', scopes: ['read'] } })
    expect((await api('POST', '/api/import', { key: key.secret, body: {} })).status).toBe(403)
  })
})

describe('a CSV import', () => {
  const CSV = [
    'customer_ref,name,entity_ref,net_terms,billing_online_payment_details.auto_charge,custom_fields.segment',
    'ob-v1,"Vega, Inc.",ob-eu,14,TRUE,smb',
    'ob-v2,Wega,ob-eu,soon,,',
    'ob-v3,Xega,ob-eu,,,',
  ].join('\r\n')

  it('refuses one row of three, and takes the others', async () => {
    const { rows, totals: counted } = await post(CSV, '?kind=customers')
    expect(outcomes(rows)).toEqual(['ob-v1 created', 'ob-v2 refused', 'ob-v3 created'])
    expect(counted).toEqual(totals({ created: 2, refused: 1 }))
    expect(rows[1]).toMatchObject({ kind: 'customers', row: 2, errors: [{ path: 'net_terms' }] })
    expect((await api('GET', '/api/customers/ob-v1')).json).toMatchObject({
      name: 'Vega, Inc.',
      net_terms: 14,
      billing_online_payment_details: { auto_charge: true },
      custom_fields: { segment: 'smb' },
    })
  })

  it('finds the same file unchanged, and a repeated row of it refused', async () => {
    const { rows } = await post(`${CSV}\r\nob-v3,Xega,ob-eu,,,`, '?kind=customers')
    expect(outcomes(rows)).toEqual(['ob-v1 unchanged', 'ob-v2 refused', 'ob-v3 unchanged', 'ob-v3 refused'])
  })

  it('reads contracts with nested fields, and prices as JSON', async () => {
    await post('product_ref;name;kind\nob-data;Data;usage', '?kind=products')
    const tiers = {
      type: 'graduated',
      tiers: [
        { up_to: '10', unit_amount: '2' },
        { up_to: null, unit_amount: '1' },
      ],
    }
    const cell = JSON.stringify(tiers).replaceAll('"', '""')
    const { rows } = await post(
      [
        'contract_ref,customer_ref,start_date,billing_cycle.unit,billing_cycle.cycle,products.0.product_ref,products.0.model',
        `ob-csv,ob-v1,2030-01-01,QUARTERLY,2,ob-data,"${cell}"`,
      ].join('\n'),
      '?kind=contracts',
    )
    expect(rows).toEqual([{ kind: 'contracts', row: 1, ref: 'ob-csv', outcome: 'created', errors: [] }])
    expect((await api('GET', '/api/contracts/ob-csv')).json).toMatchObject({
      billing_cycle: { unit: 'QUARTERLY', cycle: 2 },
      net_terms: 14,
      products: [{ product_ref: 'ob-data', model: { type: 'graduated' } }],
    })
  })
})

describe('opening balances', () => {
  const CSV = [
    'number,customer_ref,issue_date,due_date,currency,amount,paid',
    'OLD-2024-0017,ob-c1,2024-11-01,2024-12-01,EUR,1000.00,400',
    'OB-000042,ob-c1,2024-11-01,2024-12-01,EUR,50,',
    'OLD-2024-0018,ob-c1,2024-11-01,2024-10-01,EUR,10.005,',
    'OLD-2024-0019,ob-c1,2024-11-01,2024-12-01,EUR,9007199254740993,',
    'OLD-2024-0020,ob-c1,2024-11-01,2024-12-01,EUR,80,80.00',
  ].join('\n')
  const balance = async () => {
    const { json } = await api('GET', '/api/ledger/trial-balance?entity_ref=ob-eu')
    return json as { balanced: boolean; accounts: Record<string, string>[] }
  }

  it('become open invoices and entries against equity', async () => {
    const dry = await post(CSV, '?kind=open_invoices&dry_run=true')
    expect((await balance()).accounts).toEqual([])
    const { rows } = await post(CSV, '?kind=open_invoices')
    expect(rows).toEqual(dry.rows)
    expect(outcomes(rows)).toEqual([
      'OLD-2024-0017 created',
      // The entity itself will issue this number one day.
      'OB-000042 refused',
      'OLD-2024-0018 refused',
      'OLD-2024-0019 refused',
      'OLD-2024-0020 refused',
    ])
    expect(rows.slice(1).map(paths)).toEqual([['number'], ['amount', 'due_date'], ['amount'], ['paid']])
    // 1000.00 − 400.00 paid before
    expect((await api('GET', '/api/invoices/OLD-2024-0017')).json).toMatchObject({
      state: 'ISSUED',
      total: '600.00',
      amount_due: '600.00',
      issue_date: '2024-11-01',
      due_date: '2024-12-01',
      lines: [{ description: 'Opening balance', amount: '600.00' }],
    })
    expect(await balance()).toMatchObject({
      balanced: true,
      accounts: [
        { account: 'accounts_receivable', currency: 'EUR', debit: '600.00', credit: '0.00' },
        { account: 'opening_balance', currency: 'EUR', debit: '0.00', credit: '600.00' },
      ],
    })
  })

  it('are not recognised as revenue a second time', async () => {
    expect(await db.select().from(unscheduledLines)).toEqual([])
    expect(await db.select().from(revenueSchedules)).toEqual([])
  })

  it('are unchanged when they come again, and never edited', async () => {
    expect((await post(CSV, '?kind=open_invoices')).rows[0]?.outcome).toBe('unchanged')
    const other = CSV.replace('2024-12-01,EUR,1000.00', '2024-12-31,EUR,1000.00')
    const { rows } = await post(other, '?kind=open_invoices&update=true')
    expect(rows[0]?.errors).toEqual([
      { path: 'due_date', message: 'is "2024-12-01" here, and "2024-12-31" in the row' },
    ])
    expect((await balance()).accounts).toHaveLength(2)
  })

  it('are matched by a bank statement, and the books stay balanced', async () => {
    const statement = [
      'date,amount,currency,reference,payer,id',
      '2025-01-15,600.00,EUR,Invoice OLD-2024-0017 thanks,One,S-1',
    ].join('\n')
    const { json } = await api('POST', '/api/bank-statements?entity_ref=ob-eu', { body: statement })
    expect(json).toMatchObject({ matched: 1, entries: [{ rule: 'invoice_number' }] })
    expect((await api('GET', '/api/invoices/OLD-2024-0017')).json).toMatchObject({
      state: 'PAID',
      amount_due: '0.00',
    })
    const { balanced, accounts } = await balance()
    expect(balanced).toBe(true)
    // 600.00 owed and paid; equity has them against the bank
    expect(accounts).toContainEqual({
      account: 'opening_balance',
      number: '3000',
      name: 'Opening balance',
      currency: 'EUR',
      debit: '0.00',
      credit: '600.00',
    })
    expect(accounts).toContainEqual({
      account: 'accounts_receivable',
      number: '1200',
      name: 'Accounts receivable',
      currency: 'EUR',
      debit: '0.00',
      credit: '0.00',
    })
  })
})

describe('contracts with prices of a book', () => {
  const book = (amount: string) => ({
    price_book: 'ob-list',
    name: 'List',
    prices: [
      {
        product_ref: 'ob-calls',
        currency: 'EUR',
        model: { type: 'unit', unit_amount: amount },
        valid_from: '2025-01-01',
      },
    ],
  })
  const booked = (ref: string, more = {}) =>
    contract(ref, 'ob-c1', {
      start_date: '2040-01-01',
      products: [{ product_ref: 'ob-calls', price_book: 'ob-list', ...more }],
    })

  it('take them as the route does, and keep them when the book is written again', async () => {
    await api('POST', '/api/products', { body: { product_ref: 'ob-calls', name: 'Calls', kind: 'usage' } })
    await post({ customers: [{ customer_ref: 'ob-c1', name: 'One', entity_ref: 'ob-eu' }] })
    // Those of the file above bill the same usage without end; nobody's does before them.
    const file = { contracts: [{ ...booked('ob-booked'), start_date: '2020-01-01', end_date: '2021-01-01' }] }
    expect((await post(file)).rows[0]).toMatchObject({ outcome: 'refused', ref: 'ob-booked' })
    await api('POST', '/api/price-books', { body: { ...book('0.10') } })
    const early = await post(file)
    expect(paths(early.rows[0])).toEqual(['products.0.price_book'])
    const valid = { ...book('0.10'), prices: [{ ...book('0.10').prices[0], valid_from: '2019-01-01' }] }
    await api('POST', '/api/price-books', { body: valid })
    expect(outcomes((await post(file)).rows)).toEqual(['ob-booked created'])
    await api('POST', '/api/price-books', {
      body: { ...valid, prices: [{ ...valid.prices[0], model: { type: 'unit', unit_amount: '0.20' } }] },
    })
    expect(outcomes((await post(file)).rows)).toEqual(['ob-booked unchanged'])
    const { json } = await api('GET', '/api/contracts/ob-booked')
    expect(json.products[0]).toMatchObject({
      model: { type: 'unit', unit_amount: '0.10' },
      price_book: { ref: 'ob-list', version: 2 },
    })
  })

  it('come from a file of text too, and name the price that a book lacks', async () => {
    const products = JSON.stringify([{ product_ref: 'ob-other', price_book: 'ob-list' }])
    const csv = `contract_ref,customer_ref,start_date,products\nob-text,ob-c1,2022-01-01,"${products.replaceAll('"', '""')}"`
    const { rows } = await post(csv, '?kind=contracts')
    expect(paths(rows[0])).toContain('products.0.price_book')
  })
})

it('leaves books that follow from the facts', async () => {
  expect(await differencesFromFacts()).toEqual([])
})
