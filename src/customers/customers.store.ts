import { eq } from 'drizzle-orm'
import type { Page, Paged } from '../kernel/page.ts'
import { type Db, inList, insertRows, type Statement } from '../storage/db.store.ts'
import { newestFirst } from '../storage/newest-first.store.ts'
import { customers, legalEntities } from './customers.schema.ts'

export type LegalEntity = typeof legalEntities.$inferSelect
export type Customer = typeof customers.$inferSelect

export async function findEntity(db: Db, ref: string): Promise<LegalEntity | undefined> {
  const [entity] = await db.select().from(legalEntities).where(eq(legalEntities.ref, ref))
  return entity
}

export const listEntities = (db: Db, page: Page): Promise<Paged<LegalEntity>> =>
  newestFirst(db, legalEntities, page)

/** The entities by their refs; what is not known is missing from the map. */
export async function findEntities(db: Db, refs: readonly string[]): Promise<Map<string, LegalEntity>> {
  const rows = await db.select().from(legalEntities).where(inList(legalEntities.ref, refs))
  return new Map(rows.map((row) => [row.ref, row]))
}

export const insertEntity = (db: Db, ...entities: readonly LegalEntity[]): Statement[] =>
  insertRows(db, legalEntities, entities)

export async function findCustomer(db: Db, ref: string): Promise<Customer | undefined> {
  const [customer] = await db.select().from(customers).where(eq(customers.ref, ref))
  return customer
}

export const listCustomers = (
  db: Db,
  page: Page & { entityRef?: string | undefined },
): Promise<Paged<Customer>> =>
  newestFirst(
    db,
    customers,
    page,
    page.entityRef === undefined ? undefined : eq(customers.entityRef, page.entityRef),
  )

/** The customers by their refs; what is not known is missing from the map. */
export async function findCustomers(db: Db, refs: readonly string[]): Promise<Map<string, Customer>> {
  const rows = await db.select().from(customers).where(inList(customers.ref, refs))
  return new Map(rows.map((row) => [row.ref, row]))
}

export const insertCustomer = (db: Db, ...rows: readonly Customer[]): Statement[] =>
  insertRows(db, customers, rows)

export const updateEntity = (db: Db, ref: string, changes: Partial<LegalEntity>): Statement[] => [
  db.update(legalEntities).set(changes).where(eq(legalEntities.ref, ref)),
]

export const updateCustomer = (db: Db, ref: string, changes: Partial<Customer>): Statement[] => [
  db.update(customers).set(changes).where(eq(customers.ref, ref)),
]

/** Sets up a customer that so far was only heard of in usage events. */
export const completeCustomer = (db: Db, { ref, createdAt: _, ...fields }: Customer): Statement[] =>
  updateCustomer(db, ref, fields)
