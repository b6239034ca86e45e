import { findEarlierMetrics, findProducts } from '../../catalog/catalog.store.ts'
import type { Contract } from '../../contracts/contract.ts'
import { readWallets } from '../../credits/credits.store.ts'
import { findCustomers, findEntities, type LegalEntity } from '../../customers/customers.store.ts'
import type { Env } from '../../env.ts'
import type { Instant } from '../../kernel/calendar.ts'
import { notFound } from '../../kernel/problem.ts'
import type { Db } from '../../storage/db.store.ts'
import { accumulates } from '../charges/accumulated.ts'
import { billedFees } from '../charges/billed-fees.store.ts'
import { sealRequest } from '../charges/cycle-usage.ts'
import { billedCycles, billedUsage, closedTotalsOf, heldBackOf, nextSequence } from './cycle.store.ts'
import { type CycleCloseInput, correctedTotals } from './cycle-close.ts'
import { meterUsage, runningUsage, type UsageReading } from './meter-usage.job.ts'

/** Meters that are asked at the same time; each has its own place, and answers by itself. */
const METERS_AT_ONCE = 24

/** What to do about a contract that cannot be read; the others go on, unless it throws. */
export type OnFailure = (contract: Contract, error: unknown) => void

/**
 * Everything that closing the next boundary of each contract decides on, for those that can be read: all contracts are
 * read together, by a number of statements that does not grow with theirs, and one call to the meter of each.
 */
export async function readCloseInputs(
  env: Env,
  db: Db,
  contracts: readonly Contract[],
  reading: UsageReading,
  now: Instant,
  onFailure: OnFailure,
): Promise<CycleCloseInput[]> {
  const agreed = await readAgreed(db, contracts)
  const sold: Sold[] = []
  for (let start = 0; start < contracts.length; start += METERS_AT_ONCE) {
    const some = contracts.slice(start, start + METERS_AT_ONCE)
    const read = await Promise.allSettled(some.map((contract) => readSold(env, agreed, contract, reading)))
    for (const [place, one] of read.entries()) {
      if (one.status === 'fulfilled') sold.push(one.value)
      else onFailure(some[place]!, one.reason)
    }
  }
  const billed = await readBilled(db, sold)
  return sold.map((own) => ({ ...own, ...billed(own), now }))
}

type Agreed = Awaited<ReturnType<typeof readAgreed>>

async function readAgreed(db: Db, contracts: readonly Contract[]) {
  const refs = contracts.flatMap(({ terms }) => terms.products.map((product) => product.product_ref))
  const products = [...new Set(refs)]
  const wallets = contracts.map(({ customerRef, entityRef, terms: { currency } }) => ({
    ...{ customerRef, entityRef, currency },
  }))
  const [sellers, buyers, catalogue, measures, held, credit, earlier] = await Promise.all([
    findEntities(db, [...new Set(contracts.map(({ entityRef }) => entityRef))]),
    findCustomers(db, [...new Set(contracts.map(({ customerRef }) => customerRef))]),
    findProducts(db, products),
    findEarlierMetrics(db, products),
    heldBackOf(db, contracts),
    readWallets(db, wallets),
    closedTotalsOf(
      db,
      contracts.filter(({ terms }) => accumulates(terms)),
    ),
  ])
  const walletOf = new Map(contracts.map(({ ref }, place) => [ref, credit[place] ?? []]))
  return { sellers, buyers, products: catalogue, measures, held, walletOf, earlier }
}

/** What was agreed, held back and used; all but what was billed of it. */
type Sold = Omit<
  CycleCloseInput,
  'seller' | 'billed' | 'billedFees' | 'billedCycles' | 'nextSequence' | 'now'
> & {
  seller: LegalEntity
}

async function readSold(
  env: Env,
  { sellers, buyers, products, measures, held, walletOf, earlier }: Agreed,
  contract: Contract,
  reading: UsageReading,
): Promise<Sold> {
  const { ref, customerRef, entityRef } = contract
  const seller = sellers.get(entityRef)
  const buyer = buyers.get(customerRef)
  if (!seller) throw notFound('legal entity', entityRef)
  if (!buyer) throw notFound('customer', customerRef)
  const { heldBack, heldChanges, owedCredits: owedBefore } = held.get(ref) ?? NOTHING_HELD
  const sealed = await meterUsage(env, contract, sealRequest(contract, products, measures), reading)
  const facts = { contract, seller, buyer, products, sealed, heldBack, heldChanges, owedBefore }
  return { ...facts, wallet: walletOf.get(ref), earlier: earlier.get(ref) ?? [] }
}

const NOTHING_HELD = { heldBack: [], heldChanges: [], owedCredits: [] }

type Billed = Pick<CycleCloseInput, 'billed' | 'billedFees' | 'billedCycles' | 'nextSequence'>

async function readBilled(db: Db, sold: readonly Sold[]): Promise<(own: Sold) => Billed> {
  // Before what was billed: an invoice that comes in between takes this number, and all is read again.
  const sequences = await nextSequences(db, sold)
  const changed = sold.filter(({ contract }) => mayHaveChanged(contract))
  const [usage, fees, cycles] = await Promise.all([
    billedUsage(db, sold.flatMap(ratedAgain)),
    billedFees(
      db,
      changed.map(({ contract, heldChanges = [] }) => ({
        contract,
        cycles: [...heldChanges, contract.nextCycle, contract.nextCycle + 1],
      })),
    ),
    billedCycles(
      db,
      sold.flatMap(({ contract: { ref, terms } }) => (terms.commitments?.length ? [ref] : [])),
    ),
  ])
  return ({ contract, seller }) => ({
    billed: usage.get(contract.ref) ?? [],
    billedFees: mayHaveChanged(contract) ? (fees.get(contract.ref) ?? []) : undefined,
    billedCycles: cycles.get(contract.ref) ?? [],
    nextSequence: sequences.get(seller.ref) ?? 1,
  })
}

async function nextSequences(db: Db, sold: readonly Sold[]): Promise<Map<string, number>> {
  const sellers = new Map(sold.map(({ seller }) => [seller.ref, seller]))
  const read = [...sellers.values()].map(
    async ({ ref, invoiceSeries }): Promise<[string, number]> => [
      ref,
      await nextSequence(db, ref, invoiceSeries),
    ],
  )
  return new Map(await Promise.all(read))
}

const ratedAgain = (own: Sold) =>
  [...correctedTotals(own), ...runningUsage(own.contract, own.products)].map(({ productRef, cycleNo }) => ({
    contractRef: own.contract.ref,
    productRef,
    cycleNo,
  }))

/** A contract as it was signed, without trials, owes what was billed at the start of the cycle. */
const mayHaveChanged = ({ version, nextCycle, terms }: Contract): boolean =>
  nextCycle > 0 && (version > 1 || terms.products.some((product) => product.trial_end_date !== undefined))
