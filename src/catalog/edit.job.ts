import { type Actor, audit } from '../access/access.store.ts'
import { commit, type Db } from '../storage/db.store.ts'
import { changesOf } from '../storage/edit.store.ts'
import { changeProduct, type Product } from './catalog.store.ts'
import { orKindFixed } from './register.job.ts'

/**
 * Corrects a product; another metric holds for the cycles that begin from now on. Throws `product_kind_fixed` where a
 * contract bills it as what it is.
 */
export async function editProduct(db: Db, actor: Actor, before: Product, after: Product): Promise<void> {
  if (Object.keys(changesOf(before, after)).length === 0) return
  await orKindFixed(
    before.ref,
    commit(db, [
      ...changeProduct(db, before, after, actor.now),
      ...audit(db, actor, { action: 'product.edit', subject: before.ref, before, after }),
    ]),
  )
}
