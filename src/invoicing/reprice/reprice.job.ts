import { findEarlierMetrics, findProducts, type Product } from '../../catalog/catalog.store.ts'
import { contractsOfCustomers } from '../../contracts/contracts.store.ts'
import { unfitForBuckets, unfitForUsage } from '../../contracts/terms/usage-price-faults.ts'
import { findCustomer, findEntities, listCustomers } from '../../customers/customers.store.ts'
import type { Env } from '../../env.ts'
import type { Page, Paged } from '../../kernel/page.ts'
import { type Fault, invalid, notFound } from '../../kernel/problem.ts'
import { decimal, isZero } from '../../kernel/rational.ts'
import type { Db } from '../../storage/db.store.ts'
import type { RepriceQuestion } from './reprice.ts'
import { type CustomerRepriced, repriceCustomer } from './reprice-customer.job.ts'

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
      const contracts = byCustomer.get(customerRef) ?? []
      const own = { customerRef, product, measures, entities, contracts, zone: scope.timezone }
      return repriceCustomer(env, db, question, own)
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
