import { products } from '../../src/catalog/catalog.schema.ts'
import type { ContractTerms } from '../../src/contracts/contract.ts'
import { contracts } from '../../src/contracts/contracts.schema.ts'
import { closeInstant } from '../../src/contracts/periods/schedule.ts'
import { customers, legalEntities } from '../../src/customers/customers.schema.ts'
import type { CycleMessage, Env } from '../../src/env.ts'
import { claimDueContracts, closeClaimed } from '../../src/invoicing/cycle/cycle.job.ts'
import { commit, insertRows, openDb } from '../../src/storage/db.store.ts'
import { recordEvents } from '../../src/usage/ingest.job.ts'
import { type EventBody, usageEvent } from '../../src/usage/usage-event.ts'
import { env } from '../support/worker.ts'
import { BUYER, PRODUCTS, SELLER } from './closing.ts'

export const db = openDb(env.DB)

/** Writes a contract with a customer and a seller, and the products that terms may name. */
export async function writeContract(
  ref: string,
  terms: ContractTerms,
  { seller = `seller-${ref}`, email = null }: { seller?: string; email?: string | null } = {},
): Promise<void> {
  const ignoreExisting = { ignoreExisting: true }
  await commit(db, [
    ...insertRows(
      db,
      products,
      [...PRODUCTS.values()].map((product) => ({
        ...product,
        metric: { type: 'sum' as const },
        recognition: 'usage' as const,
        origin: 'api' as const,
        createdAt: 0,
      })),
      ignoreExisting,
    ),
    ...insertRows(db, legalEntities, [{ ...SELLER_ROW, ref: seller }], ignoreExisting),
    ...insertRows(db, customers, [{ ...BUYER_ROW, ref: `customer-${ref}`, email }]),
    ...insertRows(db, contracts, [
      {
        ref,
        number: `C-${ref}`,
        customerRef: `customer-${ref}`,
        entityRef: seller,
        status: 'active',
        version: 1,
        terms,
        nextCycle: 0,
        nextCloseAt: closeInstant(terms, 0),
        createdAt: 0,
      },
    ]),
  ])
}

const SELLER_ROW = {
  ...SELLER,
  name: 'Seller',
  currency: 'USD',
  timezone: 'UTC',
  framework: 'ASC606' as const,
  wallets: [],
  functionalCurrency: null,
  fxSource: 'ecb' as const,
  createdAt: 0,
}

const BUYER_ROW = { ...BUYER, autoCharge: false, customFields: {}, origin: 'api' as const, createdAt: 0 }

/** Reports calls of a contract's customer. */
export async function report(
  ref: string,
  eventId: string,
  timestamp: string,
  quantity: string,
): Promise<void> {
  const customerRef = `customer-${ref}`
  const raw = {
    customer_ref: customerRef,
    event_id: eventId,
    timestamp,
    quantity,
    usage_product_ref: 'calls',
  }
  const now = Date.parse('2030-01-01')
  await recordEvents(env, [usageEvent(raw as EventBody, raw, now)], now)
}

/** Plays one cron tick, and hands back the messages that it sent. */
export async function claim(at: string): Promise<CycleMessage[]> {
  const sent: CycleMessage[] = []
  const CYCLES = { send: async (message: CycleMessage) => void sent.push(message) }
  await claimDueContracts({ ...env, CYCLES } as unknown as Env, Date.parse(at))
  return sent
}

/** Plays one cron tick and its messages. */
export async function tick(at: string): Promise<void> {
  for (const message of await claim(at)) await closeClaimed(env, message, Date.parse(at))
}
