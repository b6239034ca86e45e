import { and, asc, eq, notInArray, type SQL, sql } from 'drizzle-orm'
import { addDays, type LocalDate } from '../kernel/calendar.ts'
import type { Minor } from '../kernel/money.ts'
import { PRESENTATION_EVENTS } from '../ledger/journal-event.ts'
import { journalEntries, postings } from '../ledger/ledger.schema.ts'
import { booked } from '../ledger/month-ends/month-ends.schema.ts'
import { revenueContracts } from '../revenue/revenue.schema.ts'
import type { Db } from '../storage/db.store.ts'
import { creditSum, exactSum, postedWithin, reported, reportedUpTo, type Scope } from './ledger-sums.store.ts'
import type { PositionMovement } from './rollforward.ts'

/** How contract positions moved from one day to another, both included. */
export async function positionMovements(
  db: Db,
  { from, to, entityRef }: { from: LocalDate; to: LocalDate } & Scope,
): Promise<PositionMovement[]> {
  const perContract = contractMovements(db, { from, to, entityRef })
  const { opening, billed, recognised, other } = perContract
  const closing = sql`${opening} + ${billed} - ${recognised} + ${other}`
  const rows = await db
    .select({
      entityRef: perContract.entityRef,
      currency: perContract.currency,
      opening: exactSum(opening),
      billed: exactSum(billed),
      recognised: exactSum(recognised),
      other: exactSum(other),
      liability: exactSum(sql`MAX(${closing}, 0)`),
      unbilled: exactSum(sql`MAX(-(${closing}), 0)`),
    })
    .from(perContract)
    .groupBy(sql`${perContract.entityRef}`, sql`${perContract.currency}`)
    .orderBy(asc(perContract.entityRef), asc(perContract.currency))
  return rows.map((row) => ({
    ...row,
    opening: BigInt(row.opening),
    billed: BigInt(row.billed),
    recognised: BigInt(row.recognised),
    other: BigInt(row.other),
    liability: BigInt(row.liability),
    unbilled: BigInt(row.unbilled),
  }))
}

/** One row for each contract, or for those that are accounted for as one; what the books hold in credit counts as positive. */
function contractMovements(db: Db, { from, to, entityRef }: { from: LocalDate; to: LocalDate } & Scope) {
  const opening = db
    .select({
      entityRef: booked.entityRef,
      currency: booked.currency,
      contractRef: booked.contractRef,
      event: sql`'opening'`.as('event'),
      amount: booked.amount,
    })
    .from(reportedUpTo(['contract_position'], { to: addDays(from, -1), entityRef }))
    .where(reported)
  const moved = db
    .select({
      entityRef: journalEntries.entityRef,
      currency: journalEntries.currency,
      contractRef: postings.contractRef,
      event: journalEntries.event,
      amount: postings.amount,
    })
    .from(journalEntries)
    .crossJoin(postings)
    .where(
      and(
        postedWithin('contract_position', { from, to, entityRef }),
        notInArray(journalEntries.event, [...PRESENTATION_EVENTS]),
      ),
    )
  const event = sql`lines.event`
  const credited = (when: SQL) => sql<number>`SUM(IIF(${when}, -lines.amount, 0))`
  return db
    .select({
      entityRef: sql<string>`lines.entity_ref`.as('entity_ref'),
      currency: sql<string>`lines.currency`.as('currency'),
      opening: credited(sql`${event} = 'opening'`).as('opening'),
      billed: credited(sql`${event} = 'invoice_issued'`).as('billed'),
      recognised: sql<number>`-${credited(sql`${event} = 'revenue_recognised'`)}`.as('recognised'),
      other: credited(sql`${event} NOT IN ('opening', 'invoice_issued', 'revenue_recognised')`).as('other'),
    })
    .from(sql`(${opening.getSQL()} UNION ALL ${moved.getSQL()}) AS lines`)
    .leftJoin(revenueContracts, eq(revenueContracts.ref, sql`lines.contract_ref`))
    .groupBy(
      sql`lines.entity_ref`,
      sql`lines.currency`,
      sql`COALESCE(${revenueContracts.groupRef}, lines.contract_ref)`,
    )
    .as('movements')
}

/** What neither an invoice nor recognition has moved, event by event; in credit positive. */
export async function otherMovements(
  db: Db,
  { from, to, entityRef, currency }: { from: LocalDate; to: LocalDate; currency: string } & Scope,
): Promise<{ event: string; amount: Minor }[]> {
  const { event } = journalEntries
  const rows = await db
    .select({ event, amount: creditSum })
    .from(journalEntries)
    .crossJoin(postings)
    .where(
      and(
        postedWithin('contract_position', { from, to, entityRef }),
        eq(journalEntries.currency, currency),
        notInArray(event, [...PRESENTATION_EVENTS, 'invoice_issued', 'revenue_recognised']),
      ),
    )
    .groupBy(event)
  return rows.map((row) => ({ ...row, amount: BigInt(row.amount) }))
}
