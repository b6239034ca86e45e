import type { LocalDate } from '../kernel/calendar.ts'
import { formatMoney, type Minor } from '../kernel/money.ts'
import { conflict } from '../kernel/problem.ts'
import type { ChartAccount } from './chart-of-accounts.ts'
import type { DimensionedPosting } from './dimension.ts'

/** The accounting systems whose import form a journal can be written in, and a form with all that is known. */
export const EXPORT_FORMATS = ['generic', 'quickbooks', 'xero', 'netsuite'] as const

export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** An entry and its place in the order in which entries were posted. */
export type NumberedEntry = {
  number: number
  id: string
  entityRef: string
  postingDate: LocalDate
  belongsTo: LocalDate | null
  event: string
  sourceId: string
  currency: string
  description: string
  reverses: string | null
  postings: readonly ExportedPosting[]
}

type ExportedPosting = DimensionedPosting & { amount: Minor }

type ExportLine = {
  entry: NumberedEntry
  posting: ExportedPosting
  account: ChartAccount
  customerName: string | null
  /** What Xero calls the rate of lines without tax. */
  taxRate: string
}

/** Which column says what; the order of the keys is the order of the columns. */
type ExportForm = Record<string, (line: ExportLine) => string | null>

const debitOf = ({ entry, posting }: ExportLine): string =>
  posting.amount > 0n ? formatMoney(posting.amount, entry.currency) : ''

const creditOf = ({ entry, posting }: ExportLine): string =>
  posting.amount < 0n ? formatMoney(-posting.amount, entry.currency) : ''

const memoOf = ({ entry: { description, belongsTo } }: ExportLine): string =>
  belongsTo === null ? description : `${description} (belongs to ${belongsTo})`

const monthFirst = (date: LocalDate): string => date.replace(/^(\d+)-(\d+)-(\d+)$/, '$2/$3/$1')
const dayFirst = (date: LocalDate): string => date.replace(/^(\d+)-(\d+)-(\d+)$/, '$3/$2/$1')

function accountCode({ entry, posting, account }: ExportLine): string {
  if (account.number !== null) return account.number
  throw conflict(
    'account_number_missing',
    `The account "${posting.account}" of "${entry.entityRef}" has no number, and this format names accounts by it. Give it one with POST /api/ledger/accounts.`,
  )
}

/**
 * The most lines that a file may have: 300 of a template of manual journals (help.xero.com, "Enter multiple manual
 * journals using an import template"), 1,000 rows of an import into QuickBooks Online. NetSuite takes 25,000.
 */
const LINES_MAX: Record<ExportFormat, number> = {
  generic: 25_000,
  quickbooks: 1_000,
  xero: 300,
  netsuite: 25_000,
}

/**
 * As many of the first entries as one file of the format may hold. The first one always goes in: an entry is not split,
 * since each file has to balance.
 *
 * @example fileOf('xero', entries) // 100 invoices of three lines each, and not the 101st
 */
export function fileOf(format: ExportFormat, entries: readonly NumberedEntry[]): readonly NumberedEntry[] {
  let lines = 0
  const over = entries.findIndex(({ postings }, place) => {
    lines += postings.length
    return place > 0 && lines > LINES_MAX[format]
  })
  return over === -1 ? entries : entries.slice(0, over)
}

/**
 * Columns as the importers name them; dates as they read them where nothing else is set up. Customers stand there by
 * name: QuickBooks wants one on each line of accounts receivable, and knows it by that (quickbooks.intuit.com, "Import
 * journal entries").
 */
export const EXPORT_FORMS: Record<ExportFormat, ExportForm> = {
  generic: {
    entry_no: ({ entry }) => String(entry.number),
    entry_id: ({ entry }) => entry.id,
    posting_date: ({ entry }) => entry.postingDate,
    belongs_to: ({ entry }) => entry.belongsTo,
    reverses: ({ entry }) => entry.reverses,
    entity_ref: ({ entry }) => entry.entityRef,
    event: ({ entry }) => entry.event,
    source_id: ({ entry }) => entry.sourceId,
    description: ({ entry }) => entry.description,
    currency: ({ entry }) => entry.currency,
    account: ({ posting }) => posting.account,
    account_number: ({ account }) => account.number,
    account_name: ({ account }) => account.name,
    debit: debitOf,
    credit: creditOf,
    customer_ref: ({ posting }) => posting.customerRef,
    contract_ref: ({ posting }) => posting.contractRef,
    invoice_ref: ({ posting }) => posting.invoiceId,
    product_ref: ({ posting }) => posting.productRef,
  },
  quickbooks: {
    JournalNo: ({ entry }) => String(entry.number),
    JournalDate: ({ entry }) => monthFirst(entry.postingDate),
    AccountName: ({ account }) => account.name,
    Debits: debitOf,
    Credits: creditOf,
    Description: memoOf,
    Name: ({ customerName }) => customerName,
    Currency: ({ entry }) => entry.currency,
  },
  xero: {
    // Rows with the same narration and date become one journal there: the number keeps entries apart.
    '*Narration': (line) => `${line.entry.number} ${memoOf(line)}`,
    '*Date': ({ entry }) => dayFirst(entry.postingDate),
    Description: memoOf,
    '*AccountCode': accountCode,
    '*TaxRate': ({ taxRate }) => taxRate,
    '*Amount': ({ entry, posting }) => formatMoney(posting.amount, entry.currency),
  },
  netsuite: {
    'External ID': ({ entry }) => entry.id,
    Date: ({ entry }) => monthFirst(entry.postingDate),
    Subsidiary: ({ entry }) => entry.entityRef,
    Currency: ({ entry }) => entry.currency,
    Memo: memoOf,
    Account: ({ account }) => (account.number === null ? account.name : `${account.number} ${account.name}`),
    Debit: debitOf,
    Credit: creditOf,
    'Line Memo': memoOf,
    Name: ({ customerName }) => customerName,
  },
}
