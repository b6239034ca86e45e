import { type SQL, sql } from 'drizzle-orm'
import { lineReversals } from '../../invoicing/credit-notes.schema.ts'
import { invoiceLines, invoices } from '../../invoicing/invoicing.schema.ts'
import { openAmount } from '../../invoicing/settlement.store.ts'
import type { AccountRole } from '../../ledger/account.ts'
import { journalEntries, postings } from '../../ledger/ledger.schema.ts'
import { revenueScheduleEntries, revenueSchedules } from '../../revenue/revenue.schema.ts'
import type { Db } from '../../storage/db.store.ts'
import type { Amounts, CloseFacts } from './checklist.ts'

/**
 * The sums that have to agree, over all that was ever posted: a document and its entries stand in one batch, but under
 * dates that may lie in different months.
 */
export async function readTies(db: Db, entityRef: string): Promise<CloseFacts['ties']> {
  const sums = (query: SQL) => sumsOf(db, query)
  const [open, receivables, positions, position, unearned, debits, credits] = await Promise.all([
    sums(sql`SELECT currency, ${openAmount} AS amount FROM ${invoices} WHERE entity_ref = ${entityRef}`),
    sums(onAccount('accounts_receivable', entityRef)),
    sums(sql`${onAccount('contract_position', entityRef)} AND COALESCE(contract_ref, '') <> ''`),
    sums(onAccount('contract_position', entityRef)),
    sums(billedNotEarned(entityRef)),
    sums(sql`${posted(entityRef)} AND amount > 0`),
    sums(sql`${posted(entityRef)} AND amount < 0`),
  ])
  return {
    receivables: { detail: open, control: receivables },
    positions: { detail: positions, control: position },
    billed: { detail: unearned, control: negated(position) },
    trial_balance: { detail: debits, control: negated(credits) },
  }
}

const posted = (entityRef: string): SQL => sql`
  SELECT currency, amount FROM ${postings} JOIN ${journalEntries} ON journal_entries.id = entry_id
  WHERE book = 'primary' AND entity_ref = ${entityRef}`

const onAccount = (account: AccountRole, entityRef: string): SQL =>
  sql`${posted(entityRef)} AND account = ${account}`

/** What documents bill, less what they took back, less what schedules have made revenue of: what is not earned yet. */
const billedNotEarned = (entityRef: string): SQL => sql`
  SELECT currency, net_amount AS amount
  FROM ${invoiceLines} JOIN ${invoices} ON invoices.id = invoice_id
  WHERE entity_ref = ${entityRef} AND origin IS NULL
  UNION ALL
  SELECT currency, -reversals.amount
  FROM ${lineReversals} AS reversals JOIN ${invoices} ON invoices.id = invoice_id
  WHERE entity_ref = ${entityRef} AND origin IS NULL
  UNION ALL
  SELECT currency, -portions.amount
  FROM ${revenueScheduleEntries} AS portions JOIN ${revenueSchedules} USING (line_id)
  WHERE entity_ref = ${entityRef} AND book = 'primary' AND posted_at IS NOT NULL`

const negated = (amounts: Amounts): Amounts =>
  new Map([...amounts].map(([currency, amount]) => [currency, -amount]))

/** As text: a JavaScript number would lose digits of a sum beyond 2^53. */
async function sumsOf(db: Db, query: SQL): Promise<Amounts> {
  const rows = await db.all<{ currency: string; amount: string }>(
    sql`SELECT currency, CAST(SUM(amount) AS TEXT) AS amount FROM (${query}) GROUP BY currency`,
  )
  return new Map(rows.map(({ currency, amount }) => [currency, BigInt(amount)]))
}
