import { type Actor, audit } from '../access/access.store.ts'
import { commit, type Db } from '../storage/db.store.ts'
import { changesOf } from '../storage/edit.store.ts'
import { type Product, updateProduct } from './catalog.store.ts'
import { orKindFixed } from './register.job.ts'

/** Corrects a product. Throws `product_kind_fixed` where a contract bills it as what it is. */
export async function editProduct(db: Db, actor: Actor, before: Product, after: Product): Promise<void> {
  const changes = changesOf(before, after)
  if (Object.keys(changes).length === 0) return
  await orKindFixed(
    before.ref,
    commit(db, [
      ...updateProduct(db, before.ref, changes),
      ...audit(db, actor, { action: 'product.edit', subject: before.ref, before, after }),
    ]),
  )
}
