import { findProducts } from '../catalog/catalog.store.ts'
import type { Contract } from '../contracts/contract.ts'
import { readWallet } from '../credits/credits.store.ts'
import { findCustomer, findEntity } from '../customers/customers.store.ts'
import type { Env } from '../env.ts'
import type { Instant } from '../kernel/calendar.ts'
import { notFound } from '../kernel/problem.ts'
import type { Db } from '../storage/db.store.ts'
import type { SealedUsage, SealRequest } from '../usage/sealed-usage.ts'
import { accumulates } from './accumulated.ts'
import { billedCycles, billedUsage, closedTotals, heldBackAt, nextSequence } from './cycle.store.ts'
import { type CycleCloseInput, correctedTotals } from './cycle-close.ts'
import { sealRequest } from './cycle-usage.ts'

/** `seal` freezes the usage, once and for ever; `preview` only looks at it. */
export type UsageReading = 'seal' | 'preview'

/** Everything that closing the contract's next boundary decides on. */
export async function readCloseInput(
  env: Env,
  db: Db,
  contract: Contract,
  reading: UsageReading,
  now: Instant,
): Promise<CycleCloseInput> {
  const { ref, terms, customerRef, entityRef, nextCycle } = contract
  const [seller, buyer, products, heldBack, wallet, earlier] = await Promise.all([
    findEntity(db, entityRef),
    findCustomer(db, customerRef),
    findProducts(db, [...new Set(terms.products.map((product) => product.product_ref))]),
    heldBackAt(db, ref, nextCycle - 1),
    readWallet(db, { customerRef, entityRef, currency: terms.currency }),
    accumulates(terms) ? closedTotals(db, ref, nextCycle) : [],
  ])
  if (!seller) throw notFound('legal entity', entityRef)
  if (!buyer) throw notFound('customer', customerRef)
  const sealed = await meterUsage(env, customerRef, sealRequest(contract, products), reading)
  const [billed, sequence, cycles] = await Promise.all([
    billedUsage(db, ref, correctedTotals({ contract, heldBack, sealed, earlier })),
    nextSequence(db, seller.ref, seller.invoiceSeries),
    terms.commitments?.length ? billedCycles(db, ref) : [],
  ])
  const facts = { contract, seller, buyer, products, sealed, heldBack, wallet, earlier, billed }
  return { ...facts, billedCycles: cycles, nextSequence: sequence, now }
}

async function meterUsage(
  env: Env,
  customerRef: string,
  request: SealRequest | undefined,
  reading: UsageReading,
): Promise<SealedUsage | null> {
  if (!request) return null
  const meter = env.USAGE_METER.getByName(customerRef)
  return reading === 'seal' ? meter.seal(request) : meter.preview(request)
}
