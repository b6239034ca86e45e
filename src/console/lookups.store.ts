import { asc, inArray, sql } from 'drizzle-orm'
import { customers, legalEntities } from '../customers/customers.schema.ts'
import { invoices } from '../invoicing/invoicing.schema.ts'
import { type Instant, type LocalDate, localDate } from '../kernel/calendar.ts'
import type { Db } from '../storage/db.store.ts'

/** The names behind references, for lists. */
export async function customerNames(db: Db, refs: readonly (string | null)[]): Promise<Map<string, string>> {
  const wanted = sql`(SELECT value FROM json_each(${JSON.stringify([...new Set(refs)])}))`
  const rows = await db
    .select({ ref: customers.ref, name: customers.name })
    .from(customers)
    .where(inArray(customers.ref, wanted))
  return new Map(rows.map(({ ref, name }) => [ref, name]))
}

export async function invoiceNumbers(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .select({ id: invoices.id, number: invoices.number })
    .from(invoices)
    .where(inArray(invoices.id, sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`))
  return new Map(rows.map(({ id, number }) => [id, number]))
}

/** The legal entities, by name. */
export const sellers = (db: Db): Promise<{ ref: string; name: string }[]> =>
  db
    .select({ ref: legalEntities.ref, name: legalEntities.name })
    .from(legalEntities)
    .orderBy(asc(legalEntities.name))

/** The local date of a seller, which decides whether its invoices are overdue. */
export type TodayOf = (entityRef: string) => LocalDate

export async function sellersToday(db: Db, now: Instant): Promise<TodayOf> {
  const rows = await db
    .select({ ref: legalEntities.ref, timezone: legalEntities.timezone })
    .from(legalEntities)
  const zones = new Map(rows.map(({ ref, timezone }) => [ref, timezone]))
  return (entityRef) => localDate(now, zones.get(entityRef) ?? 'UTC')
}
