import { and, type SQL, sql } from 'drizzle-orm'
import { isPeriodClosed } from '../ledger/periods.store.ts'
import { isRefusedBy, isUniqueViolation } from '../storage/db.store.ts'
import type { InvoiceState } from './invoice.ts'
import { openPlaces } from './invoicing.schema.ts'
import { type Settlement, type SettlementKind, settlementOf } from './settlement.ts'

/**
 * What settles an invoice, and what it still owes: for queries over `invoices`. Every sum of open amounts is made of
 * these. Tables are named as text: drizzle drops them from the columns of a query over one table.
 */
const settledSum = sql<number>`(SELECT COALESCE(SUM(allocations.amount), 0) FROM allocations
  WHERE allocations.invoice_id = invoices.id)`

export const openAmount = sql<number>`(invoices.total - ${settledSum})`

/** True of an invoice that still owes something, as `openAmount` would say. */
export const isOpen = sql`invoices.rowid IN (SELECT place FROM ${openPlaces})`
const isSettled = sql`NOT ${isOpen}`

/** The sums by kind, as a JSON object that `readSettlement` reads. */
export const settledByKind = sql<string>`(SELECT json_group_object(kind, amount) FROM
  (SELECT kind, SUM(amount) AS amount FROM allocations WHERE invoice_id = invoices.id GROUP BY kind))`

export const readSettlement = (sums: string): Settlement =>
  settlementOf(
    Object.entries(JSON.parse(sums) as Record<SettlementKind, number>).map(([kind, amount]) => ({
      kind: kind as SettlementKind,
      amount: BigInt(amount),
    })),
  )

/** What of it is settled by these kinds alone. */
export const settledBy = (
  ...kinds: SettlementKind[]
): SQL<number> => sql<number>`(SELECT COALESCE(SUM(allocations.amount), 0)
  FROM allocations WHERE allocations.invoice_id = invoices.id
    AND allocations.kind IN ${kinds})`

const PAID_BY = settledBy('payment', 'credit', 'bank_fee', 'discount')

/** True of the few that were written off or voided at any time: an index finds them. */
const isGivenUp = sql`invoices.id IN (SELECT invoice_id FROM allocations WHERE kind IN ('write_off', 'void'))`

/** The same decision as `invoiceState`, taken by the database. */
export function inState(state: InvoiceState): SQL | undefined {
  switch (state) {
    case 'ISSUED':
      return and(isOpen, sql`${PAID_BY} <= 0`)
    case 'PARTIALLY_PAID':
      return and(isOpen, sql`${PAID_BY} > 0`)
    case 'PAID':
      return and(isSettled, sql`${settledBy('write_off', 'void')} = 0`)
    case 'UNCOLLECTIBLE':
      return and(isSettled, isGivenUp, sql`${settledBy('write_off')} <> 0`)
    case 'VOID':
      return and(isSettled, isGivenUp, sql`${settledBy('void')} <> 0`)
  }
}

const GUARDS = [
  'allocated beyond the invoice',
  'allocated beyond the payment',
  'paid back beyond the payment',
  'tokens were valued meanwhile',
  'taken back beyond the allocation',
  'reversed beyond the line',
]

/** Somebody else settled, credited or undid something meanwhile, or a period was closed: read and plan again. */
export const isSettledMeanwhile = (error: unknown): boolean =>
  isUniqueViolation(error) || isPeriodClosed(error) || GUARDS.some((guard) => isRefusedBy(error, guard))
