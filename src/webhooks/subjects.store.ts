import { sql } from 'drizzle-orm'
import { contractState } from '../contracts/contract-state.ts'
import { contracts } from '../contracts/contracts.schema.ts'
import { contractColumns } from '../contracts/contracts.store.ts'
import { creditGrants } from '../credits/credits.schema.ts'
import { creditNotes } from '../invoicing/corrections/credit-notes.schema.ts'
import { invoiceState } from '../invoicing/invoice.ts'
import { invoices } from '../invoicing/invoicing.schema.ts'
import { readSettlement, settledByKind } from '../invoicing/settlement.store.ts'
import { settledAmount } from '../invoicing/settlement.ts'
import { toIso } from '../kernel/calendar.ts'
import { formatMoney } from '../kernel/money.ts'
import { accountingPeriods } from '../ledger/ledger.schema.ts'
import { type Db, inList } from '../storage/db.store.ts'
import type { SubjectKind } from './event-type.ts'
import { readAllocations, readDisputes, readPayments, readRefunds } from './money-subjects.store.ts'
import { money, type Read, type Subject } from './subject.store.ts'

/** The things that events happened to, as they are now; one that is not there is left out. */
export async function readSubjects(
  db: Db,
  kind: SubjectKind,
  ids: readonly string[],
): Promise<Map<string, Subject>> {
  if (ids.length === 0) return new Map()
  const rows = await READ[kind](db, ids)
  return new Map(rows.map((row) => [row.id, row]))
}

const readInvoices: Read = async (db, ids) => {
  const rows = await db
    .select({ invoice: invoices, settled: settledByKind })
    .from(invoices)
    .where(inList(invoices.id, ids))
  return rows.map(({ invoice, settled }) => {
    const { id, entityRef, currency, total } = invoice
    const settlement = readSettlement(settled)
    return {
      ...{ id, entityRef },
      data: {
        path: `/api/invoices/${id}`,
        invoice_ref: id,
        document_number: invoice.number,
        customer_ref: invoice.customerRef,
        contract_ref: invoice.contractRef,
        state: invoiceState(total, settlement),
        currency,
        total: formatMoney(total, currency),
        amount_due: formatMoney(total - settledAmount(settlement), currency),
        due_date: invoice.dueDate,
      },
    }
  })
}

const readCreditNotes: Read = async (db, ids) => {
  const rows = await db.select().from(creditNotes).where(inList(creditNotes.id, ids))
  return rows.map((note) => ({
    id: note.id,
    entityRef: note.entityRef,
    data: {
      path: `/api/credit-notes/${note.id}`,
      credit_note_ref: note.id,
      document_number: note.number,
      invoice_ref: note.invoiceId,
      customer_ref: note.customerRef,
      contract_ref: note.contractRef,
      currency: note.currency,
      total: formatMoney(note.total, note.currency),
    },
  }))
}

const readContracts: Read = async (db, ids) => {
  const rows = await db.select(contractColumns).from(contracts).where(inList(contracts.ref, ids))
  return rows.map((contract) => ({
    id: contract.ref,
    entityRef: contract.entityRef,
    data: {
      path: `/api/contracts/${encodeURIComponent(contract.ref)}`,
      contract_ref: contract.ref,
      contract_number: contract.number,
      customer_ref: contract.customerRef,
      state: contractState(contract),
      version: contract.version,
      start_date: contract.terms.start_date,
      end_date: contract.terms.end_date,
    },
  }))
}

const readCredits: Read = async (db, ids) => {
  const rows = await db.select().from(creditGrants).where(inList(creditGrants.ref, ids))
  return rows.map((grant) => ({
    id: grant.ref,
    entityRef: grant.entityRef,
    data: {
      path: `/api/credits/${encodeURIComponent(grant.ref)}`,
      credit_ref: grant.ref,
      customer_ref: grant.customerRef,
      kind: grant.kind,
      source: grant.source,
      ...money(grant.amount, grant.currency),
      expires_at: grant.expiresAt === null ? null : toIso(grant.expiresAt),
    },
  }))
}

/** A month of a seller's books has no id of its own: `2026-01 acme-inc`. */
const readPeriods: Read = async (db, ids) => {
  const id = sql<string>`${accountingPeriods.month} || ' ' || ${accountingPeriods.entityRef}`
  const rows = await db
    .select({ id, period: accountingPeriods })
    .from(accountingPeriods)
    .where(sql`${id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
  return rows.map(({ id: key, period: { entityRef, month, status, reason } }) => ({
    id: key,
    entityRef,
    data: { path: '/api/accounting-periods', entity_ref: entityRef, month, status, reason },
  }))
}

const READ: Record<SubjectKind, Read> = {
  invoice: readInvoices,
  credit_note: readCreditNotes,
  payment: readPayments,
  allocation: readAllocations,
  refund: readRefunds,
  dispute: readDisputes,
  contract: readContracts,
  credit: readCredits,
  period: readPeriods,
}
