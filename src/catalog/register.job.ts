import { type Actor, audit } from '../access/access.store.ts'
import { commit, type Db } from '../storage/db.store.ts'
import { type Registered, register } from '../storage/register.store.ts'
import { completeProduct, findProducts, insertProduct, type Product } from './catalog.store.ts'
import { orKindFixed } from './kind-fixed.ts'

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
