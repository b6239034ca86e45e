import { expect, it } from 'vitest'
import { api } from '../../support/worker.ts'

const obligation = { key: 'a', ssp: '100', recognition: 'daily', start: '2026-01-01', end: '2026-03-01' }
const deal = { framework: 'IFRS15', currency: 'EUR', transaction_price: '59', obligations: [obligation] }
const preview = (body: unknown) => api('POST', '/api/preview/revenue', { body })

it('plans a deal: allocation, schedule, journal and balances', async () => {
  const { status, json } = await preview({ ...deal, billings: [{ date: '2026-01-01', amount: '59' }] })
  expect(status).toBe(200)
  // 59 days at 1.00.
  expect(json).toMatchObject({
    framework: 'IFRS15',
    allocation: { a: '59.00' },
    schedule: [
      { period: '2026-01', key: 'a', amount: '31.00' },
      { period: '2026-02', key: 'a', amount: '28.00' },
    ],
    modifications: [],
    financing: [],
  })
  expect(json.journal[0]).toEqual({
    posting_date: '2026-01-01',
    event: 'invoice_issued',
    description: 'Invoice of 2026-01-01',
    postings: [
      { account: 'accounts_receivable', key: null, debit: '59.00', credit: '0.00' },
      { account: 'contract_position', key: null, debit: '0.00', credit: '59.00' },
    ],
  })
  expect(json.positions).toEqual([
    {
      period: '2026-01',
      billed: '59.00',
      recognised: '31.00',
      net_position: '28.00',
      contract_liability: '28.00',
      contract_asset: '0.00',
      unbilled_receivable: '0.00',
    },
    {
      period: '2026-02',
      billed: '59.00',
      recognised: '59.00',
      net_position: '0.00',
      contract_liability: '0.00',
      contract_asset: '0.00',
      unbilled_receivable: '0.00',
    },
  ])
})

const usage = { key: 'u', recognition: 'usage', events: [{ date: '2026-01-01' }] }
const twice = [obligation, { ...obligation, recognition: 'units' }]

it.each([
  { path: 'obligations.0.end', body: { ...deal, obligations: [{ ...obligation, end: '2026-01-01' }] } },
  { path: 'obligations.0.end', body: { ...deal, obligations: [{ ...obligation, end: '2199-01-01' }] } },
  { path: 'obligations.0.end', body: { ...deal, obligations: [{ ...obligation, end: '9999-12-31' }] } },
  { path: 'obligations.0.start', body: { ...deal, obligations: [{ ...obligation, start: undefined }] } },
  {
    path: 'obligations.0.total_quantity',
    body: { ...deal, obligations: [{ ...obligation, total_quantity: '0e9' }] },
  },
  { path: 'obligations.1.key', body: { ...deal, obligations: twice } },
  { path: 'obligations.0.ssp', body: { ...deal, obligations: [{ ...obligation, ssp: '-1' }] } },
  { path: 'obligations.0.ssp', body: { ...deal, obligations: [{ ...obligation, ssp: undefined }, usage] } },
  { path: 'obligations.1.events.0.amount', body: { ...deal, obligations: [obligation, usage] } },
  { path: 'transaction_price', body: { ...deal, transaction_price: '0.001' } },
  { path: 'transaction_price', body: { ...deal, transaction_price: 1e308 } },
  { path: 'transaction_price', body: { ...deal, transaction_price: 'NaN' } },
  { path: 'currency', body: { ...deal, currency: 'XXX' } },
  { path: 'discount_bundle.keys.0', body: { ...deal, discount_bundle: { keys: ['x'], price: '1' } } },
  { path: 'variable.0.outcomes', body: { ...deal, variable: [{ key: 'v', method: 'most_likely' }] } },
  {
    path: 'modifications.0.change.0.total_quantity',
    body: {
      ...deal,
      modifications: [
        { effective_date: '2026-02-01', change: [{ key: 'a', recognition: 'units', total_quantity: '-0' }] },
      ],
    },
  },
])('refuses what it cannot plan and says where: $path', async ({ path, body }) => {
  const { status, json } = await preview(body)
  expect(status).toBe(422)
  expect(json.errors.map((fault: { path: string }) => fault.path)).toContain(path)
})

it.each([
  { name: 'huge amounts', body: { ...deal, transaction_price: '1e40' } },
  { name: 'a negative zero', body: { ...deal, transaction_price: -0 } },
  {
    name: 'selling prices of nothing',
    body: {
      ...deal,
      obligations: [
        { ...obligation, ssp: '0' },
        { ...obligation, key: 'b', ssp: '0' },
      ],
    },
  },
  { name: 'keys of objects', body: { ...deal, obligations: [{ ...obligation, key: '__proto__' }] } },
  {
    name: 'a change after all is delivered',
    body: {
      ...deal,
      modifications: [
        { effective_date: '2027-01-01', change: [{ key: 'a', remaining_ssp: '5' }], price_change: '5' },
        { effective_date: '1900-01-01', credits: [{ key: 'a', amount: '70' }] },
      ],
    },
  },
])('plans $name too, and the schedule is the price', async ({ body }) => {
  const { status, json } = await preview(body)
  expect(status).toBe(200)
  const cents = (text: string) => BigInt(text.replace('.', ''))
  const total = json.schedule.reduce((sum: bigint, cell: { amount: string }) => sum + cents(cell.amount), 0n)
  expect(total).toBe(cents(json.modifications.at(-1)?.transaction_price ?? json.transaction_price.total))
})
