import { type SQL, sql } from 'drizzle-orm'
import { creditGrants, creditMovements } from '../../credits/credits.schema.ts'
import { lineReversals } from '../../invoicing/corrections/credit-notes.schema.ts'
import { creditParts } from '../../invoicing/credit-parts.schema.ts'
import { invoiceLines, invoices } from '../../invoicing/invoicing.schema.ts'
import { isOpen, openAmount } from '../../invoicing/settlement.store.ts'
import { bookedUpTo, LAST_DAY } from '../../ledger/month-ends/booked.store.ts'
import { revenueScheduleEntries, revenueSchedules } from '../../revenue/revenue.schema.ts'
import type { Db } from '../../storage/db.store.ts'
import type { Amounts, CloseFacts } from './checklist.ts'
import { balanceAtStripe } from './stripe-clearing.store.ts'

/**
 * The sums that have to agree, over all that was ever posted: a document and its entries stand in one batch, but under
 * dates that may lie in different months.
 */
export async function readTies(db: Db, entityRef: string): Promise<CloseFacts['ties']> {
  const [open, notEarned, owed, atStripe, books] = await Promise.all([
    sumsOf(
      db,
      sql`SELECT currency, ${openAmount} AS amount FROM ${invoices} WHERE +entity_ref = ${entityRef} AND ${isOpen}`,
    ),
    sumsOf(db, billedNotEarned(entityRef)),
    sumsOf(db, creditOwed(entityRef)),
    sumsOf(db, balanceAtStripe(entityRef)),
    booksOf(db, entityRef),
  ])
  const of = (sum: keyof Omit<Books, 'currency'>, sign = 1n): Amounts =>
    new Map(books.map((row) => [row.currency, sign * BigInt(row[sum])]))
  return {
    receivables: { detail: open, control: of('receivables') },
    positions: { detail: of('contracts'), control: of('positions') },
    billed: { detail: notEarned, control: of('positions', -1n) },
    customer_credit: { detail: owed, control: of('credit', -1n) },
    stripe_clearing: { detail: atStripe, control: of('stripe') },
    trial_balance: { detail: of('debits'), control: of('credits', -1n) },
  }
}

/** What the accounts hold, debit positive; as text, since a JavaScript number would lose digits beyond 2^53. */
type Books = Record<
  'currency' | 'receivables' | 'positions' | 'contracts' | 'credit' | 'stripe' | 'debits' | 'credits',
  string
>

/** All of it in one reading of the entity's books, from the last month end that was counted on: as debits less credits. */
function booksOf(db: Db, entityRef: string): Promise<Books[]> {
  const sumWhere = (condition: SQL): SQL => sql`CAST(SUM(IIF(${condition}, amount, 0)) AS TEXT)`
  return db.all<Books>(sql`
    SELECT currency,
      ${sumWhere(sql`account = 'accounts_receivable'`)} AS receivables,
      ${sumWhere(sql`account = 'contract_position'`)} AS positions,
      ${sumWhere(sql`account = 'contract_position' AND COALESCE(contract_ref, '') <> ''`)} AS contracts,
      ${sumWhere(sql`account = 'customer_credit'`)} AS credit,
      ${sumWhere(sql`account = 'stripe_clearing'`)} AS stripe,
      ${sumWhere(sql`amount > 0`)} AS debits,
      ${sumWhere(sql`amount < 0`)} AS credits
    FROM ${bookedUpTo({ to: LAST_DAY, entityRefs: [entityRef] })}
    WHERE book = 'primary'
    GROUP BY currency`)
}

/**
 * What documents bill, as credit prices it, less what they took back, less what schedules have made revenue of: what is
 * not earned yet. Credit that they sell is no position.
 */
const billedNotEarned = (entityRef: string): SQL => sql`
  SELECT currency, net_amount AS amount
  FROM ${invoiceLines} JOIN ${invoices} ON invoices.id = invoice_id
  WHERE entity_ref = ${entityRef} AND origin IS NULL AND sells_credit IS NULL
  UNION ALL
  SELECT currency, -reversals.amount
  FROM ${lineReversals} AS reversals JOIN ${invoices} ON invoices.id = reversals.invoice_id
    JOIN ${invoiceLines} AS lines ON lines.id = line_id
  WHERE entity_ref = ${entityRef} AND origin IS NULL AND sells_credit IS NULL
  UNION ALL
  SELECT currency, amount FROM ${creditParts} JOIN ${invoices} ON invoices.id = invoice_id
  WHERE entity_ref = ${entityRef}
  UNION ALL
  SELECT currency, -portions.amount
  FROM ${revenueScheduleEntries} AS portions JOIN ${revenueSchedules} USING (line_id)
  WHERE entity_ref = ${entityRef} AND book = 'primary' AND posted_at IS NOT NULL`

/** What customers paid for credit, less what its use, its end and its return have released. */
const creditOwed = (entityRef: string): SQL => sql`
  SELECT currency, cost_basis AS amount FROM ${creditGrants} WHERE entity_ref = ${entityRef}
  UNION ALL
  SELECT currency, -released
  FROM ${creditMovements} JOIN ${creditGrants} ON credit_grants.ref = grant_ref
  WHERE entity_ref = ${entityRef}`

/** As text: a JavaScript number would lose digits of a sum beyond 2^53. */
async function sumsOf(db: Db, query: SQL): Promise<Amounts> {
  const rows = await db.all<{ currency: string; amount: string }>(
    sql`SELECT currency, CAST(SUM(amount) AS TEXT) AS amount FROM (${query}) GROUP BY currency`,
  )
  return new Map(rows.map(({ currency, amount }) => [currency, BigInt(amount)]))
}
