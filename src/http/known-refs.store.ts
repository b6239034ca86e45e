import { type SQL, sql } from 'drizzle-orm'
import { products } from '../catalog/catalog.schema.ts'
import { contracts } from '../contracts/contracts.schema.ts'
import { customers, legalEntities } from '../customers/customers.schema.ts'
import { invoices } from '../invoicing/invoicing.schema.ts'
import { journalEntries, postings } from '../ledger/ledger.schema.ts'
import type { Db } from '../storage/db.store.ts'

/** SQL that is true of a reference that names something. What the books carry is known, wherever it came from. */
const IS_KNOWN = {
  entity_ref: (ref: string) => sql`(EXISTS (SELECT 1 FROM ${legalEntities} WHERE ref = ${ref})
    OR EXISTS (SELECT 1 FROM ${journalEntries} WHERE entity_ref = ${ref}))`,
  customer_ref: (ref: string) => sql`EXISTS (SELECT 1 FROM ${customers} WHERE ref = ${ref})`,
  contract_ref: (ref: string) => sql`(EXISTS (SELECT 1 FROM ${contracts} WHERE ref = ${ref})
    OR EXISTS (SELECT 1 FROM ${postings} WHERE contract_ref = ${ref}))`,
  // The line of an invoice that was taken over from elsewhere has a name, and no product.
  product_ref: (ref: string) => sql`(${ref} = 'opening_balance'
    OR EXISTS (SELECT 1 FROM ${products} WHERE ref = ${ref}))`,
  invoice: (ref: string) => sql`(EXISTS (SELECT 1 FROM ${invoices} WHERE id = ${ref} OR number = ${ref})
    OR EXISTS (SELECT 1 FROM ${postings} WHERE invoice_id = ${ref}))`,
} satisfies Record<string, (ref: string) => SQL>

export type RefField = keyof typeof IS_KNOWN
export const REF_FIELDS = Object.keys(IS_KNOWN) as RefField[]

/** Those of the references that name nothing. */
export async function unknownRefs(
  db: Db,
  asked: readonly [RefField, string][],
): Promise<[RefField, string][]> {
  const known = sql.join(
    asked.map(([field, ref]) => IS_KNOWN[field](ref)),
    sql`, `,
  )
  const [answer = []] = await db.values<number[]>(sql`SELECT ${known}`)
  return asked.filter((_, place) => answer[place] === 0)
}
