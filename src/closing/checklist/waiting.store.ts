import { type SQL, sql } from 'drizzle-orm'
import { products } from '../../catalog/catalog.schema.ts'
import { contracts } from '../../contracts/contracts.schema.ts'
import { customers } from '../../customers/customers.schema.ts'
import { deadLetters, outbox } from '../../delivery/delivery.schema.ts'
import { creditNotes, lineReversals } from '../../invoicing/corrections/credit-notes.schema.ts'
import { cycleCloses, invoiceLines, invoices } from '../../invoicing/invoicing.schema.ts'
import { type Instant, type LocalDate, monthOf } from '../../kernel/calendar.ts'
import { accountingPeriods, journalEntries } from '../../ledger/ledger.schema.ts'
import { bookedUpTo } from '../../ledger/month-ends/booked.store.ts'
import { payments } from '../../payments/payments.schema.ts'
import { revenueScheduleEntries, revenueSchedules, unscheduledLines } from '../../revenue/revenue.schema.ts'
import type { Db } from '../../storage/db.store.ts'
import type { CloseFacts, Waiting } from './checklist.ts'

/** A month of one entity: its last day, and the instant at which it is over there or now, whichever comes first. */
export type CloseOf = { entityRef: string; lastDay: LocalDate; until: Instant }

type Counting = Exclude<
  keyof CloseFacts['waiting'],
  'accruals_not_made' | 'positions_not_presented' | 'fx_not_measured' | 'fx_not_remeasured'
>
/** What is counted here; the steps of a close say the rest. */
export type CountedHere = Record<Counting, Waiting>

/** True of days up to the last of a month, after the last month before it that is locked (a day 32 is after all of one). */
const unlocked = (entityRef: string, lastDay: LocalDate): SQL => sql`BETWEEN (
  SELECT COALESCE(MAX(month), '') || '-32' FROM ${accountingPeriods}
  WHERE entity_ref = ${entityRef} AND status = 'locked' AND month < ${monthOf(lastDay)}) AND ${lastDay}`

/** How each check counts: rows of a currency (null where there is none), a count and an amount. */
const QUERIES: Record<Counting, (close: CloseOf) => SQL> = {
  cycles_to_bill: ({ entityRef, until }) => sql`
    SELECT NULL AS currency, COUNT(*) AS count, 0 AS amount FROM ${contracts}
    WHERE entity_ref = ${entityRef} AND next_close_at < ${until} AND status <> 'draft'`,

  usage_without_contract: () => sql`
    SELECT NULL AS currency, 0 AS amount,
      (SELECT COUNT(*) FROM ${customers} WHERE origin = 'usage')
        + (SELECT COUNT(*) FROM ${products} WHERE origin = 'usage') AS count`,

  corrections_held_back: ({ entityRef }) => sql`
    SELECT NULL AS currency, 0 AS amount,
      SUM(json_array_length(held_back) + json_array_length(held_changes)) AS count
    FROM ${cycleCloses} JOIN ${contracts} ON contracts.ref = contract_ref AND next_cycle - 1 = cycle_no
    WHERE entity_ref = ${entityRef}`,

  // Documents and their entries are written in one batch: only a fault leaves one without the other. What belongs to a
  // locked month was looked at when it was locked.
  events_not_posted: ({ entityRef, lastDay }) => sql`
    SELECT currency, COUNT(*) AS count, SUM(amount) AS amount FROM (
      SELECT currency, total AS amount, 'invoice_issued' AS event, id FROM ${invoices}
        WHERE entity_ref = ${entityRef} AND issue_date ${unlocked(entityRef, lastDay)} AND origin IS NULL
          AND (total <> 0 OR EXISTS (SELECT 1 FROM ${invoiceLines} WHERE invoice_id = invoices.id AND net_amount <> 0))
      UNION ALL
      SELECT currency, total, 'credit_note_issued', id FROM ${creditNotes}
        WHERE entity_ref = ${entityRef} AND issue_date ${unlocked(entityRef, lastDay)} AND total <> 0
      UNION ALL
      SELECT currency, amount, 'payment_received', id FROM ${payments}
        WHERE entity_ref = ${entityRef} AND received_on ${unlocked(entityRef, lastDay)} AND amount <> 0
    ) AS events
    WHERE NOT EXISTS (SELECT 1 FROM ${journalEntries}
      WHERE book = 'primary' AND event = events.event AND source_id = events.id)
    GROUP BY currency`,

  lines_without_schedule: ({ entityRef, lastDay }) => sql`
    SELECT currency, COUNT(*) AS count, SUM(COALESCE(lines.net_amount, -reversals.amount)) AS amount
    FROM ${unscheduledLines} AS waiting
      LEFT JOIN ${invoiceLines} AS lines ON lines.id = waiting.line_id
      LEFT JOIN ${lineReversals} AS reversals ON reversals.id = waiting.line_id
      JOIN ${invoices} ON invoices.id = COALESCE(lines.invoice_id, reversals.invoice_id)
    WHERE entity_ref = ${entityRef} AND issue_date <= ${lastDay}
    GROUP BY currency`,

  revenue_not_posted: ({ entityRef, lastDay }) => sql`
    SELECT currency, COUNT(*) AS count, SUM(portions.amount) AS amount
    FROM ${revenueScheduleEntries} AS portions JOIN ${revenueSchedules} AS schedules USING (line_id)
    WHERE posted_at IS NULL AND posting_date <= ${lastDay} AND entity_ref = ${entityRef} AND book = 'primary'
    GROUP BY currency`,

  unapplied_cash: ({ entityRef, lastDay }) => sql`
    SELECT currency, COUNT(*) AS count, SUM(open) AS amount FROM (
      SELECT currency, -SUM(amount) AS open
      FROM ${bookedUpTo({ to: lastDay, entityRefs: [entityRef], accounts: ['unapplied_cash'] })}
      WHERE book = 'primary'
      GROUP BY currency, payment_id HAVING SUM(amount) <> 0)
    GROUP BY currency`,

  effects_failed: () => sql`
    SELECT NULL AS currency, 0 AS amount,
      (SELECT COUNT(*) FROM ${outbox} WHERE state = 'parked') + (SELECT COUNT(*) FROM ${deadLetters}) AS count`,
}

type Counted = { currency: string | null; count: number; amount: string }

/** What still waits of the month. */
export async function readWaiting(db: Db, close: CloseOf): Promise<CountedHere> {
  const checks = Object.entries(QUERIES) as [Counting, (close: CloseOf) => SQL][]
  const found = await Promise.all(
    checks.map(async ([code, query]) => [code, await countedBy(db, query(close))] as const),
  )
  return Object.fromEntries(found) as CountedHere
}

async function countedBy(db: Db, query: SQL): Promise<Waiting> {
  // As text: a JavaScript number would lose digits of a sum beyond 2^53.
  const rows = await db.all<Counted>(
    sql`SELECT currency, COALESCE(count, 0) AS count, CAST(COALESCE(amount, 0) AS TEXT) AS amount FROM (${query})`,
  )
  return {
    count: rows.reduce((total, { count }) => total + count, 0),
    amounts: new Map(
      rows.flatMap(({ currency, amount }) => (currency === null ? [] : [[currency, BigInt(amount)]])),
    ),
  }
}
