import { findEarlierMetrics, findProducts } from '../../catalog/catalog.store.ts'
import type { Contract } from '../../contracts/contract.ts'
import { readWallet } from '../../credits/credits.store.ts'
import { findCustomer, findEntity } from '../../customers/customers.store.ts'
import type { Env } from '../../env.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { notFound } from '../../kernel/problem.ts'
import type { Db } from '../../storage/db.store.ts'
import { billedFees, nextChangeNo } from '../charges/billed-fees.store.ts'
import { sealRequest } from '../charges/cycle-usage.ts'
import type { ChangeInput } from './change-plan.ts'
import { readCloseInputs } from './close-inputs.job.ts'
import { billedUsage, nextSequence } from './cycle.store.ts'
import type { CycleCloseInput } from './cycle-close.ts'
import { meterUsage, runningUsage, type UsageReading } from './meter-usage.job.ts'

/** Everything that closing the contract's next boundary decides on. */
export async function readCloseInput(
  env: Env,
  db: Db,
  contract: Contract,
  reading: UsageReading,
  now: Instant,
): Promise<CycleCloseInput> {
  const [input] = await readCloseInputs(env, db, [contract], reading, now, (_, error) => {
    throw error
  })
  return input!
}

/** Everything that billing a change inside the running cycle decides on, or usage that is charged as it happens. */
export async function readChangeInput(
  env: Env,
  db: Db,
  contract: Contract,
  now: Instant,
): Promise<ChangeInput> {
  const { ref, terms, customerRef, entityRef, nextCycle } = contract
  const refs = [...new Set(terms.products.map((product) => product.product_ref))]
  const [seller, buyer, products, measures, wallet, fees, nextChange] = await Promise.all([
    findEntity(db, entityRef),
    findCustomer(db, customerRef),
    findProducts(db, refs),
    findEarlierMetrics(db, refs),
    readWallet(db, { customerRef, entityRef, currency: terms.currency }),
    billedFees(db, [{ contract, cycles: [nextCycle] }]),
    nextChangeNo(db, ref, nextCycle),
  ])
  if (!seller) throw notFound('legal entity', entityRef)
  if (!buyer) throw notFound('customer', customerRef)
  const sequence = await nextSequence(db, seller.ref, seller.invoiceSeries)
  const running = runningUsage(contract, products)
  const usage = await billedUsage(
    db,
    running.map((one) => ({ contractRef: ref, ...one })),
  )
  const request = running.length === 0 ? undefined : sealRequest(contract, products, measures)
  const sealed = await meterUsage(env, contract, request, 'preview')
  const [billed, billedBefore] = [usage.get(ref) ?? [], fees.get(ref) ?? []]
  const facts = { contract, seller, buyer, products, wallet, sealed, billed, billedFees: billedBefore }
  return { ...facts, nextSequence: sequence, nextChange, now }
}
