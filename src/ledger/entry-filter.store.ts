import { and, eq, gte, lte, type SQL, sql } from 'drizzle-orm'
import { products } from '../catalog/catalog.schema.ts'
import { customers } from '../customers/customers.schema.ts'
import type { EntryFilter, Timing } from './entry-filter.ts'
import { journalEntries, postings } from './ledger.schema.ts'
import { type LedgerMeasure, linesIn } from './lines.store.ts'

/**
 * The entries that fit. One and the same posting has to fit all that is asked of postings, so that "receivables of this
 * invoice" means what it says.
 */
export function fitting(filter: EntryFilter, measure?: LedgerMeasure): SQL | undefined {
  const { book = 'primary', entityRef, from, to, event, sourceId, currency, belongsBefore } = filter
  const touching = and(...touched(filter))
  return and(
    eq(journalEntries.book, book),
    optional(entityRef, (ref) => eq(journalEntries.entityRef, ref)),
    optional(from, (date) => gte(journalEntries.postingDate, date)),
    optional(to, (date) => lte(journalEntries.postingDate, date)),
    optional(event, (name) => eq(journalEntries.event, name)),
    optional(currency, (code) => eq(journalEntries.currency, code)),
    optional(sourceId, (id) => eq(journalEntries.sourceId, id)),
    optional(belongsBefore, (date) => sql`${journalEntries.belongsTo} < ${date}`),
    touching &&
      sql`${journalEntries.id} IN
      (SELECT ${postings.entryId} FROM ${linesIn(measure).lines} AS postings WHERE ${touching})`,
  )
}

const touched = ({
  account,
  invoiceId,
  contractRef,
  customerRef,
  productRef,
  country,
  timing,
}: EntryFilter): (SQL | undefined)[] => [
  optional(account, (role) => eq(postings.account, role)),
  optional(invoiceId, (id) => eq(postings.invoiceId, id)),
  optional(contractRef, (ref) => eq(postings.contractRef, ref)),
  optional(customerRef, (ref) => eq(postings.customerRef, ref)),
  optional(productRef, (ref) => eq(postings.productRef, ref)),
  optional(country, customersOf),
  optional(timing, productsOf),
]

const optional = <T>(value: T | undefined, condition: (value: T) => SQL): SQL | undefined =>
  value === undefined || value === '' ? undefined : condition(value)

const customersOf = (country: string): SQL =>
  country === 'none'
    ? sql`COALESCE(${postings.customerRef}, '') NOT IN (SELECT ref FROM ${customers} WHERE country IS NOT NULL)`
    : sql`${postings.customerRef} IN (SELECT ref FROM ${customers} WHERE country = ${country})`

/** SQL that is true of a product whose revenue is earned at one moment. */
const AT_ONCE = sql`(SELECT ref FROM ${products} WHERE recognition IN ('point_in_time', 'milestone'))`

const productsOf = (timing: Timing): SQL =>
  timing === 'point_in_time'
    ? sql`${postings.productRef} IN ${AT_ONCE}`
    : sql`COALESCE(${postings.productRef}, '') NOT IN ${AT_ONCE}`
