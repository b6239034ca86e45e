import { type Actor, audit } from '../access/access.store.ts'
import { conflict } from '../kernel/problem.ts'
import { commit, type Db, isRefusedBy } from '../storage/db.store.ts'
import { type Registered, register } from '../storage/register.store.ts'
import { completeProduct, findProducts, insertProduct, type Product } from './catalog.store.ts'

export const registerProduct = (db: Db, actor: Actor, product: Product): Promise<Registered<Product>> =>
  register({
    what: 'product',
    row: product,
    find: async () => (await findProducts(db, [product.ref])).get(product.ref),
    insert: () =>
      commit(db, [
        ...insertProduct(db, product),
        ...audit(db, actor, { action: 'product.create', subject: product.ref, after: product }),
      ]),
    complete: () =>
      orKindFixed(
        product.ref,
        commit(db, [
          ...completeProduct(db, product),
          ...audit(db, actor, { action: 'product.complete', subject: product.ref, after: product }),
        ]),
      ),
  })

/** Waits for a commit that may change a product's kind; `product_kind_fixed` where a contract bills it as what it is. */
export async function orKindFixed(ref: string, committed: Promise<void>): Promise<void> {
  try {
    await committed
  } catch (error) {
    if (!isRefusedBy(error, 'product is billed')) throw error
    throw conflict(
      'product_kind_fixed',
      `A contract bills the product "${ref}": its kind stays, and whether it sells credit. Set up another product.`,
    )
  }
}
