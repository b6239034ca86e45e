import { products } from '../../src/catalog/catalog.schema.ts'
import { insertContracts, type UnnumberedContract } from '../../src/contracts/contracts.store.ts'
import { customers, legalEntities } from '../../src/customers/customers.schema.ts'
import { sspBooks } from '../../src/revenue/revenue.schema.ts'
import { commit, type Db, insertRows } from '../../src/storage/db.store.ts'
import { sold, termsOf } from '../../test/support/contract-terms.ts'

const CONTRACTS_AT_ONCE = 500
const ENTITY = 'seller'
const CUSTOMER = 'buyer'

/** A seller with selling prices, and so many contracts of a year: a subscription by month, and a licence at once. */
export async function signContracts(db: Db, count: number): Promise<void> {
  await commit(db, parties(db))
  for (let from = 0; from < count; from += CONTRACTS_AT_ONCE) {
    const made = Array.from({ length: Math.min(CONTRACTS_AT_ONCE, count - from) }, (_, place) =>
      contract(from + place),
    )
    await commit(db, insertContracts(db, made, { actor: 'bench', now: 1 }))
  }
}

function parties(db: Db) {
  const fee = (ref: string) => ({ ref, name: ref, taxCode: null, origin: 'api' as const, createdAt: 0 })
  const price = (product_ref: string, amount: string, per: 'month' | 'once') => ({
    product_ref,
    currency: 'USD',
    per,
    price: { amount },
    method: 'observed' as const,
    evidence: 'Price list',
  })
  return [
    ...insertRows(db, legalEntities, [
      {
        ref: ENTITY,
        name: ENTITY,
        legalName: ENTITY,
        address: {},
        currency: 'USD',
        timezone: 'UTC',
        framework: 'ASC606',
        fxSource: 'ecb',
        invoiceSeries: 'INV',
        rounding: 'half_up',
        bankAccounts: [],
        wallets: [],
        createdAt: 0,
      },
    ]),
    ...insertRows(db, customers, [
      {
        ref: CUSTOMER,
        name: CUSTOMER,
        address: {},
        autoCharge: false,
        customFields: {},
        origin: 'api',
        createdAt: 0,
      },
    ]),
    ...insertRows(db, products, [
      { ...fee('subscription'), kind: 'recurring', recognition: 'daily' },
      { ...fee('licence'), kind: 'one_time', recognition: 'point_in_time' },
    ]),
    ...insertRows(db, sspBooks, [
      {
        entityRef: ENTITY,
        version: 1,
        effectiveDate: '2025-01-01',
        bundles: [],
        entries: [price('subscription', '100', 'month'), price('licence', '300', 'once')],
        approvedBy: 'Controller',
        actor: 'bench',
        createdAt: 0,
      },
    ]),
  ]
}

const contract = (place: number): UnnumberedContract => ({
  ref: `contract-${String(place).padStart(6, '0')}`,
  number: `N-${place}`,
  customerRef: CUSTOMER,
  entityRef: ENTITY,
  status: 'active',
  version: 1,
  terms: TERMS,
  nextCycle: 0,
  nextCloseAt: null,
  createdAt: 1,
})

const flat = (product_ref: string, amount: string) =>
  sold(product_ref, { type: 'flat', amount, term: 'in_advance' })

const TERMS = termsOf([flat('subscription', '100'), flat('licence', '600')], {
  start_date: '2025-01-01',
  end_date: '2026-01-01',
  anchor_date: '2025-01-01',
})
