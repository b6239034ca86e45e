import { asc, type SQL, sql } from 'drizzle-orm'
import type { LocalDate } from '../kernel/calendar.ts'
import { journalEntries, postings } from '../ledger/ledger.schema.ts'
import type { Db } from '../storage/db.store.ts'
import { exactSum, postedTo, type Scope } from './ledger-sums.store.ts'
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
    .groupBy(perContract.entityRef, perContract.currency)
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

/** One row for each contract; what the books hold in credit counts as positive. */
function contractMovements(db: Db, { from, to, entityRef }: { from: LocalDate; to: LocalDate } & Scope) {
  const { postingDate, event, currency } = journalEntries
  const credited = (when: SQL) => sql<number>`SUM(IIF(${when}, -${postings.amount}, 0))`
  const within = sql`${postingDate} >= ${from}`
  return db
    .select({
      entityRef: journalEntries.entityRef,
      currency,
      opening: credited(sql`${postingDate} < ${from}`).as('opening'),
      billed: credited(sql`${within} AND ${event} = 'invoice_issued'`).as('billed'),
      recognised: sql<number>`-${credited(sql`${within} AND ${event} = 'revenue_recognised'`)}`.as(
        'recognised',
      ),
      other: credited(sql`${within} AND ${event} NOT IN ('invoice_issued', 'revenue_recognised')`).as(
        'other',
      ),
    })
    .from(postings)
    .crossJoin(journalEntries)
    .where(postedTo('contract_position', { to, entityRef }))
    .groupBy(journalEntries.entityRef, currency, postings.contractRef)
    .as('movements')
}
