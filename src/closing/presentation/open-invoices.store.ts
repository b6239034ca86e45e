import { and, desc, eq, sql } from 'drizzle-orm'
import { contracts, contractVersions } from '../../contracts/contracts.schema.ts'
import { creditNotes, lineReversals } from '../../invoicing/corrections/credit-notes.schema.ts'
import type { LocalDate } from '../../kernel/calendar.ts'
import type { Minor } from '../../kernel/money.ts'
import { journalEntries, postings } from '../../ledger/ledger.schema.ts'
import { booked } from '../../ledger/month-ends/month-ends.schema.ts'
import { exactSum, reported, reportedUpTo } from '../../reports/ledger-sums.store.ts'
import { revenueScheduleEntries, revenueSchedules } from '../../revenue/revenue.schema.ts'
import { type Db, inList } from '../../storage/db.store.ts'
import type { BilledInvoice, Bound, OpenInvoice, TermOfContract } from './advance.ts'

/** Events that say what an invoice bills; all others settle it. */
const isOfDocument = sql`${journalEntries.event} IN ('invoice_issued', 'credit_note_issued')`

/** The invoices of a legal entity that are not paid at the end of a day; those that were taken over are left out. */
export async function openInvoices(db: Db, entityRef: string, day: LocalDate): Promise<OpenInvoice[]> {
  const { amount, invoiceId, contractRef, currency } = booked
  const rows = await db
    .select({
      id: sql<string>`${invoiceId}`,
      contractRef: sql<string>`COALESCE(MAX(${contractRef}), '')`,
      currency,
      billed: sql<string>`CAST(${billedBy(day)} AS TEXT)`,
      open: exactSum(amount),
    })
    .from(reportedUpTo(['accounts_receivable'], { to: day, entityRef }))
    .where(reported)
    .groupBy(currency, invoiceId)
    .having(sql`SUM(${amount}) > 0 AND ${billedBy(day)} > 0`)
  return rows.map((row) => ({ ...row, billed: BigInt(row.billed), open: BigInt(row.open) }))
}

/** What the documents of an open invoice bill by the end of a day: its own entry, and those of its credit notes. */
const billedBy = (day: LocalDate) => sql`(
  SELECT COALESCE(SUM(posting.amount), 0) FROM (
    SELECT 'invoice_issued' AS event, booked.invoice_id AS id
    UNION ALL SELECT 'credit_note_issued', id FROM ${creditNotes} WHERE invoice_id = booked.invoice_id) AS document
  CROSS JOIN ${journalEntries} AS entry CROSS JOIN ${postings} AS posting
  WHERE entry.book = 'primary' AND entry.event = document.event AND entry.source_id = document.id
    AND entry.posting_date <= ${day} AND posting.entry_id = entry.id
    AND posting.account = 'accounts_receivable' AND posting.invoice_id = booked.invoice_id)`

/** How contracts could be left as of a day: by their latest terms that have begun, or those that were signed. */
export async function termsOn(
  db: Db,
  refs: readonly string[],
  day: LocalDate,
): Promise<Map<string, TermOfContract>> {
  const { contractRef, version, terms } = contractVersions
  const begun = sql`(SELECT MAX(begun.version) FROM ${contractVersions} AS begun
    WHERE begun.contract_ref = ${contracts.ref} AND begun.effective_date <= ${day})`
  const rows = await db
    .select({
      contractRef,
      end_date: sql<string | null>`json_extract(${terms}, '$.end_date')`,
      termination_notice_days: sql<number | null>`json_extract(${terms}, '$.termination_notice_days')`,
    })
    .from(contracts)
    .innerJoin(
      contractVersions,
      and(
        eq(contractRef, contracts.ref),
        eq(version, sql`COALESCE(${begun}, ${contracts.signedVersion}, 1)`),
      ),
    )
    .where(inList(contracts.ref, refs))
  return new Map(rows.map(({ contractRef: ref, ...term }) => [ref, term]))
}

/** An invoice, and what of its service is owed whatever the customer does. */
export type BoundInvoice = { id: string } & Bound

/**
 * What invoices bill for days that nobody is bound to, as their revenue schedules have it: without tax, and less what
 * credit notes had taken back at the end of a day.
 */
export async function billedBeyond(
  db: Db,
  invoices: readonly BoundInvoice[],
  day: LocalDate,
): Promise<Map<string, Minor>> {
  const { postingDate, amount, lineId } = revenueScheduleEntries
  const { invoiceId } = revenueSchedules
  const rows = await db
    .select({ id: sql<string>`${invoiceId}`, beyond: exactSum(amount) })
    .from(sql`json_each(${JSON.stringify(invoices)}) AS asked`)
    .innerJoin(revenueSchedules, eq(invoiceId, sql`json_extract(asked.value, '$.id')`))
    .innerJoin(revenueScheduleEntries, eq(lineId, revenueSchedules.lineId))
    .leftJoin(lineReversals, eq(lineReversals.id, lineId))
    .leftJoin(creditNotes, eq(creditNotes.id, lineReversals.sourceId))
    .where(
      and(
        eq(revenueSchedules.book, 'primary'),
        sql`${postingDate} > json_extract(asked.value, '$.through')`,
        sql`(NOT json_extract(asked.value, '$.orBegun') OR ${revenueSchedules.serviceStart} > ${day})`,
        sql`(${lineReversals.id} IS NULL OR ${creditNotes.issueDate} <= ${day})`,
      ),
    )
    .groupBy(invoiceId)
  return new Map(rows.map(({ id, beyond }) => [id, BigInt(beyond)]))
}

/** What invoices of contracts bill without tax, less what credit notes had taken back at the end of a day; the latest first. */
export async function netBilled(
  db: Db,
  contractRefs: readonly string[],
  day: LocalDate,
): Promise<BilledInvoice[]> {
  if (contractRefs.length === 0) return []
  const rows = await db
    .select({
      id: sql<string>`${postings.invoiceId}`,
      contractRef: sql<string>`${postings.contractRef}`,
      currency: journalEntries.currency,
      net: exactSum(sql`-${postings.amount}`),
    })
    .from(postings)
    .innerJoin(journalEntries, eq(journalEntries.id, postings.entryId))
    .where(
      and(
        inList(postings.contractRef, contractRefs),
        // The plus keeps their index from reading the whole account.
        sql`+${postings.account} = 'contract_position'`,
        eq(journalEntries.book, 'primary'),
        sql`${journalEntries.postingDate} <= ${day} AND ${isOfDocument}`,
      ),
    )
    .groupBy(journalEntries.currency, postings.contractRef, postings.invoiceId)
    .orderBy(desc(sql`MIN(${journalEntries.postingDate})`), desc(sql`MIN(journal_entries.rowid)`))
  return rows.map((row) => ({ ...row, net: BigInt(row.net) }))
}
