import { products } from '../../src/catalog/catalog.schema.ts'
import { insertContracts, type UnnumberedContract } from '../../src/contracts/contracts.store.ts'
import { customers, legalEntities } from '../../src/customers/customers.schema.ts'
import { commit, type Db, insertRows } from '../../src/storage/db.store.ts'
import { sold, termsOf } from '../../test/support/contract-terms.ts'

const CONTRACTS_AT_ONCE = 500
export const ENTITY = 'seller'
/** Contracts begin on the 15th, so that each month ends within a cycle. */
const STARTS = Date.UTC(2025, 0, 15)

/**
 * A seller, and so many contracts by the month from 15 January 2025, each of a customer of its own: a fee of 300.00 in
 * advance, one of 60.00 in arrears, and calls at 0.10.
 */
export async function signContracts(db: Db, count: number): Promise<void> {
  await commit(db, sellerAndProducts(db))
  for (let from = 0; from < count; from += CONTRACTS_AT_ONCE) {
    const places = Array.from(
      { length: Math.min(CONTRACTS_AT_ONCE, count - from) },
      (_, place) => from + place,
    )
    await commit(db, [
      ...insertRows(db, customers, places.map(customer)),
      ...insertContracts(db, places.map(contract), { actor: 'bench', now: 1 }),
    ])
  }
}

function sellerAndProducts(db: Db) {
  const product = (ref: string) => ({ ref, name: ref, taxCode: null, origin: 'api' as const, createdAt: 0 })
  return [
    ...insertRows(db, legalEntities, [
      {
        ...{ ref: ENTITY, name: ENTITY, legalName: ENTITY, address: {}, currency: 'USD', timezone: 'UTC' },
        ...{ framework: 'ASC606', fxSource: 'ecb', invoiceSeries: 'INV', rounding: 'half_up' },
        ...{ bankAccounts: [], wallets: [], createdAt: 0 },
      },
    ]),
    ...insertRows(db, products, [
      { ...product('plan'), kind: 'recurring', recognition: 'month_even' },
      { ...product('support'), kind: 'recurring', recognition: 'month_even' },
      { ...product('calls'), kind: 'usage', recognition: 'usage' },
    ]),
  ]
}

const refOf = (kind: string, place: number): string => `${kind}-${String(place).padStart(6, '0')}`

const customer = (place: number) => ({
  ...{ ref: refOf('customer', place), name: refOf('customer', place), address: {}, autoCharge: false },
  ...{ customFields: {}, origin: 'api' as const, createdAt: 0 },
})

const contract = (place: number): UnnumberedContract => ({
  ref: refOf('contract', place),
  number: refOf('N', place),
  customerRef: refOf('customer', place),
  entityRef: ENTITY,
  status: 'active',
  version: 1,
  terms: TERMS,
  nextCycle: 0,
  nextCloseAt: STARTS,
  createdAt: 1,
})

const TERMS = termsOf(
  [
    sold('plan', { type: 'flat', amount: '300', term: 'in_advance' }),
    sold('support', { type: 'flat', amount: '60', term: 'in_arrears' }),
    sold('calls', { type: 'unit', unit_amount: '0.1' }),
  ],
  { start_date: '2025-01-15', anchor_date: '2025-01-15' },
)
