import { type SQL, sql } from 'drizzle-orm'
import { allocations } from '../invoicing/allocations.schema.ts'
import { creditNotes } from '../invoicing/corrections/credit-notes.schema.ts'
import { WRITE_OFF_WITH_RELIEF } from '../invoicing/corrections/write-off.ts'
import type { TaxLine } from '../invoicing/invoice.ts'
import { invoices } from '../invoicing/invoicing.schema.ts'
import { journalEntries, postings } from '../ledger/ledger.schema.ts'
import type { Db } from '../storage/db.store.ts'
import type { Scope } from './ledger-sums.store.ts'
import type { Span } from './span.ts'
import type { AdjustedTax, DocumentedTax } from './tax-report.ts'

/** The events whose taxes the document itself tells, one by one. (A plus keeps their index from reading those of all days.) */
const DOCUMENTED = sql`('invoice_issued', 'invoice_voided', 'credit_note_issued')`

/** A document that bears a tax: an invoice, or a credit note with the invoice that it takes from. */
export type TaxedDocument = { number: string; invoiceId: string }

/** The taxes of invoices, voids and credit notes, under the day of their entry. */
export const documentedTaxes = (db: Db, asked: Span & Scope): Promise<DocumentedTax[]> =>
  readDocumented<DocumentedTax>(db, asked, sql``, sql`1, 2, 3, 4, 5`)

/** The same document by document; one that was issued and voided in the span is nothing in it. */
export const taxedDocuments = (db: Db, asked: Span & Scope): Promise<(DocumentedTax & TaxedDocument)[]> =>
  readDocumented(db, asked, sql`number, invoiceId,`, sql`1, 2, 3, 4, 5, number`)

async function readDocumented<Read extends DocumentedTax>(
  db: Db,
  asked: Span & Scope,
  columns: SQL,
  groups: SQL,
): Promise<Read[]> {
  const rows = await db.all<Record<'taxable' | 'tax', string> & Omit<Read, 'taxable' | 'tax'>>(sql`
    SELECT entityRef, currency, value ->> 'name' AS name, value ->> 'percent' AS percent,
      value ->> 'reason' AS reason, ${columns}
      CAST(SUM(sign * ${minorOf('taxable')}) AS TEXT) AS taxable,
      CAST(SUM(sign * ${minorOf('tax')}) AS TEXT) AS tax
    FROM (${issued(asked)} UNION ALL ${credited(asked)}) AS documents, json_each(documents.taxes)
    GROUP BY ${groups}`)
  return rows.map(
    (row) => ({ ...row, taxable: BigInt(row.taxable), tax: BigInt(row.tax) }) as unknown as Read,
  )
}

/** Amounts stand in documents with all the digits of their currency: without the point they are minor units. */
const minorOf = (field: 'taxable' | 'tax'): SQL =>
  sql`CAST(REPLACE(value ->> ${sql.raw(`'${field}'`)}, '.', '') AS INTEGER)`

const issued = (asked: Span & Scope): SQL => sql`
  SELECT entry.entity_ref AS entityRef, document.currency, document.taxes,
    document.number, document.id AS invoiceId, IIF(entry.event = 'invoice_voided', -1, 1) AS sign
  FROM ${journalEntries} AS entry CROSS JOIN ${invoices} AS document
  WHERE document.id = entry.source_id AND +entry.event IN ('invoice_issued', 'invoice_voided')
    AND document.origin IS NULL AND ${within(asked)}`

const credited = (asked: Span & Scope): SQL => sql`
  SELECT entry.entity_ref, document.currency, document.taxes, document.number, document.invoice_id, -1
  FROM ${journalEntries} AS entry CROSS JOIN ${creditNotes} AS document
  WHERE document.id = entry.source_id AND +entry.event = 'credit_note_issued' AND ${within(asked)}`

/** Entries of a write-off, of its recovery, and of one that a bank took back; a discount has the taxes of the invoice. */
const isOfLoss = sql`(entry.event IN ('invoice_written_off', 'payment_allocated')
  OR (entry.event = 'allocation_undone' AND NOT EXISTS (
    SELECT 1 FROM ${postings} AS other WHERE other.entry_id = entry.id AND other.account = 'revenue_discount')))`

/** What other entries moved on tax payable, with the taxes of the invoice, or those that its write-off got back. */
export async function adjustedTaxes(db: Db, asked: Span & Scope): Promise<(AdjustedTax & TaxedDocument)[]> {
  const rows = await db.all<
    Record<'entityRef' | 'currency' | 'number' | 'invoiceId' | 'tax' | 'taxes', string>
  >(sql`
    SELECT entry.entity_ref AS entityRef, entry.currency, document.number, document.id AS invoiceId,
      IIF(${isOfLoss}, loss.taxes, document.taxes) AS taxes,
      CAST(-SUM(posting.amount) AS TEXT) AS tax
    FROM ${journalEntries} AS entry
      CROSS JOIN ${postings} AS posting
      JOIN ${invoices} AS document ON document.id = posting.invoice_id
      LEFT JOIN ${allocations} AS loss ON loss.invoice_id = document.id AND loss.rule = ${WRITE_OFF_WITH_RELIEF}
    WHERE posting.entry_id = entry.id AND posting.account = 'tax_payable'
      AND entry.event NOT IN ${DOCUMENTED} AND ${within(asked)}
    GROUP BY +entry.entity_ref, document.id, 3`)
  return rows.map((row) => ({
    ...row,
    tax: BigInt(row.tax),
    taxes: JSON.parse(row.taxes) as TaxLine[],
  }))
}

const within = ({ from, to, entityRef }: Span & Scope): SQL => sql`entry.book = 'primary'
  AND entry.posting_date >= ${from} AND entry.posting_date <= ${to}
  ${entityRef === undefined ? sql`` : sql`AND entry.entity_ref = ${entityRef}`}`
