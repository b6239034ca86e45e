import { and, eq, gte, inArray, isNull, lte, notInArray, or, type SQL, sql } from 'drizzle-orm'
import { products } from '../catalog/catalog.schema.ts'
import { customers } from '../customers/customers.schema.ts'
import type { Dimension, EntryFilter, Timing } from './entry-filter.ts'
import { JOURNAL_EVENTS, PRESENTATION_EVENTS } from './journal-event.ts'
import { journalEntries, postings } from './ledger.schema.ts'

/** What is asked of entries. */
export function ofEntries(filter: EntryFilter): SQL | undefined {
  const {
    book = 'primary',
    entityRef,
    from,
    to,
    event,
    entryId,
    sourceId,
    currency,
    belongsBefore,
    belongsIn,
  } = filter
  return and(
    eq(journalEntries.book, book),
    optional(entityRef, (ref) => eq(journalEntries.entityRef, ref)),
    optional(from, (date) => gte(journalEntries.postingDate, date)),
    optional(to, (date) => lte(journalEntries.postingDate, date)),
    sourceId ? ofSource(sourceId, event) : optional(event, (name) => sql`+${journalEntries.event} = ${name}`),
    optional(currency, (code) => eq(journalEntries.currency, code)),
    optional(entryId, (id) => or(eq(journalEntries.id, id), eq(journalEntries.reverses, id))),
    optional(belongsBefore, (date) => sql`${journalEntries.belongsTo} < ${date}`),
    optional(belongsIn, (month) => sql`substr(${journalEntries.belongsTo}, 1, 7) = ${month}`),
    filter.presented === false ? notInArray(journalEntries.event, [...PRESENTATION_EVENTS]) : undefined,
    optional(filter.schedule, (id) => ofSchedule(id, filter.scheduledIn)),
  )
}

/** The index of sources begins with the event; to read all of one event by it would be worse than to go by the day. */
const ofSource = (id: string, event: string | undefined): SQL | undefined =>
  and(inArray(journalEntries.event, event ? [event] : [...JOURNAL_EVENTS]), eq(journalEntries.sourceId, id))

/** The source of revenue is its schedule and the day; where that is asked for, the index of sources finds it. */
function ofSchedule(id: string, month: string | undefined): SQL {
  const begins = `${id}:${month ?? ''}`
  const { event, sourceId } = journalEntries
  // A tilde stands behind all digits and hyphens.
  return sql`${event} = 'revenue_recognised' AND ${sourceId} >= ${begins} AND ${sourceId} < ${`${begins}~`}`
}

/** What is asked of one and the same posting. */
export const touched = (filter: EntryFilter): SQL | undefined => and(...conditions(filter))

const conditions = ({
  account,
  invoiceId,
  contractRef,
  customerRef,
  productRef,
  country,
  timing,
  without,
}: EntryFilter): (SQL | undefined)[] => [
  optional(account, (role) => eq(postings.account, role)),
  optional(invoiceId, ofInvoice),
  optional(contractRef, (ref) => eq(postings.contractRef, ref)),
  optional(customerRef, (ref) => eq(postings.customerRef, ref)),
  optional(productRef, (ref) => eq(postings.productRef, ref)),
  optional(country, customersOf),
  optional(timing, productsOf),
  without && isNull(DIMENSION[without]),
]

/** By its id or its number. The table is named as text, since its room stands above this one. */
const ofInvoice = (ref: string): SQL =>
  sql`${postings.invoiceId} IN (SELECT ${ref} UNION ALL SELECT id FROM invoices WHERE number = ${ref})`

const DIMENSION = {
  contract_ref: postings.contractRef,
  product_ref: postings.productRef,
} satisfies Record<Dimension, unknown>

const optional = <T>(value: T | undefined, condition: (value: T) => SQL | undefined): SQL | undefined =>
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
