import { and, asc, eq, gt, isNotNull, lt, ne, type SQL, sql } from 'drizzle-orm'
import { findProducts } from '../catalog/catalog.store.ts'
import { contracts } from '../contracts/contracts.schema.ts'
import { contractColumns } from '../contracts/contracts.store.ts'
import { findEntities } from '../customers/customers.store.ts'
import type { BilledProduct } from '../invoicing/charges/charge.ts'
import { addDays, type LocalDate, startOfDay } from '../kernel/calendar.ts'
import type { Db } from '../storage/db.store.ts'
import type { Agreement } from './fixed-fees.ts'
import type { Scope } from './ledger-sums.store.ts'
import type { Subscription } from './monthly-fee.ts'

/** Contracts read at once: their terms may be long, and D1 answers a few megabytes at the most. */
const PAGE_CONTRACTS = 500

/** Contracts with an end after the day, that were there on it. */
export const agreementsOn = (db: Db, asOf: LocalDate, scope: Scope): Promise<Agreement[]> =>
  readAgreements(
    db,
    scope,
    and(
      gt(sql`${contracts.terms} ->> '$.end_date'`, asOf),
      lt(contracts.createdAt, startOfDay(addDays(asOf, 1), 'UTC')),
    ),
  )

/** Contracts that have an invoice to come. */
export const agreementsToBill = (db: Db, scope: Scope): Promise<Agreement[]> =>
  readAgreements(db, scope, isNotNull(contracts.nextCloseAt))

/** All contracts that were ever in force, with their recurring products. */
export async function subscriptions(db: Db, scope: Scope): Promise<Subscription[]> {
  const agreements = await readAgreements(db, scope, undefined)
  return agreements.map(({ contract: { customerRef, terms }, products }) => ({
    customerRef,
    currency: terms.currency,
    terms,
    recurring: terms.products.filter(({ product_ref }) => isSubscribed(products.get(product_ref))),
  }))
}

/** Prepaid credit recurs, but is money that usage takes. */
const isSubscribed = (product: BilledProduct | undefined): boolean =>
  product?.kind === 'recurring' && !product.grantsCredit

async function readAgreements(db: Db, { entityRef }: Scope, where: SQL | undefined): Promise<Agreement[]> {
  const agreements: Agreement[] = []
  const entity = entityRef === undefined ? undefined : eq(contracts.entityRef, entityRef)
  for (let after = ''; ; ) {
    const rows = await db
      .select(contractColumns)
      .from(contracts)
      .where(and(gt(contracts.ref, after), ne(contracts.status, 'draft'), entity, where))
      .orderBy(asc(contracts.ref))
      .limit(PAGE_CONTRACTS)
    const [products, sellers] = await Promise.all([
      findProducts(db, unique(rows.flatMap(({ terms }) => terms.products.map((one) => one.product_ref)))),
      findEntities(db, unique(rows.map((row) => row.entityRef))),
    ])
    for (const contract of rows)
      agreements.push({
        contract,
        products,
        rounding: sellers.get(contract.entityRef)?.rounding ?? 'half_up',
      })
    if (rows.length < PAGE_CONTRACTS) return agreements
    after = rows.at(-1)!.ref
  }
}

const unique = (refs: readonly string[]): string[] => [...new Set(refs)]
