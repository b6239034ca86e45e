import { sql } from 'drizzle-orm'
import { products } from '../catalog/catalog.schema.ts'
import { customers } from '../customers/customers.schema.ts'
import type { Db } from '../storage/db.store.ts'

/** Those of the customers that there are. */
export const knownCustomers = async (db: Db, refs: readonly string[]): Promise<string[]> =>
  (
    await db
      .select({ ref: customers.ref })
      .from(customers)
      .where(sql`${customers.ref} IN ${listed(refs)}`)
  ).map(({ ref }) => ref)

/** Those of the products that there are. */
export const knownProducts = async (db: Db, refs: readonly string[]): Promise<string[]> =>
  (
    await db
      .select({ ref: products.ref })
      .from(products)
      .where(sql`${products.ref} IN ${listed(refs)}`)
  ).map(({ ref }) => ref)

const listed = (refs: readonly string[]) => sql`(SELECT value FROM json_each(${JSON.stringify(refs)}))`
