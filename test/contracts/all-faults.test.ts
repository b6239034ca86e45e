import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Product } from '../../src/catalog/catalog.store.ts'
import { contractBody } from '../../src/contracts/contract.http.ts'
import { agreedCurrency, decideContract } from '../../src/contracts/decide-contract.job.ts'
import { pricedFrom } from '../../src/contracts/terms/booked-price.job.ts'
import { contractParts } from '../../src/contracts/terms/contract-parts.http.ts'
import type { Customer, LegalEntity } from '../../src/customers/customers.store.ts'
import { faultsOfForm, readPartly } from '../../src/http/partly.http.ts'
import { decideInFull } from '../../src/kernel/partly.ts'
import { type Fault, Problem } from '../../src/kernel/problem.ts'

type Body = Record<string, unknown> & { products: unknown[] }

const KINDS = { calls: 'usage', seats: 'recurring', setup: 'one_time' } as const

/** `calls`, `calls1`, `seats7` … by their kinds. */
const SOLD = new Map(
  Object.entries(KINDS).flatMap(([name, kind]) =>
    ['', ...Array(8).keys()].map((n) => {
      const metric = kind === 'usage' ? { type: 'sum' as const } : null
      return [`${name}${n}`, { ref: `${name}${n}`, kind, metric } as unknown as Product] as const
    }),
  ),
)
const CUSTOMER = { ref: 'acme', entityRef: 'seller', currency: null } as unknown as Customer
const SELLER = { ref: 'seller', currency: 'EUR', timezone: 'UTC' } as unknown as LegalEntity

/** Reads and decides as `POST /api/contracts` does, with what a database would answer. */
function decide(body: unknown) {
  const sent = readPartly(contractBody, contractParts, body)
  const customer = sent.value.customer_ref === CUSTOMER.ref ? CUSTOMER : undefined
  const parties = { customer, entity: customer && SELLER }
  const { products: asked, ...draft } = sent.value
  const start = { ...agreedCurrency(sent, parties), day: draft.start_date }
  const { value: products, ...found } = pricedFrom(new Map(), asked, start)
  const context = { ...parties, products: SOLD, others: [] }
  return decideInFull(sent, () => decideContract({ ...found, value: { ...draft, products } }, context, 0))
}

function answer(body: unknown): { code: string; faults: readonly Fault[] } {
  try {
    decide(body)
    return { code: 'created', faults: [] }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return error
  }
}

const told = (body: unknown) => {
  const { code, faults } = answer(body)
  return [code, ...faults.map(({ path }) => path)]
}

const unit = { type: 'unit', unit_amount: '0.10' }
const flat = { type: 'flat', amount: '20' }
const calls = (n: number | '', more: object = {}) => ({ product_ref: `calls${n}`, model: unit, ...more })
const seats = (n: number | '', more: object = {}) => ({ product_ref: `seats${n}`, model: flat, ...more })
const bodyOf = (products: unknown[], more: object = {}): Body => ({
  customer_ref: 'acme',
  start_date: '2026-01-01',
  products,
  ...more,
})
const falling = { type: 'graduated', tiers: [{ up_to: '10' }, { up_to: '5' }, { up_to: null }] }

describe('a contract with faults of form and of terms', () => {
  it.each<{ name: string; body: unknown; expected: string[] }>([
    {
      name: 'is told all of them, each at its own place',
      body: bodyOf([
        { product_ref: 'seats' },
        calls('', { product_ref: 'nothing' }),
        calls(1, { model: flat }),
        calls(2, { model: falling }),
        seats(3),
      ]),
      expected: [
        'invalid_request',
        'products.0.model',
        'products.3.model.tiers.1.up_to',
        'products.1.product_ref',
        'products.2.model',
      ],
    },
    {
      name: 'is told what a product has beside the field that is wrong',
      // 10 January lies inside the cycle of a usage product, whatever its price is.
      body: bodyOf([calls('', { model: { type: 'unit' }, billing_start_date: '2026-01-10' })]),
      expected: ['invalid_request', 'products.0.model.unit_amount', 'products.0.billing_start_date'],
    },
    {
      name: 'is not told what follows from a start that is none',
      body: bodyOf([calls('', { billing_start_date: '2026-01-10' }), calls(1, { quantity: 3 })], {
        start_date: '2026-02-30',
        end_date: '2026-01-01',
      }),
      expected: ['invalid_request', 'start_date', 'products.1.quantity'],
    },
    {
      name: 'is not told of an end that is missing where it is misspelt',
      body: bodyOf([calls('', { quantity: 3 })], { end_dat: '2027-01-01', renewal: {} }),
      expected: ['invalid_request', '', 'products.0.quantity'],
    },
    {
      name: 'is told of an end that is missing where nothing is misspelt',
      body: bodyOf([calls('', { quantity: 'x' })], { renewal: {} }),
      expected: ['invalid_request', 'products.0.quantity', 'renewal.auto'],
    },
    {
      name: 'is not told that a product overlaps where its end is misspelt',
      body: bodyOf([
        calls('', { billing_end_dat: '2026-02-01' }),
        calls('', { billing_start_date: '2026-02-01' }),
      ]),
      expected: ['invalid_request', 'products.0'],
    },
    {
      name: 'is told that two others overlap',
      body: bodyOf([calls('', { billing_end_date: 'soon' }), calls(1), calls(1)]),
      expected: ['invalid_request', 'products.0.billing_end_date', 'products.2.product_ref'],
    },
    {
      name: 'is not told of decimals of a currency that is none',
      body: bodyOf([calls('', { quantity: 3 })], {
        currency: 'EURO',
        discounts: [{ type: 'fixed', value: '1.234' }],
      }),
      expected: ['invalid_request', 'currency', 'products.0.quantity'],
    },
    {
      name: 'is not told of the currency and entity of a customer that there is not',
      body: bodyOf([calls('', { quantity: 3 })], {
        customer_ref: 'nobody',
        discounts: [{ type: 'fixed', value: '1.234' }],
      }),
      expected: ['invalid_contract', 'customer_ref', 'products.0.quantity'],
    },
    {
      name: 'is told of the products of a discount whose value or day cannot be read',
      body: bodyOf([calls('')], {
        discounts: [
          { type: 'percent', value: 'much', products: ['seats'] },
          { type: 'percent', value: '5', from: 'soon', until: '2026-02-01', products: ['storage'] },
        ],
      }),
      expected: [
        'invalid_request',
        'discounts.0.value',
        'discounts.1.from',
        'discounts.0.products',
        'discounts.1.products',
      ],
    },
    {
      name: 'is told of the discounts beside one that cannot be read',
      body: bodyOf([calls('')], {
        discounts: [
          { type: 'percent', value: '101' },
          { type: 'percent', value: '5', products: ['seats'] },
          { type: 'percent', value: '5', from: '2026-03-01', until: '2026-03-01' },
        ],
      }),
      expected: ['invalid_request', 'discounts.0.value', 'discounts.2.until', 'discounts.1.products'],
    },
    {
      name: 'is not told that a product is none of the contract where one has no name',
      body: bodyOf([{ model: unit }, calls(1)], {
        discounts: [{ type: 'percent', value: '5', products: ['calls'] }],
        commitment: { amount: '10', period: 'contract', product_ref: 'calls', overage_factor: '0.5' },
      }),
      expected: [
        'invalid_request',
        'products.0.product_ref',
        'commitment.period',
        'commitment.overage_factor',
      ],
    },
    {
      name: 'is told of fields that exclude each other although another is wrong',
      body: bodyOf([calls('', { trial_days: 3, trial_end_date: '2026-02-01', quantity: -1 })], {
        issue_day: '2026-02-01',
        issue_offset_days: 3,
        net_terms: 1.5,
      }),
      expected: ['invalid_request', 'net_terms', 'products.0.quantity', 'products.0.trial_days', 'issue_day'],
    },
    {
      name: 'is told of a price book that there is not, and not of a price that it would have',
      body: bodyOf([calls('', { model: undefined, price_book: 'none' }), calls(1, { price_book: 5 })], {
        start_date: 'soon',
      }),
      expected: ['invalid_request', 'start_date', 'products.1.price_book', 'products.0.price_book'],
    },
    { name: 'is one fault where it is no object', body: [], expected: ['invalid_request', ''] },
    {
      name: 'is told what there is not',
      body: { products: {} },
      expected: ['invalid_request', 'customer_ref', 'start_date', 'products'],
    },
    { name: 'is made where there are none', body: bodyOf([calls(''), seats('')]), expected: ['created'] },
  ])('$name', ({ body, expected }) => {
    expect(told(body)).toEqual(expected)
  })
})

/** What is wrong with one product, of form or of terms, whatever the others are. */
const PLANTS: ((n: number) => unknown)[] = [
  (n) => calls(n, { model: undefined }),
  (n) => calls(n, { product_ref: `unknown${n}` }),
  (n) => calls(n, { model: { type: 'unit', unit_amount: '-1' } }),
  (n) => calls(n, { model: flat }),
  (n) => calls(n, { model: falling }),
  (n) => calls(n, { billing_start_date: '2026-01-10' }),
  (n) => calls(n, { colour: 'red' }),
  (n) => calls(n, { quantity: 2 }),
  () => 7,
  (n) => seats(n, { billing_start_date: '2026-03-01', billing_end_date: '2026-02-01' }),
  (n) => seats(n, { quantity: 'many' }),
  (n) => seats(n, { model: unit }),
  (n) => seats(n, { trial_days: 3, trial_end_date: '2026-02-01' }),
  (n) => seats(n, { model: { type: 'flat', amount: '1000000000000' } }),
  (n) => seats(n, { ramp: [{ from: 'soon' }] }),
  (n) => seats(n, { ramp: [{ from: '2025-01-01' }], billing_end_date: 'never' }),
  (n) => seats(n, { bucket: 'day' }),
  (n) =>
    seats(n, {
      tax: [
        { name: 'a', rate_percent: 1 },
        { name: 'a', rate_percent: 2 },
      ],
    }),
  (n) => ({ product_ref: `setup${n}`, model: { ...flat, term: 'in_arrears' } }),
]

/** The same of the rest of a contract. */
const FRAMES: object[] = [
  {},
  { net_terms: -1 },
  { renewal: {} },
  { commitment: { amount: '1', period: 'cycle', overage_factor: '0.5' } },
  { tax: [{ rate_percent: 'x' }] },
  { contract_ref: '' },
]

const set = (faults: readonly Fault[]) => new Set(faults.map((fault) => JSON.stringify(fault)))

describe('faults of a contract', () => {
  const planted = fc.array(fc.option(fc.nat(PLANTS.length - 1), { nil: undefined }), {
    minLength: 1,
    maxLength: 5,
  })
  const productsWith = (plants: readonly (number | undefined)[]) =>
    plants.map((plant, n) => (plant === undefined ? seats(n) : PLANTS[plant]!(n)))

  it('are those of each of its parts: none is hidden by another, and none invented', () => {
    fc.assert(
      fc.property(planted, fc.constantFrom(...FRAMES), (plants, frame) => {
        const alone = plants.map((plant, n) =>
          bodyOf(productsWith(plants.map((_, place) => (place === n ? plant : undefined)))),
        )
        const union = [...alone, bodyOf(productsWith(plants.map(() => undefined)), frame)]
        const faults = union.flatMap((body) => answer(body).faults)
        expect(set(answer(bodyOf(productsWith(plants), frame)).faults)).toEqual(set(faults))
      }),
      { numRuns: 60 },
    )
  })

  /** Two contracts in which most rules have something to look at; one of them has faults. */
  const RICH = {
    ...bodyOf([
      calls(1, { billing_end_date: '2026-06-01' }),
      calls(1, { billing_start_date: '2026-06-01', bill: 'advance', accumulate: null }),
      seats(2, { ramp: [{ from: '2026-05-01', quantity: 3 }], trial_days: 10 }),
      seats(3, { billing_cycle: { unit: 'YEARLY' }, billing_start_date: '2026-02-01' }),
      { product_ref: 'setup', model: flat, billing_start_date: '2026-03-01' },
    ]),
    currency: 'JPY',
    end_date: '2027-01-01',
    billing_cycle: { unit: 'MONTHLY', cycle: 1 },
    anchor_date: '2026-01-01',
    issue_day: '2026-01-10',
    discounts: [{ type: 'fixed', value: '100', products: ['calls1'] }],
    commitment: { quantity: '5', period: 'contract', product_ref: 'calls1' },
    renewal: { term_months: 12 },
  }
  const WRONG = {
    ...RICH,
    end_date: '2026-12-15',
    discounts: [{ type: 'fixed', value: '0.5', products: ['storage'] }],
    products: [
      ...RICH.products,
      seats(2),
      calls(4, { billing_start_date: '2026-01-20' }),
      { ...calls(5), quantity: 2 },
    ],
  }

  it('are none that a part which cannot be read might take away', () => {
    expect(told(RICH)).toEqual(['created'])
    expect(told(WRONG)).toEqual([
      'invalid_contract',
      'products.6.billing_start_date',
      'products.7.quantity',
      'products.5.product_ref',
      'discounts.0.products',
      'discounts.0.value',
      // A contract that renews ends with a cycle.
      'end_date',
    ])
    const paths = [
      ...Object.keys(WRONG).map((key) => [key]),
      ...WRONG.products.flatMap((product, n) =>
        [[], ...Object.keys(product as object).map((key) => [key])].map((rest) => ['products', n, ...rest]),
      ),
    ]
    const harms = fc.uniqueArray(
      fc.tuple(fc.constantFrom(...paths), fc.constantFrom('garbled', 'misspelt')),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    fc.assert(
      fc.property(fc.constantFrom(RICH, WRONG), harms, (body, all) => {
        const harmed = all.reduce<unknown>((at, [path, harm]) => harmedAt(at, path, harm), body)
        const { error } = contractBody.safeParse(harmed)
        const allowed = set([...answer(body).faults, ...(error ? faultsOfForm(error) : [])])
        expect([...set(answer(harmed).faults)].filter((fault) => !allowed.has(fault))).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})

/** What is at a path is made something else, or has another name; where it is no longer there, nothing. */
function harmedAt(at: unknown, [key, ...rest]: readonly (string | number)[], harm: string): unknown {
  if (typeof at !== 'object' || at === null || key === undefined || !Object.hasOwn(at, key)) return at
  const value = (at as Record<string, unknown>)[key]
  if (Array.isArray(at)) {
    const item = rest.length > 0 ? harmedAt(value, rest, harm) : { garbled: true }
    return at.with(Number(key), item)
  }
  if (rest.length > 0) return { ...at, [key]: harmedAt(value, rest, harm) }
  const { [key]: _, ...others } = at as Record<string, unknown>
  return harm === 'garbled' ? { ...at, [key]: { garbled: true } } : { ...others, [`${key}_`]: value }
}
