import { findProducts, type Product } from '../../catalog/catalog.store.ts'
import { canonicalJson } from '../../kernel/hash.ts'
import { conflict, type Fault } from '../../kernel/problem.ts'
import type { Db } from '../../storage/db.store.ts'
import { contractsSelling } from '../contracts.store.ts'
import { unfitPrices } from './unfit-change.ts'

/** Contracts that are named in one answer. */
const NAMED_MAX = 5

/** What of the contracts that sell a product does not suit a change of how it is measured. */
export async function faultsOfChange(db: Db, after: Product): Promise<Fault[]> {
  const before = (await findProducts(db, [after.ref])).get(after.ref)
  // Another kind is refused by the database, whatever the prices are.
  if (!before || before.kind !== after.kind) return []
  if (canonicalJson(before.metric) === canonicalJson(after.metric)) return []
  const faults: Fault[] = []
  let named = 0
  for await (const contract of contractsSelling(db, after.ref)) {
    const unfit = unfitPrices(contract, after)
    faults.push(...unfit.map(({ path, message }) => ({ path: `${contract.ref}.${path}`, message })))
    if (unfit.length > 0 && ++named === NAMED_MAX) break
  }
  return faults
}

/** Throws `product_in_use` where a contract has a price that a change of the product's metric does not suit. */
export async function refuseUnfitChange(db: Db, after: Product): Promise<void> {
  const faults = await faultsOfChange(db, after)
  if (faults.length === 0) return
  const contracts = [...new Set(faults.map(({ path }) => path.split('.products.')[0]))]
  throw conflict(
    'product_in_use',
    `Prices of the ${contracts.length > 1 ? 'contracts' : 'contract'} ${contracts.join(', ')} do not suit "${after.ref}" when it is measured so. Amend what is named in "errors" first, or set up another product.`,
    faults,
  )
}
