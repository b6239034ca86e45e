import type { Contract } from '../src/contracts/contract.ts'
import type { BilledProduct } from '../src/invoicing/charges/charge.ts'
import { type CycleCloseInput, planCycleClose } from '../src/invoicing/cycle/cycle-close.ts'
import { sold, termsOf } from '../test/support/contract-terms.ts'
import { rateInFloats, spreadThousandths, TIERED } from './tiers.ts'

/**
 * How long one core takes to close a cycle with an invoice of a thousand lines: usage is rated by four tiers, rounded,
 * discounted, taxed twice, split over the lines, hashed and posted, exactly. Beside it the bare arithmetic of the same
 * totals in floats, in the same run.
 *
 * Run by `npm run bench:assembly`; fails above the ceiling.
 */
const CEILING_MS = 50
const ROUNDS = 15
const LINES = 1_000

const DISCOUNT_PERCENT = 12.5
const TAX_PERCENTS = [5, 9.975]

const refOf = (place: number): string => `product-${place}`
const quantities = spreadThousandths(LINES).map((units) => units / 1000)

const terms = termsOf(
  quantities.map((_, place) => sold(refOf(place), TIERED)),
  {
    taxes: TAX_PERCENTS.map((percent, place) => ({
      name: `Tax ${place + 1}`,
      percent: String(percent),
      inclusive: false,
      reason: null,
      note: null,
    })),
    discounts: [
      {
        name: 'Volume',
        type: 'percent',
        value: String(DISCOUNT_PERCENT),
        products: null,
        from: null,
        until: null,
        cycles: null,
      },
    ],
  },
)

const contract: Contract = {
  ref: 'contract',
  number: 'C-1',
  customerRef: 'buyer',
  entityRef: 'seller',
  status: 'active',
  version: 1,
  terms,
  nextCycle: 1,
  nextCloseAt: 0,
  createdAt: 0,
}

const parties: Pick<CycleCloseInput, 'seller' | 'buyer'> = {
  seller: {
    ref: 'seller',
    legalName: 'Seller Inc.',
    taxId: null,
    email: null,
    address: {},
    bankAccounts: [],
    timezone: 'UTC',
    invoiceSeries: 'INV',
    rounding: 'half_up',
  },
  buyer: {
    ref: 'buyer',
    name: 'Buyer',
    legalName: null,
    taxId: null,
    email: null,
    address: {},
    stripePaymentMethodId: null,
  },
}

const input: CycleCloseInput = {
  ...parties,
  contract,
  products: new Map(
    quantities.map((_, place): [string, BilledProduct] => [
      refOf(place),
      { ref: refOf(place), name: `Product ${place}`, kind: 'usage' },
    ]),
  ),
  sealed: {
    cycleNo: 1,
    products: quantities.map((quantity, place) => ({
      productRef: refOf(place),
      quantity: String(quantity),
      byMonth: { '2026-01': String(quantity) },
    })),
    corrections: [],
  },
  heldBack: [],
  billed: [],
  nextSequence: 1,
  now: Date.parse('2026-02-01T00:00:00Z'),
}

/** In cents. */
function closeExactly(): number {
  const [invoice] = planCycleClose(input).invoices
  if (invoice?.lines.length !== LINES) throw new Error(`the invoice has not ${LINES} lines`)
  return Number(invoice.total)
}

/** In cents. */
function closeInFloats(): number {
  const lines = quantities.map((quantity) => Math.round(rateInFloats(quantity) * 100))
  const subTotal = lines.reduce((total, line) => total + line, 0)
  const net = subTotal - Math.round((subTotal * DISCOUNT_PERCENT) / 100)
  return TAX_PERCENTS.reduce((total, percent) => total + Math.round((net * percent) / 100), net)
}

/** CPU milliseconds of this thread for one of them, in the best round: what disturbs a machine only makes it slower. */
function bestOf(close: () => number, times: number): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.threadCpuUsage()
    for (let time = 0; time < times; time += 1) close()
    const { user, system } = process.threadCpuUsage(before)
    best = Math.min(best, (user + system) / 1000 / times)
  }
  return best
}

const difference = Math.abs(closeExactly() - closeInFloats())
// Floats may lose a cent on a line whose amount lies half-way between two.
if (difference > LINES) throw new Error(`exact and float totals differ by ${difference} cents`)
const exact = bestOf(closeExactly, 2)
const floats = bestOf(closeInFloats, 1_000)
console.log(`${LINES} lines, closed exactly      ${exact.toFixed(1)} ms on one core`)
console.log(`${LINES} lines, totals in floats    ${floats.toFixed(3)} ms`)
console.log(`floats are ${Math.round(exact / floats)} times as fast; the ceiling is ${CEILING_MS} ms`)
if (exact > CEILING_MS) process.exitCode = 1
