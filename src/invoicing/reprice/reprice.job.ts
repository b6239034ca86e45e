import { findEarlierMetrics, findProducts, type Product } from '../../catalog/catalog.store.ts'
import type { EarlierMetric } from '../../catalog/metric.ts'
import type { Contract } from '../../contracts/contract.ts'
import { contractsOfCustomers } from '../../contracts/contracts.store.ts'
import type { DatePeriod } from '../../contracts/periods/schedule.ts'
import { instantOf, type ZoneTerms, zoneOf } from '../../contracts/periods/zone.ts'
import { priceOn } from '../../contracts/terms/price-schedule.ts'
import { unfitForBuckets, unfitForUsage } from '../../contracts/terms/usage-price-faults.ts'
import {
  findCustomer,
  findEntities,
  type LegalEntity,
  listCustomers,
} from '../../customers/customers.store.ts'
import type { Env } from '../../env.ts'
import { canonicalJson } from '../../kernel/hash.ts'
import type { Page, Paged } from '../../kernel/page.ts'
import { type Fault, invalid, notFound } from '../../kernel/problem.ts'
import { decimal, isZero } from '../../kernel/rational.ts'
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

/** Meters that are asked at the same time. */
const AT_ONCE = 6

export type RepriceScope = Page & { customerRef?: string | undefined; timezone?: string | undefined }

/**
 * Prices the usage that customers had in a period by another price, and by the price that bills it; nothing is kept.
 * Customers without usage and without a contract for it are left out. Throws `product_not_found`,
 * `customer_not_found` or `price_unfit`.
 */
export async function repriceUsage(
  env: Env,
  db: Db,
  question: RepriceQuestion,
  scope: RepriceScope,
): Promise<Paged<CustomerRepriced>> {
  const product = await meteredProduct(db, question)
  const measures = await findEarlierMetrics(db, [product.ref])
  const { rows: refs, nextCursor } = await customersOf(db, scope)
  const contracts = await contractsOfCustomers(db, refs)
  const entities = await findEntities(db, [...new Set(contracts.map(({ entityRef }) => entityRef))])
  const byCustomer = Map.groupBy(contracts, ({ customerRef }) => customerRef)
  const rows: CustomerRepriced[] = []
  for (let start = 0; start < refs.length; start += AT_ONCE) {
    const asked = refs.slice(start, start + AT_ONCE).map((customerRef) => {
      const own = {
        product,
        measures,
        entities,
        contracts: byCustomer.get(customerRef) ?? [],
        zone: scope.timezone,
      }
      return repriceCustomer(env, db, question, customerRef, own)
    })
    rows.push(...(await Promise.all(asked)))
  }
  return { rows: rows.filter(concerns), nextCursor }
}

const concerns = ({ usage, notCompared }: CustomerRepriced): boolean =>
  notCompared !== 'no_contract' || !isZero(decimal(usage.quantity))

async function meteredProduct(db: Db, { productRef, price, bucket }: RepriceQuestion): Promise<Product> {
  const product = (await findProducts(db, [productRef])).get(productRef)
  if (!product) throw notFound('product', productRef)
  if (product.kind !== 'usage')
    throw priceUnfit([{ path: 'product_ref', message: `"${productRef}" is no usage product` }])
  const message = unfitForUsage(price.model, product.metric)
  const faults = [
    ...(message === undefined ? [] : [{ path: 'model', message }]),
    ...unfitForBuckets({ bucket, model: price.model }, product.metric),
  ]
  if (faults.length > 0) throw priceUnfit(faults)
  return product
}

const priceUnfit = (faults: readonly Fault[]) =>
  invalid('price_unfit', 'This price cannot be asked for the usage of this product.', faults)

async function customersOf(db: Db, { customerRef, ...page }: RepriceScope): Promise<Paged<string>> {
  if (customerRef === undefined) {
    const { rows, nextCursor } = await listCustomers(db, page)
    return { rows: rows.map(({ ref }) => ref), nextCursor }
  }
  if (!(await findCustomer(db, customerRef))) throw notFound('customer', customerRef)
  return { rows: [customerRef], nextCursor: null }
}

type OwnFacts = {
  product: Product
  measures: ReadonlyMap<string, readonly EarlierMetric[]>
  contracts: readonly Contract[]
  entities: ReadonlyMap<string, LegalEntity>
  zone: string | undefined
}

async function repriceCustomer(
  env: Env,
  db: Db,
  question: RepriceQuestion,
  customerRef: string,
  { product, measures, contracts, entities, zone }: OwnFacts,
): Promise<CustomerRepriced> {
  const billed = billedBy(contracts, question)
  const contract = typeof billed === 'string' ? undefined : billed.contract
  const place: ZoneTerms = zone === undefined ? (contract?.terms ?? { timezone: 'UTC' }) : { timezone: zone }
  const timezone = zoneOf(place, question.period.end)
  const { productRef, price, bucket } = question
  const start = instantOf(place, question.period.start)
  const metric = metricOf(contract ?? { createdAt: 0 }, start, product, measures)
  const asked = meteredFor({ product_ref: productRef, ...price, bucket }, metric, timezone)
  const now =
    typeof billed === 'string'
      ? undefined
      : priceOn(billed.contract.terms, billed.agreed, question.period.start)
  const own = now && meteredFor(now, metric, timezone)
  const usageAs = (metered: Metered) => usageOf(env, customerRef, metered, question.period, place)
  const [next, current, earlier] = await Promise.all([
    usageAs(asked),
    own && canonicalJson(own) !== canonicalJson(asked) ? usageAs(own) : undefined,
    earlierCycles(db, billed, question),
  ])
  const rounding = entities.get(contract?.entityRef ?? '')?.rounding ?? 'half_up'
  const repriced = reprice(question, { next, current: current ?? next }, billed, { rounding, earlier })
  const commitment = await commitmentOf(db, billed, question, repriced, rounding)
  return { ...repriced, customerRef, contractRef: contract?.ref ?? null, usage: next, commitment }
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
  if (typeof billed === 'string' || current === null || !billed.contract.terms.commitments?.length)
    return null
  const { contract } = billed
  const cycleNo = cycleOf(contract, period)
  if (cycleNo === undefined) return null
  const [cycles, usage] = await Promise.all([
    billedCycles(db, contract.ref),
    billedUsage(db, contract.ref, [{ productRef, cycleNo }]),
  ])
  const facts = { billed: cycles, ofProduct: usage[0]?.amount ?? 0n }
  return repriceCommitment(contract, cycleNo, facts, { current, next }, rounding)
}

const earlierCycles = async (db: Db, billed: BilledBy | NotCompared, { period }: RepriceQuestion) =>
  typeof billed !== 'string' && billed.agreed.accumulate
    ? closedTotals(db, billed.contract.ref, cycleOf(billed.contract, period) ?? 0)
    : []
