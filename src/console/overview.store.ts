import { desc, eq, gte, sql } from 'drizzle-orm'
import { products } from '../catalog/catalog.schema.ts'
import { customers } from '../customers/customers.schema.ts'
import { deadLetters, outbox } from '../delivery/delivery.schema.ts'
import { invoices } from '../invoicing/invoicing.schema.ts'
import { isOpen, openAmount } from '../invoicing/settlement.store.ts'
import type { LocalDate } from '../kernel/calendar.ts'
import { journalEntries, postings } from '../ledger/ledger.schema.ts'
import { LAST_DAY } from '../ledger/month-ends/booked.store.ts'
import { booked } from '../ledger/month-ends/month-ends.schema.ts'
import { payments } from '../payments/payments.schema.ts'
import { creditSum, exactSum, postedWithin, reported, reportedUpTo } from '../reports/ledger-sums.store.ts'
import type { Db } from '../storage/db.store.ts'
import type { ContractPosition, CurrencyAmount, OpenAmount } from './overview.ts'

/** Rows of each kind of task that the overview names; the rest is behind its link. */
const TASKS_SHOWN = 5

export async function openAmounts(db: Db): Promise<OpenAmount[]> {
  const { entityRef, currency, dueDate } = invoices
  const rows = await db
    .select({ entityRef, currency, dueDate, open: exactSum(openAmount) })
    .from(invoices)
    .where(isOpen)
    .groupBy(entityRef, currency, dueDate)
  return rows.map((row) => ({ ...row, open: BigInt(row.open) }))
}

/** Money received from a date on, by currency. */
export async function collectedSince(db: Db, from: LocalDate): Promise<CurrencyAmount[]> {
  const rows = await db
    .select({ currency: payments.currency, amount: exactSum(payments.amount) })
    .from(payments)
    .where(gte(payments.receivedOn, from))
    .groupBy(payments.currency)
  return rows.map((row) => ({ ...row, amount: BigInt(row.amount) }))
}

/** Revenue of the posting dates from `from` to `to`, both included, by currency. */
export async function revenueBetween(db: Db, from: LocalDate, to: LocalDate): Promise<CurrencyAmount[]> {
  const { currency } = journalEntries
  const rows = await db
    .select({ currency, amount: creditSum })
    .from(journalEntries)
    .crossJoin(postings)
    .where(postedWithin('revenue', { from, to }))
    .groupBy(currency)
  return rows.map((row) => ({ ...row, amount: BigInt(row.amount) }))
}

/** Contract liabilities and unbilled receivables: each contract's net position is one or the other. */
export async function contractPositions(db: Db): Promise<ContractPosition[]> {
  const perContract = db
    .select({ currency: booked.currency, net: sql<number>`SUM(${booked.amount})`.as('net') })
    .from(reportedUpTo(['contract_position'], { to: LAST_DAY }))
    .where(reported)
    .groupBy(booked.contractRef, booked.currency)
    .as('positions')
  const { currency, net } = perContract
  const rows = await db
    .select({ currency, deferred: exactSum(sql`MAX(-${net}, 0)`), unbilled: exactSum(sql`MAX(${net}, 0)`) })
    .from(perContract)
    .groupBy(currency)
  return rows.map((row) => ({ ...row, deferred: BigInt(row.deferred), unbilled: BigInt(row.unbilled) }))
}

/** Effects that failed for the last time, and queue messages that nobody could read. */
export async function parkedEffects(db: Db) {
  const [rows, dead] = await Promise.all([
    db
      .select({ id: outbox.id, topic: outbox.topic, lastError: outbox.lastError })
      .from(outbox)
      .where(eq(outbox.state, 'parked'))
      .orderBy(desc(outbox.dueAt))
      .limit(TASKS_SHOWN),
    db.$count(deadLetters),
  ])
  return { rows, count: (await db.$count(outbox, eq(outbox.state, 'parked'))) + dead }
}

/** Customers and products that were only heard of in usage events: no contract bills what they used. */
export async function unbilledUsage(db: Db): Promise<{ customers: string[]; products: string[] }> {
  const [unknownCustomers, unknownProducts] = await Promise.all([
    db
      .select({ name: customers.name })
      .from(customers)
      .where(eq(customers.origin, 'usage'))
      .limit(TASKS_SHOWN),
    db.select({ name: products.name }).from(products).where(eq(products.origin, 'usage')).limit(TASKS_SHOWN),
  ])
  return {
    customers: unknownCustomers.map(({ name }) => name),
    products: unknownProducts.map(({ name }) => name),
  }
}
