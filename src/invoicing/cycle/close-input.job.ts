import { findEarlierMetrics, findProducts } from '../../catalog/catalog.store.ts'
import type { Contract } from '../../contracts/contract.ts'
import { readWallet } from '../../credits/credits.store.ts'
import { findCustomer, findEntity } from '../../customers/customers.store.ts'
import type { Env } from '../../env.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { notFound } from '../../kernel/problem.ts'
import type { Db } from '../../storage/db.store.ts'
import type { SealedUsage, SealRequest } from '../../usage/sealed-usage.ts'
import { accumulates } from '../charges/accumulated.ts'
import { chargedAsItHappens } from '../charges/advance-usage.ts'
import { billedFees, nextChangeNo } from '../charges/billed-fees.store.ts'
import { sealRequest } from '../charges/cycle-usage.ts'
import type { ChangeInput } from './change-plan.ts'
import { billedCycles, billedUsage, closedTotals, heldBackAt, nextSequence } from './cycle.store.ts'
import { type CycleCloseInput, correctedTotals } from './cycle-close.ts'

/** `seal` freezes the usage, once and for ever; `preview` only looks at it, or as of an instant in the running cycle. */
export type UsageReading = 'seal' | 'preview' | { until: Instant }

/** Everything that closing the contract's next boundary decides on. */
export async function readCloseInput(
  env: Env,
  db: Db,
  contract: Contract,
  reading: UsageReading,
  now: Instant,
): Promise<CycleCloseInput> {
  const { ref, terms, customerRef, entityRef, nextCycle } = contract
  const refs = [...new Set(terms.products.map((product) => product.product_ref))]
  const [seller, buyer, products, measures, held, wallet, earlier] = await Promise.all([
    findEntity(db, entityRef),
    findCustomer(db, customerRef),
    findProducts(db, refs),
    findEarlierMetrics(db, refs),
    heldBackAt(db, ref, nextCycle - 1),
    readWallet(db, { customerRef, entityRef, currency: terms.currency }),
    accumulates(terms) ? closedTotals(db, ref, nextCycle) : [],
  ])
  if (!seller) throw notFound('legal entity', entityRef)
  if (!buyer) throw notFound('customer', customerRef)
  const { heldBack, heldChanges, owedCredits: owedBefore } = held
  const sealed = await meterUsage(env, customerRef, sealRequest(contract, products, measures), reading)
  // Before what was billed: an invoice that comes in between takes this number, and all is read again.
  const sequence = await nextSequence(db, seller.ref, seller.invoiceSeries)
  const [billed, fees, cycles] = await Promise.all([
    billedUsage(db, ref, [
      ...correctedTotals({ contract, heldBack, sealed, earlier }),
      ...runningUsage(contract, products),
    ]),
    mayHaveChanged(contract)
      ? billedFees(db, contract, [...heldChanges, nextCycle, nextCycle + 1])
      : undefined,
    terms.commitments?.length ? billedCycles(db, ref) : [],
  ])
  const facts = { contract, seller, buyer, products, sealed, heldBack, heldChanges, wallet, earlier, billed }
  return { ...facts, owedBefore, billedFees: fees, billedCycles: cycles, nextSequence: sequence, now }
}

/** The usage of the running cycle that is charged as it happens. */
const runningUsage = ({ terms, nextCycle: cycleNo }: Contract, products: CycleCloseInput['products']) =>
  chargedAsItHappens({ terms, products }, cycleNo).map((productRef) => ({ productRef, cycleNo }))

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
    billedFees(db, contract, [nextCycle]),
    nextChangeNo(db, ref, nextCycle),
  ])
  if (!seller) throw notFound('legal entity', entityRef)
  if (!buyer) throw notFound('customer', customerRef)
  const sequence = await nextSequence(db, seller.ref, seller.invoiceSeries)
  const running = runningUsage(contract, products)
  const billed = await billedUsage(db, ref, running)
  const request = running.length === 0 ? undefined : sealRequest(contract, products, measures)
  const sealed = await meterUsage(env, customerRef, request, 'preview')
  const facts = { contract, seller, buyer, products, wallet, sealed, billed, billedFees: fees }
  return { ...facts, nextSequence: sequence, nextChange, now }
}

/** A contract as it was signed, without trials, owes what was billed at the start of the cycle. */
const mayHaveChanged = ({ version, nextCycle, terms }: Contract): boolean =>
  nextCycle > 0 && (version > 1 || terms.products.some((product) => product.trial_end_date !== undefined))

async function meterUsage(
  env: Env,
  customerRef: string,
  request: SealRequest | undefined,
  reading: UsageReading,
): Promise<SealedUsage | null> {
  if (!request) return null
  const meter = env.USAGE_METER.getByName(customerRef)
  if (reading === 'seal') return meter.seal(request)
  return meter.preview(request, reading === 'preview' ? undefined : reading.until)
}
