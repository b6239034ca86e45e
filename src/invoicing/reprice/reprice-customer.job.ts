import type { Product } from '../../catalog/catalog.store.ts'
import type { EarlierMetric } from '../../catalog/metric.ts'
import type { Contract } from '../../contracts/contract.ts'
import type { DatePeriod } from '../../contracts/periods/schedule.ts'
import { instantOf, type ZoneTerms, zoneOf } from '../../contracts/periods/zone.ts'
import { priceOn } from '../../contracts/terms/price-schedule.ts'
import type { LegalEntity } from '../../customers/customers.store.ts'
import type { Env } from '../../env.ts'
import { canonicalJson } from '../../kernel/hash.ts'
import type { Db } from '../../storage/db.store.ts'
import { askMeter } from '../../usage/ask-meter.job.ts'
import type { SealRequest } from '../../usage/sealed-usage.ts'
import { meteredFor, metricOf, monthsOf } from '../charges/cycle-usage.ts'
import type { UsageOfCycle } from '../charges/usage-of-cycle.ts'
import { billedCycles, billedUsage, closedTotals } from '../cycle/cycle.store.ts'
import {
  type BilledBy,
  billedBy,
  cycleOf,
  type NotCompared,
  type Repriced,
  type RepricedUsage,
  type RepriceQuestion,
  reprice,
} from './reprice.ts'
import { type RepricedCommitment, repriceCommitment } from './reprice-commitment.ts'

export type CustomerRepriced = Repriced & {
  customerRef: string
  contractRef: string | null
  /** As the price asked for looks at it. */
  usage: UsageOfCycle
  commitment: RepricedCommitment | null
}

/** What is known of a customer, and of the product asked about; `zone` takes the place of the contract's. */
export type OwnFacts = {
  customerRef: string
  product: Product
  measures: ReadonlyMap<string, readonly EarlierMetric[]>
  contracts: readonly Contract[]
  entities: ReadonlyMap<string, LegalEntity>
  zone: string | undefined
}

/** Prices the usage of one customer as `repriceUsage` says. */
export async function repriceCustomer(
  env: Env,
  db: Db,
  question: RepriceQuestion,
  own: OwnFacts,
): Promise<CustomerRepriced> {
  const { contracts, entities, customerRef } = own
  const billed = billedBy(contracts, question)
  const contract = isBilled(billed) ? billed.contract : undefined
  const [usage, earlier] = await Promise.all([
    usageAsPriced(env, question, billed, own),
    earlierCycles(db, billed, question),
  ])
  const rounding = entities.get(contract?.entityRef ?? '')?.rounding ?? 'half_up'
  const repriced = reprice(question, usage, billed, { rounding, earlier })
  const commitment = await commitmentOf(db, billed, question, repriced, rounding)
  return { ...repriced, customerRef, contractRef: contract?.ref ?? null, usage: usage.next, commitment }
}

const isBilled = (billed: BilledBy | NotCompared): billed is BilledBy => typeof billed !== 'string'

/** The meter is asked once where both prices look at the usage in the same way. */
async function usageAsPriced(
  env: Env,
  { productRef, price, bucket, period }: RepriceQuestion,
  billed: BilledBy | NotCompared,
  { customerRef, product, measures, zone }: OwnFacts,
): Promise<RepricedUsage> {
  const contract = isBilled(billed) ? billed.contract : undefined
  const place: ZoneTerms = zone === undefined ? (contract?.terms ?? { timezone: 'UTC' }) : { timezone: zone }
  const timezone = zoneOf(place, period.end)
  const start = instantOf(place, period.start)
  const metric = metricOf(contract ?? { createdAt: 0 }, start, product, measures)
  const asked = meteredFor({ product_ref: productRef, ...price, bucket }, metric, timezone)
  const now = isBilled(billed) ? priceOn(billed.contract.terms, billed.agreed, period.start) : undefined
  const own = now && meteredFor(now, metric, timezone)
  const usageAs = (metered: Metered) => usageOf(env, customerRef, metered, period, place)
  const [next, current] = await Promise.all([
    usageAs(asked),
    own && canonicalJson(own) !== canonicalJson(asked) ? usageAs(own) : undefined,
  ])
  return { next, current: current ?? next }
}

type Metered = SealRequest['products'][number]

/** The meter rehearses the seal of the period, as it does before an invoice; no contract has an empty reference. */
async function usageOf(
  env: Env,
  customerRef: string,
  metered: Metered,
  period: DatePeriod,
  place: ZoneTerms,
): Promise<UsageOfCycle> {
  const [start, end] = [instantOf(place, period.start), instantOf(place, period.end)]
  const months = monthsOf(period, place)
  const request = { contractRef: '', cycleNo: 1, start, end, products: [metered], months }
  const sealed = await askMeter(env, customerRef, (meter) => meter.preview(request))
  return sealed.products[0] ?? { quantity: '0', byMonth: {} }
}

async function commitmentOf(
  db: Db,
  billed: BilledBy | NotCompared,
  { productRef, period }: RepriceQuestion,
  { current, next }: Repriced,
  rounding: LegalEntity['rounding'],
): Promise<RepricedCommitment | null> {
  if (!isBilled(billed) || current === null || !billed.contract.terms.commitments?.length) return null
  const { contract } = billed
  const cycleNo = cycleOf(contract, period)
  if (cycleNo === undefined) return null
  const [cycles, usage] = await Promise.all([
    billedCycles(db, [contract.ref]),
    billedUsage(db, [{ contractRef: contract.ref, productRef, cycleNo }]),
  ])
  const facts = {
    billed: cycles.get(contract.ref) ?? [],
    ofProduct: usage.get(contract.ref)?.[0]?.amount ?? 0n,
  }
  return repriceCommitment(contract, cycleNo, facts, { current, next }, rounding)
}

const earlierCycles = async (db: Db, billed: BilledBy | NotCompared, { period }: RepriceQuestion) =>
  isBilled(billed) && billed.agreed.accumulate
    ? closedTotals(db, billed.contract.ref, cycleOf(billed.contract, period) ?? 0)
    : []
