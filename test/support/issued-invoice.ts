import { issueEntries } from '../../src/invoicing/cycle/issue-entry.ts'
import { creditorReference } from '../../src/invoicing/documents/creditor-reference.ts'
import { invoices } from '../../src/invoicing/invoicing.schema.ts'
import { NOTHING_CLOSED } from '../../src/ledger/accounting-period.ts'
import { postEntries } from '../../src/ledger/ledger.store.ts'
import { commit, type Db, insertRows } from '../../src/storage/db.store.ts'

type Row = typeof invoices.$inferSelect

/** An invoice that was issued on 1 January 2026, with its journal entry; `number` makes it unlike the others. */
export async function issueInvoice(db: Db, fields: Partial<Row> & { number: string }): Promise<Row> {
  const { number } = fields
  const total = fields.total ?? 10_000n
  const row: Row = {
    id: `inv_${number.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase()}`,
    entityRef: 'acme-eu',
    series: `S-${number}`,
    sequence: 1,
    customerRef: 'globex',
    contractRef: `contract-${number}`,
    cycleNo: 1,
    changeNo: 0,
    productRef: '',
    currency: 'EUR',
    issueDate: '2026-01-01',
    dueDate: '2026-01-31',
    periodStart: '2025-12-01',
    periodEnd: '2026-01-01',
    netTerms: 30,
    subTotal: total,
    totalDiscount: 0n,
    discounts: [],
    totalTax: 0n,
    total,
    creditsAmount: 0n,
    creditsUsed: [],
    taxes: [],
    parties: {
      seller: { name: 'Acme Europe', tax_id: null, email: null, address: {}, bank_accounts: [] },
      buyer: { name: 'Globex', tax_id: null, email: 'ap@globex.test', address: {} },
      po_number: null,
      contract_number: 'C-1',
    },
    earlyPayment: null,
    paymentMethods: ['wire'],
    paymentReference: creditorReference(number),
    contentHash: 'hash',
    issuedAt: Date.UTC(2026, 0, 1),
    origin: null,
    ...fields,
  }
  const line = { netAmount: row.total - row.totalTax, productRef: 'platform' }
  const entries = issueEntries({ ...row, lines: [line] } as unknown as Parameters<typeof issueEntries>[0])
  await commit(db, [...insertRows(db, invoices, [row]), ...postEntries(db, entries, NOTHING_CLOSED)])
  return row
}
