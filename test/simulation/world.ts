import type { ContractFact, EntityFact, ProductFact, TierFact } from './facts.ts'
import type { Random } from './random.ts'

export const WORLD_START = Date.UTC(2026, 0, 20, 8)

const ZONES = [
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Pacific/Auckland',
  'America/St_Johns',
]
const CURRENCIES = [
  { currency: 'USD', digits: 2 },
  { currency: 'EUR', digits: 2 },
  { currency: 'JPY', digits: 0 },
  { currency: 'KWD', digits: 3 },
]
const CYCLES = [
  { unit: 'WEEKLY', count: 1 },
  { unit: 'WEEKLY', count: 2 },
  { unit: 'DAILY', count: 10 },
  { unit: 'MONTHLY', count: 1 },
  { unit: 'MONTHLY', count: 1 },
  { unit: 'MONTHLY', count: 2 },
] as const

const PRODUCTS = [
  { product_ref: 'calls', name: 'Calls', kind: 'usage', metric: { type: 'sum' } },
  { product_ref: 'jobs', name: 'Jobs', kind: 'usage', metric: { type: 'count' } },
  { product_ref: 'peak', name: 'Peak', kind: 'usage', metric: { type: 'max' } },
  { product_ref: 'people', name: 'People', kind: 'usage', metric: { type: 'unique_count', field: 'user' } },
  { product_ref: 'seats', name: 'Seats', kind: 'recurring' },
  { product_ref: 'support', name: 'Support', kind: 'recurring' },
  { product_ref: 'setup', name: 'Set-up', kind: 'one_time' },
]

const METRICS = { calls: 'sum', jobs: 'count', peak: 'max', people: 'users' } as const

export type World = { entities: EntityFact[]; customers: string[]; contracts: ContractFact[] }

/**
 * Sellers, customers and what they have agreed; the last customer has two contracts. A Worker remembers how the meters of
 * its customers are spread, so each run has customers of its own.
 */
export function makeWorld(random: Random, seed: number): World {
  const entities = ['north', 'south'].map((ref) => ({
    ref,
    timezone: random.pick(ZONES),
    rounding: random.pick(['half_up', 'half_even'] as const),
  }))
  const customers = ['ada', 'ben', 'cem', 'dua'].map((name) => `${name}-${seed}`)
  const last = customers.at(-1)!
  const contracts = customers.map((customer) =>
    makeContract(random, entities, customer, [
      'calls',
      'jobs',
      'peak',
      'people',
      'seats',
      'support',
      'setup',
    ]),
  )
  const second = { ...makeContract(random, entities, last, ['jobs', 'support']), ref: `contract-${last}-2` }
  contracts[3]!.products = contracts[3]!.products.filter(({ ref }) => ref !== 'jobs' && ref !== 'support')
  return { entities, customers, contracts: [...contracts, second] }
}

function makeContract(
  random: Random,
  entities: EntityFact[],
  customerRef: string,
  productRefs: string[],
): ContractFact {
  const start = random.pick(['2026-01-01', '2026-01-15', '2026-01-20', '2026-01-05'])
  const { currency, digits } = random.pick(CURRENCIES)
  return {
    ref: `contract-${customerRef}`,
    customerRef,
    entity: random.pick(entities),
    currency,
    digits,
    timezone: random.pick(ZONES),
    start,
    anchor: random.chance(0.5)
      ? start
      : random.pick(['2025-12-31', '2026-01-31', '2026-01-29', '2025-11-30']),
    cycle: random.pick(CYCLES),
    taxPercent: random.pick(['0', '19', '8.875', '7.7']),
    invoicing: random.pick(['collective', 'per_product'] as const),
    products: productRefs.map((ref) => makeProduct(random, ref, digits)),
  }
}

function makeProduct(random: Random, ref: string, digits: number): ProductFact {
  const money = (from: number, to: number) => decimalText(random.int(from, to), digits)
  switch (ref) {
    case 'calls':
    case 'jobs':
    case 'peak':
    case 'people':
      return { ref, kind: 'usage', metric: METRICS[ref], tiers: makeTiers(random, digits) }
    case 'setup':
      return { ref, kind: 'one_time', amount: money(1, 500_000), quantity: '1' }
    default: {
      const quantity = random.pick(['1', '3', '2.5', '17'])
      return { ref, kind: 'recurring', amount: money(1, 90_000), quantity, inAdvance: random.chance(0.5) }
    }
  }
}

/** No unit costs less than one minor unit, so that a call that is lost or counted twice always shows on an invoice. */
function makeTiers(random: Random, digits: number): TierFact[] {
  const unitAmount = () => decimalText(random.int(1_001, 90_000), digits + 3)
  const flatAmount = () => (random.chance(0.3) ? decimalText(random.int(1, 900), digits) : '0')
  const bounds = random.pick([[], ['10'], ['5.5', '40'], ['3', '10', '100']])
  return [...bounds, null].map((upTo) => ({ upTo, unitAmount: unitAmount(), flatAmount: flatAmount() }))
}

/** `decimalText(1234, 2)` is `12.34`. */
export function decimalText(scaled: number, digits: number): string {
  const text = String(scaled).padStart(digits + 1, '0')
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** The requests that set up a world, in an order in which each finds what it names. */
export const askFor = ({ entities, customers, contracts }: World): { path: string; body: unknown }[] => [
  ...entities.map(({ ref, timezone, rounding }) => ({
    path: '/api/entities',
    // The books of one are measured in a currency that it hardly invoices in.
    body: {
      entity_ref: ref,
      name: ref,
      currency: 'USD',
      ...(ref === 'south' && { functional_currency: 'EUR' }),
      timezone,
      rounding,
    },
  })),
  ...customers.map((ref) => ({ path: '/api/customers', body: { customer_ref: ref, name: ref } })),
  ...PRODUCTS.map((body) => ({ path: '/api/products', body })),
  ...contracts.map((contract) => ({ path: '/api/contracts', body: contractBody(contract) })),
]

const contractBody = (contract: ContractFact) => ({
  contract_ref: contract.ref,
  customer_ref: contract.customerRef,
  entity_ref: contract.entity.ref,
  currency: contract.currency,
  timezone: contract.timezone,
  start_date: contract.start,
  anchor_date: contract.anchor,
  billing_cycle: { unit: contract.cycle.unit, cycle: contract.cycle.count },
  tax: contract.taxPercent,
  invoicing: contract.invoicing,
  products: contract.products.map((product) => ({
    product_ref: product.ref,
    ...(product.kind === 'usage'
      ? { model: modelOf(product.tiers) }
      : {
          model: { type: 'flat', amount: product.amount },
          quantity: product.quantity,
          ...(product.kind === 'recurring' && { bill: product.inAdvance ? 'advance' : 'arrears' }),
        }),
  })),
})

const modelOf = (tiers: TierFact[]) =>
  tiers.length === 1 && tiers[0]!.flatAmount === '0'
    ? { type: 'unit', unit_amount: tiers[0]!.unitAmount }
    : {
        type: 'graduated',
        tiers: tiers.map(({ upTo, unitAmount, flatAmount }) => ({
          up_to: upTo,
          unit_amount: unitAmount,
          flat_amount: flatAmount,
        })),
      }
